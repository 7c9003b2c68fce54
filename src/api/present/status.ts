/**
 * From a card to the answers of `start`, `status` and the list. Pure: values in, wire names out.
 */
import type { Shown } from '../card';
import { trailCounts } from '../../domain/build/archive';
import { remarkOf } from '../../domain/build/sender';
import type { BuildState } from '../../domain/build/state';
import { nextRoleOf, ownerOf, describeState, STATES } from '../../domain/states';
import type { State } from '../../domain/states';
import { NOTHING_RELEASED, progressPercent } from '../../domain/build/view';
import type { BuildCard } from '../../domain/build/view';
import { parseWorkflowId } from '../../domain/ids';
import type { BuildId } from '../../domain/ids';

export function presentStarted(workflowId: string, card: BuildCard) {
  return {
    workflow_id: workflowId,
    build_id: partsOf(workflowId).buildId,
    initial_state: 'discovery',
    status: 'started',
    // Of the state in which every build begins, so that the same request has the same answer later too.
    current_role: ownerOf('discovery'),
    next_role: nextRoleOf('discovery'),
    state_description: describeState('discovery'),
    instructions:
      `Follow GET /api/workflows/${workflowId}/status; next_expectations says who is expected to do what. ` +
      `An external role completes its state by POST /api/workflows/${workflowId}/advance ` +
      'with {role, completed_state, phase_result}.',
    created_at: card.createdAt,
  };
}

/** `now` is in milliseconds since the epoch. */
/** What the memo has no room for, read from the artifact store: the report, and the whole message of the failure. */
export interface Enclosed {
  repositoryReport: object | null;
  details: string | null;
  /** Message, difference and first stack lines of each failing test of the last run; null where none failed. */
  failingTests: unknown[] | null;
}

export function presentStatus(
  workflowId: string,
  { card, retrying, experiments, doing }: Shown,
  enclosed: Enclosed & { now: number },
) {
  const { repositoryReport, details, failingTests, now } = enclosed;
  const { projectId, buildId } = partsOf(workflowId);
  return {
    workflow_id: workflowId,
    build_id: buildId,
    project_id: projectId,
    title: card.title,
    user_id: card.userId,
    current_state: card.state,
    current_role: ownerOf(card.state),
    next_role: nextRoleOf(card.state),
    state_description: describeState(card.state, { isReleased: card.release !== null }),
    status: card.status,
    progress: progressPercent(card.completedPhases),
    completed_phases: card.completedPhases,
    handoff_count: card.handoffCount,
    handoff_history: card.handoffs.map((handoff) => presentPassage(handoff, card.createdAt)),
    elapsed_time: presentDuration(
      Date.parse(card.completedAt ?? new Date(now).toISOString()) - Date.parse(card.createdAt),
    ),
    created_at: card.createdAt,
    updated_at: card.updatedAt,
    completed_at: card.completedAt,
    next_expectations: isCalledLive(card) ? { ...card.expects, task: NOTHING_RELEASED } : card.expects,
    failure: presentFailure(card.failure, details),
    failing_tests: failingTests,
    retrying,
    experiments,
    doing,
    usage: presentUsage(card.usage),
    waiting: card.waiting ?? null,
    refused: card.refused,
    release: card.release,
    release_state: card.releaseState ?? null,
    // Once it is written, or was not: builds without one answer as they always did.
    ...(card.result === undefined ? {} : { result: card.result }),
    generation: card.generation,
    attempt: card.attempt,
    revision: card.revision,
    repository_report: repositoryReport,
  };
}

/** Memos of older workers call every complete build live. */
function isCalledLive({ state, status, release, expects }: BuildCard): boolean {
  return state === 'complete' && status === 'complete' && release === null && expects.task.endsWith('is live');
}

/**
 * Of the calls up to the last move; `doing` has those of the attempt that runs. Null: the memo of an older worker does not say
 * it, or no provider named any tokens.
 */
function presentUsage(usage: BuildCard['usage']) {
  if (usage === undefined) return null;
  const [calls, input, output, cached, unknown = 0] = usage;
  const isUnsaid = calls > 0 && input === 0 && output === 0;
  const tokens = isUnsaid
    ? { input_tokens: null, output_tokens: null }
    : { input_tokens: input, output_tokens: output };
  // The sums are at least so many where some calls are unknown.
  return { calls, ...tokens, cached_input_tokens: cached, calls_of_unknown_tokens: unknown };
}

function presentFailure(failure: BuildCard['failure'], details: string | null) {
  if (failure === null) return null;
  const { type, message, phase } = failure;
  return { type, message, phase, ...(details === null ? {} : { details }) };
}

export function presentListed(workflowId: string, card: BuildCard | null) {
  const { projectId, buildId } = partsOf(workflowId);
  const ids = { workflow_id: workflowId, build_id: buildId, project_id: projectId };
  if (card === null) return { ...ids, current_state: null, status: null, note: 'its memo cannot be read' };
  return {
    ...ids,
    title: card.title,
    current_state: card.state,
    current_role: ownerOf(card.state),
    status: card.status,
    progress: progressPercent(card.completedPhases),
    created_at: card.createdAt,
    updated_at: card.updatedAt,
    completed_at: card.completedAt,
  };
}

export function presentEvents(workflowId: string, build: BuildState) {
  const events = build.events.map(({ type, actor, at, data, ...sender }) => ({
    ...{ type, actor, ...remarkOf(sender) },
    ...{ timestamp: at, data },
  }));
  return { workflow_id: workflowId, event_count: trailCounts(build).events, events };
}

/** "2h 15m", as the seeds have it; days are hours. */
export function presentDuration(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

function presentPassage([from, to, afterMs]: BuildCard['handoffs'][number], createdAt: string) {
  const fromState = STATES[from] as State;
  const toState = STATES[to] as State;
  return {
    from_role: ownerOf(fromState),
    to_role: nextRoleOf(toState),
    from_state: fromState,
    to_state: toState,
    timestamp: new Date(Date.parse(createdAt) + afterMs).toISOString(),
  };
}

/** Empty for a workflow that is not ours by its name. */
function partsOf(workflowId: string): BuildId {
  return parseWorkflowId(workflowId) ?? { projectId: '', buildId: '' };
}
