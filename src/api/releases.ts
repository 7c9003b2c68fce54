/**
 * Lists the releases of a project and starts restores, from the stored documents and by Temporal.
 */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { releaseKeyOf, workflowIdOf } from '../domain/ids';
import { isSameRestoreRequest } from '../domain/restore';
import type { RestoreTask, RestoreResult } from '../domain/restore';
import type { ReleaseIntent, RestoreNote } from '../ports/release-documents';
import { RESTORE_WORKFLOW, WORKFLOW_TASK_TIMEOUT, restoreWorkflowId } from '../workflows/messages';
import type { restoreWorkflow } from '../workflows/restore';
import type { ApiDeps } from './deps';
import { Problem } from './problems';
import { callTemporal, searchAttributesKnown } from './temporal-calls';

/** How long an answer waits for the end of a restore. */
const RESTORE_WAIT_MS = 8_000;

export interface ListedRelease extends ReleaseIntent {
  isLive: boolean;
  /** Why the release cannot be restored; null if it can. */
  refusal: string | null;
  version: string | null;
  smoke: string | null;
  completedAt: string | null;
}

/** Lists the releases, newest first. Throws the problem `Release.Unknown` for a project without releases. */
export async function listReleases(deps: ApiDeps, projectId: string) {
  const numbers = await listKeys(deps, 'release-numbers', projectId);
  if (numbers.length === 0) throw new Problem('Release.Unknown', `project ${projectId} has no release`);
  const loaded = await Promise.all(numbers.map((key) => deps.documents.load('release-numbers', key)));
  const intents = loaded.filter((intent) => intent !== undefined).sort((a, b) => b.number - a.number);
  const live = await findLiveNumber(deps, projectId, intents);
  const releases = await Promise.all(intents.map((intent) => describeRelease(deps, projectId, { intent, live })));
  const restores = await Promise.all(
    (await listKeys(deps, 'release-restores', projectId)).map((key) => deps.documents.load('release-restores', key)),
  );
  const notes = restores.filter((note): note is RestoreNote => note !== undefined);
  return { live, releases, restores: notes.sort((a, b) => (a.at < b.at ? 1 : -1)) };
}

/**
 * Makes an earlier release live again; null if that has not ended within 8 s. Throws `Release.Unknown`,
 * `Release.NotRestorable`, `Release.Busy`, `Command.KeyReused`.
 */
export async function restore(deps: ApiDeps, task: RestoreTask): Promise<RestoreResult | null> {
  const { projectId, number } = task;
  const earlierRestore = await deps.documents.load('release-restores', releaseKeyOf(projectId, task.restoreId));
  // A repeated Idempotency-Key: the first restore under it is stored, and holds for its release only.
  if (earlierRestore !== undefined && !isSameRestoreRequest(earlierRestore, task)) {
    const first = `restore release ${earlierRestore.number} for the reason "${earlierRestore.reason}"`;
    throw new Problem('Command.KeyReused', `this Idempotency-Key was used to ${first}; take a new key`);
  }
  if (earlierRestore !== undefined && earlierRestore.ended !== null) return earlierRestore.ended;
  const { releases } = await listReleases(deps, projectId);
  const release = releases.find((one) => one.number === number);
  if (release === undefined) throw new Problem('Release.Unknown', `project ${projectId} has no release ${number}`);
  if (release.refusal !== null) throw new Problem('Release.NotRestorable', `release ${number} ${release.refusal}`);
  await refuseDuringDeployment(deps, projectId);
  const handle = await startRestore(deps, task);
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), RESTORE_WAIT_MS)));
  return Promise.race([handle.result(), timeout]).finally(() => clearTimeout(timer));
}

async function startRestore(deps: ApiDeps, task: RestoreTask) {
  const { client, taskQueue } = deps;
  const options = {
    workflowId: restoreWorkflowId(task.projectId),
    taskQueue,
    args: [task] as [RestoreTask],
    staticSummary: `Release ${task.number} of ${task.projectId} is made live again`,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  };
  try {
    return await callTemporal(deps, () => client.workflow.start<typeof restoreWorkflow>(RESTORE_WORKFLOW, options));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new Problem('Release.Busy', `a release of ${task.projectId} is being made live again; see GET releases`);
  }
}

/** Refuses early if the server can be asked. The lock of the releases prevents a conflict in any case. */
async function refuseDuringDeployment(deps: ApiDeps, projectId: string): Promise<void> {
  const query = `ProjectId = '${projectId}' AND BuildState = 'deployment' AND BuildStatus = 'in_progress' AND ExecutionStatus = 'Running'`;
  const { count } = await callTemporal(deps, async () =>
    (await searchAttributesKnown(deps)) ? deps.client.workflow.count(query) : { count: 0 },
  );
  if (count > 0) throw new Problem('Release.Busy', `a build of ${projectId} is in deployment; wait until it has ended`);
}

async function describeRelease(
  { documents }: ApiDeps,
  projectId: string,
  { intent, live }: { intent: ReleaseIntent; live: number | null },
): Promise<ListedRelease> {
  const build = await documents.load('records', workflowIdOf({ projectId, buildId: intent.buildId }));
  const release = build?.release?.id === intent.id ? build.release : null;
  const isLive = intent.number === live;
  const reclaim = await documents.load('release-reclaimed', releaseKeyOf(projectId, intent.number));
  const whyIncomplete = release === null ? 'does not belong to a complete build' : null;
  const whyReclaimed =
    reclaim === undefined ? null : `was reclaimed on ${reclaim.at.slice(0, 10)}; its branch is still there`;
  return {
    ...intent,
    isLive,
    refusal: isLive ? 'is live already' : (whyIncomplete ?? whyReclaimed),
    version: release?.version ?? null,
    smoke: release?.smoke ?? null,
    completedAt: release === null ? null : (build?.completedAt ?? null),
  };
}

/**
 * Gives the number of the live release. Without the document `release-current`, which older versions did not write, that is the
 * newest release that went live and was not undone.
 */
async function findLiveNumber(
  { documents }: ApiDeps,
  projectId: string,
  intents: ReleaseIntent[],
): Promise<number | null> {
  const storedCurrent = await documents.load('release-current', projectId);
  if (storedCurrent !== undefined) return storedCurrent.number;
  for (const { number } of intents) {
    const key = releaseKeyOf(projectId, number);
    const [live, undone] = [await documents.load('release-live', key), await documents.load('release-undone', key)];
    if (live !== undefined && undone === undefined) return number;
  }
  return null;
}

function listKeys({ documents }: ApiDeps, collection: 'release-numbers' | 'release-restores', projectId: string) {
  return documents.list(collection, releaseKeyOf(projectId, ''));
}
