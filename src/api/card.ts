/**
 * Reads the card that a build keeps in its memo. An unreadable card is a problem: the API never guesses a state.
 */
import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { isState } from '../domain/states';
import type { BuildCard } from '../domain/build/card';
import { Problem } from './problems';
import type { Retrying } from './retrying';
import type { Running } from './running';

export interface BuildView extends Running {
  card: BuildCard;
  /** False once the workflow has ended, however it did. */
  isOpen: boolean;
  /** The activity that failed and that Temporal will retry. */
  retrying: Retrying | null;
}

interface Execution {
  workflowId: string;
  status: { name: WorkflowExecutionStatusName };
  memo?: Record<string, unknown> | undefined;
}

export function readCard({ workflowId, status, memo }: Execution): Pick<BuildView, 'card' | 'isOpen'> {
  const card = memo?.card;
  if (!isCard(card)) {
    throw new Problem(
      'Build.Unreadable',
      `the state of ${workflowId} cannot be read from its memo; its history has it`,
    );
  }
  return { card: correctIfEndedOutside(card, status.name), isOpen: status.name === 'RUNNING' };
}

export function isCard(value: unknown): value is BuildCard {
  if (typeof value !== 'object' || value === null) return false;
  const { state, status, createdAt, completedPhases, handoffs, expects } = value as Partial<
    Record<keyof BuildCard, unknown>
  >;
  const hasLists = Array.isArray(completedPhases) && Array.isArray(handoffs) && typeof expects === 'object';
  return isState(state) && typeof status === 'string' && typeof createdAt === 'string' && hasLists && expects !== null;
}

/** Corrects the card of a workflow that an operator or a limit of the server ended: the build could not update it. */
function correctIfEndedOutside(card: BuildCard, name: WorkflowExecutionStatusName): BuildCard {
  if (card.status === 'complete' || card.status === 'cancelled') return card;
  const expects = {
    role: null,
    task: `Nothing: the workflow ended in Temporal (${name.toLowerCase()})`,
    deadline: null,
  };
  if (name === 'TERMINATED' || name === 'CANCELLED') return { ...card, status: 'cancelled', expects };
  if (name === 'FAILED' || name === 'TIMED_OUT') return { ...card, status: 'error', expects };
  return card;
}
