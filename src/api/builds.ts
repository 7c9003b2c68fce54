/**
 * The builds as the API reaches them: each function is one question to Temporal, or to the stored record.
 *
 * Temporal forgets a closed build after its retention; the record does not. Where both know it, the record is final.
 */
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import { beginBuild } from '../domain/build/state';
import { workflowIdOf } from '../domain/ids';
import type { BuildStart, BuildState } from '../domain/build/state';
import { cardOf } from '../domain/build/view';
import type { BuildCard } from '../domain/build/view';
import { searchAttributesOf } from '../workflows/attributes';
import { BUILD_WORKFLOW, WORKFLOW_TASK_TIMEOUT, buildQuery } from '../workflows/messages';
import { readCard } from './card';
import type { Shown } from './card';
import { decodePending } from './decode-pending';
import type { ApiDeps } from './deps';
import { Problem, unknownBuild } from './problems';
import { withoutTakenOut } from './redactions';
import { retryingOf } from './retrying';
import { runningOf } from './running';
import { reach, searchAttributesKnown } from './temporal-calls';

/** Starts the build, or finds it started by the same request. */
export async function startBuild(deps: ApiDeps, start: BuildStart): Promise<{ isNew: boolean; card: BuildCard }> {
  const workflowId = workflowIdOf(start);
  const begun = beginBuild(start);
  const record = await readRecord(deps, workflowId);
  if (record !== undefined) return { isNew: false, card: sameRequest(cardOf(record), start) };
  try {
    await reach(deps, async () => {
      const isKnown = await searchAttributesKnown(deps);
      return deps.client.workflow.start(BUILD_WORKFLOW, startOptions(deps, start, isKnown));
    });
    return { isNew: true, card: cardOf(begun) };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const { card } = await readShown(deps, workflowId);
    return { isNew: false, card: sameRequest(card, start) };
  }
}

/** What the memo shows, also of a closed build; needs no worker. Throws a problem where there is no such build. */
export async function readShown(deps: ApiDeps, workflowId: string): Promise<Shown> {
  const shown = await findShown(deps, workflowId);
  if (shown === undefined) throw unknownBuild(workflowId);
  return shown;
}

/** The same; undefined where there is no such build. */
export async function findShown(deps: ApiDeps, workflowId: string): Promise<Shown | undefined> {
  try {
    const described = await reach(deps, () => deps.client.workflow.getHandle(workflowId).describe());
    if (described.type === BUILD_WORKFLOW) {
      const pending = await decodePending(deps, described);
      const shown = { ...readCard(described), retrying: retryingOf(pending), ...runningOf(pending) };
      return await withoutTakenOut(deps, workflowId, shown);
    }
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
  const record = await readRecord(deps, workflowId);
  return record && { card: cardOf(record), isOpen: false, retrying: null, experiments: null, doing: null };
}

/** Everything about the build: from its record once there is one, else from its workflow. */
export async function readState(deps: ApiDeps, workflowId: string): Promise<BuildState> {
  const record = await readRecord(deps, workflowId);
  if (record !== undefined) return record;
  try {
    const build = await reach(deps, () => deps.client.workflow.getHandle(workflowId).query(buildQuery), true);
    return await withoutTakenOut(deps, workflowId, build);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw unknownBuild(workflowId);
    throw error;
  }
}

/** The finished build; undefined while it is open, also again after a reset. */
export async function readRecord(deps: ApiDeps, workflowId: string): Promise<BuildState | undefined> {
  const record = await deps.documents.load('records', workflowId);
  if (record === undefined) return undefined;
  const reopened = await deps.documents.load('reopened', workflowId);
  if (reopened !== undefined && reopened.at > (record.completedAt ?? '')) return undefined;
  // The worker may have written it after something was taken out.
  return withoutTakenOut(deps, workflowId, record);
}

const SUMMARY_LIMIT_BYTES = 300;

function startOptions({ taskQueue }: ApiDeps, start: BuildStart, isKnown: boolean) {
  const begun = beginBuild(start);
  const searchAttributes = isKnown ? { searchAttributes: searchAttributesOf(begun) } : {};
  return {
    workflowId: workflowIdOf(start),
    taskQueue,
    args: [{ start }],
    memo: { card: cardOf(begun), attributes: isKnown },
    ...searchAttributes,
    staticSummary: Buffer.from(start.title)
      .subarray(0, SUMMARY_LIMIT_BYTES)
      .toString()
      .replace(/\uFFFD+$/, ''),
    staticDetails: `Project **${start.projectId}**, build **${start.buildId}**, for ${start.userId}.\n\nRequest: \`${start.request}\``,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  };
}

function sameRequest(card: BuildCard, start: BuildStart): BuildCard {
  if (card.request === start.request) return card;
  const message = `build ${workflowIdOf(start)} was begun with another body; take another build_id (or Idempotency-Key)`;
  throw new Problem('Build.Differs', message, { workflow_id: workflowIdOf(start) });
}
