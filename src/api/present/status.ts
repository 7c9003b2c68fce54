/**
 * Presents the card of a build in the answers of `start`, `status` and the list. Pure: values in, wire names out.
 */
import type { BuildView } from '../card';
import { trailCounts } from '../../domain/build/archive';
import { remarkOf } from '../../domain/build/sender';
import type { BuildState } from '../../domain/build/state';
import { nextRoleOf, ownerOf, describeState, STATES } from '../../domain/states';
import type { State } from '../../domain/states';
import { NOTHING_RELEASED } from '../../domain/build/expects';
import { presentMoney } from './money';
import { progressPercent } from '../../domain/build/status';
import type { BuildCard } from '../../domain/build/card';
import { parseWorkflowId } from '../../domain/ids';
import type { BuildId } from '../../domain/ids';

export function presentStarted(workflowId: string, card: BuildCard) {
  return {
    workflow_id: workflowId,
    build_id: partsOf(workflowId).buildId,
    initial_state: 'discovery',
    status: 'started',
    // The state in which every build begins, so that a repeated request gets the same answer.
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

/** Contents for which the memo has no room, read from the artifact store. */
export interface StatusContents {
  repositoryReport: object | null;
  details: string | null;
  /** Message, difference and first stack lines of each failing test of the last run; null if none failed. */
  failingTests: unknown[] | null;
}

/** `now`: in milliseconds since the epoch. */
export function presentStatus(
  workflowId: string,
  { card, retrying, experiments, doing }: BuildView,
  contents: StatusContents & { now: number },
) {
  const { repositoryReport, details, failingTests, now } = contents;
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
    handoff_history: card.handoffs.map((handoff) => presentHandoff(handoff, card.createdAt)),
    elapsed_time: presentDuration(
      Date.parse(card.completedAt ?? new Date(now).toISOString()) - Date.parse(card.createdAt),
    ),
    created_at: card.createdAt,
    updated_at: card.updatedAt,
    completed_at: card.completedAt,
    next_expectations: isWronglyCalledLive(card) ? { ...card.expects, task: NOTHING_RELEASED } : card.expects,
    failure: presentFailure(card.failure, details),
    failing_tests: failingTests,
    retrying,
    experiments,
    doing,
    usage: presentUsage(card.usage),
    ...presentMoney(card.money),
    waiting: card.waiting ?? null,
    refused: card.refused,
    release: card.release,
    release_state: card.releaseState ?? null,
    // Absent if the request asks for no result branch, and until that branch is written or has failed.
    ...(card.result === undefined ? {} : { result: card.result }),
    generation: card.generation,
    attempt: card.attempt,
    revision: card.revision,
    repository_report: repositoryReport,
  };
}

/** True for the memo of an older worker that calls a complete build live although nothing was released. */
function isWronglyCalledLive({ state, status, release, expects }: BuildCard): boolean {
  return state === 'complete' && status === 'complete' && release === null && expects.task.endsWith('is live');
}

/**
 * Presents the usage up to the last change of state; `doing` has that of the running attempt. Null if an older worker wrote the
 * memo; the tokens are null if no provider reported any.
 */
function presentUsage(usage: BuildCard['usage']) {
  if (usage === undefined) return null;
  const [calls, input, output, cached, unknown = 0] = usage;
  const areTokensUnknown = calls > 0 && input === 0 && output === 0;
  const tokens = areTokensUnknown
    ? { input_tokens: null, output_tokens: null }
    : { input_tokens: input, output_tokens: output };
  // The sums are lower bounds if some calls reported no tokens.
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

/** Writes a duration as "2h 15m"; days are counted in hours. */
export function presentDuration(ms: number): string {
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

function presentHandoff([from, to, afterMs]: BuildCard['handoffs'][number], createdAt: string) {
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

/** Empty ids for a workflow whose id is not that of a build. */
function partsOf(workflowId: string): BuildId {
  return parseWorkflowId(workflowId) ?? { projectId: '', buildId: '' };
}
