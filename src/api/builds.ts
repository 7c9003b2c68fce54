/**
 * Starts and reads builds for the API: each function makes one call to Temporal, or reads the stored final state.
 *
 * Temporal deletes a closed build after its retention; the stored final state (collection `records`) stays. If both have the build,
 * the final state counts.
 */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { beginBuild } from '../domain/build/state';
import { workflowIdOf } from '../domain/ids';
import type { BuildState } from '../domain/build/state';
import type { BuildStart } from '../domain/build/start';
import { cardOf } from '../domain/build/card';
import type { BuildCard } from '../domain/build/card';
import { searchAttributesOf } from '../workflows/attributes';
import { BUILD_WORKFLOW, WORKFLOW_TASK_TIMEOUT, buildQuery, priorityOf } from '../workflows/messages';
import { readCard } from './card';
import type { BuildView } from './card';
import { decodePending } from './decode-pending';
import type { ApiDeps } from './deps';
import { Problem, unknownBuild } from './problems';
import { withoutRedactions } from './redactions';
import { retryingOf } from './retrying';
import { runningOf } from './running';
import { callTemporal, searchAttributesKnown } from './temporal-calls';

/** Starts the build, or finds the build that the same request has started. */
export async function startBuild(deps: ApiDeps, start: BuildStart): Promise<{ isNew: boolean; card: BuildCard }> {
  const workflowId = workflowIdOf(start);
  const begun = beginBuild(start);
  const record = await readFinalState(deps, workflowId);
  if (record !== undefined) return { isNew: false, card: requireSameRequest(cardOf(record), start) };
  try {
    await callTemporal(deps, async () => {
      const hasAttributes = await searchAttributesKnown(deps);
      return deps.client.workflow.start(BUILD_WORKFLOW, startOptions(deps, start, hasAttributes));
    });
    return { isNew: true, card: cardOf(begun) };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { card } = await readBuildView(deps, workflowId);
    return { isNew: false, card: requireSameRequest(card, start) };
  }
}

/** Reads a build's card from its memo, also for a closed build; needs no worker. Throws `Build.Unknown`. */
export async function readBuildView(deps: ApiDeps, workflowId: string): Promise<BuildView> {
  const view = await findBuildView(deps, workflowId);
  if (view === undefined) throw unknownBuild(workflowId);
  return view;
}

/** Like `readBuildView`, but undefined if there is no such build. */
export async function findBuildView(deps: ApiDeps, workflowId: string): Promise<BuildView | undefined> {
  try {
    const description = await callTemporal(deps, () => deps.client.workflow.getHandle(workflowId).describe());
    if (description.type === BUILD_WORKFLOW) {
      const pending = await decodePending(deps, description);
      const view = { ...readCard(description), retrying: retryingOf(pending), ...runningOf(pending) };
      return await withoutRedactions(deps, workflowId, view);
    }
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  const record = await readFinalState(deps, workflowId);
  return record && { card: cardOf(record), isOpen: false, retrying: null, experiments: null, doing: null };
}

/** Reads the whole state of the build: the stored final state once there is one, else the state in its workflow. */
export async function readState(deps: ApiDeps, workflowId: string): Promise<BuildState> {
  const record = await readFinalState(deps, workflowId);
  if (record !== undefined) return record;
  try {
    const build = await callTemporal(deps, () => deps.client.workflow.getHandle(workflowId).query(buildQuery), true);
    return await withoutRedactions(deps, workflowId, build);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw unknownBuild(workflowId);
    throw error;
  }
}

/** Reads the stored state of a finished build; undefined while the build is open, also after a reset has reopened it. */
export async function readFinalState(deps: ApiDeps, workflowId: string): Promise<BuildState | undefined> {
  const record = await deps.documents.load('records', workflowId);
  if (record === undefined) return undefined;
  const reopening = await deps.documents.load('reopened', workflowId);
  if (reopening !== undefined && reopening.at > (record.completedAt ?? '')) return undefined;
  // The worker may have stored the state after a redaction.
  return withoutRedactions(deps, workflowId, record);
}

const SUMMARY_LIMIT_BYTES = 300;

function startOptions({ taskQueue }: ApiDeps, start: BuildStart, hasAttributes: boolean) {
  const begun = beginBuild(start);
  const searchAttributes = hasAttributes ? { searchAttributes: searchAttributesOf(begun) } : {};
  return {
    workflowId: workflowIdOf(start),
    taskQueue,
    args: [{ start }],
    memo: { card: cardOf(begun), attributes: hasAttributes },
    ...searchAttributes,
    staticSummary: Buffer.from(start.title)
      .subarray(0, SUMMARY_LIMIT_BYTES)
      .toString()
      .replace(/\uFFFD+$/, ''),
    staticDetails: `Project **${start.projectId}**, build **${start.buildId}**, for ${start.userId}.\n\nRequest: \`${start.request}\``,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    priority: priorityOf(start),
  };
}

function requireSameRequest(card: BuildCard, start: BuildStart): BuildCard {
  if (card.request === start.request) return card;
  const message = `build ${workflowIdOf(start)} was started with another body; use another build_id (or Idempotency-Key)`;
  throw new Problem('Build.Differs', message, { workflow_id: workflowIdOf(start) });
}
