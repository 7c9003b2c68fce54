/**
 * The trailer that closes every published commit: which attempt of which build made it. Made and read here only.
 *
 * Only the last paragraph of a message counts: a model may write the same words before it.
 */
import { workflowIdOf } from './ids';
import type { AttemptId, BuildId } from './ids';
import { isPhase } from './roles';
import type { Phase } from './roles';

const TRAILER =
  /^Q-Build: (.+)\nQ-Phase: (\w+)\nQ-Generation: (\d+)\nQ-Attempt: (\d+)\nQ-Turn: (\d+)(?:\nQ-Step: (\d+))?$/;

/** Work of a later turn takes the place of what an abandoned earlier one left. */
export interface WorkMark extends AttemptId {
  phase: Phase;
  /** Of a second commit in one attempt: the step that made it. */
  step?: number;
}

export function trailerOf(build: BuildId, { phase, generation, attempt, turn, step }: WorkMark): string {
  return [
    `Q-Build: ${workflowIdOf(build)}`,
    `Q-Phase: ${phase}`,
    `Q-Generation: ${generation}`,
    `Q-Attempt: ${attempt}`,
    `Q-Turn: ${turn}`,
    ...(step === undefined ? [] : [`Q-Step: ${step}`]),
  ].join('\n');
}

/** The mark of a commit of this build; undefined for any other commit. */
export function markOf(build: BuildId, message: string): WorkMark | undefined {
  const last = message.trimEnd().split('\n\n').at(-1) ?? '';
  const [, workflowId, phase, ...numbers] = TRAILER.exec(last) ?? [];
  const [generation = 0, attempt = 0, turn = 0, step = 0] = numbers.map((text) => Number(text ?? 0));
  if (workflowId !== workflowIdOf(build) || !isPhase(phase)) return undefined;
  return { phase, generation, attempt, turn, ...(step === 0 ? {} : { step }) };
}
