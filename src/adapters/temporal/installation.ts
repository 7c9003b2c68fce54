/**
 * Which installation the builds of a task queue belong to: what they refer to lies in the data folder of that one.
 *
 * It is kept in the memo of a workflow that never begins, so that every Temporal can keep it, and any may be asked.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { DocumentStore } from '../../ports/documents';
import { INSTALLATION_WORKFLOW, installationWorkflowId } from '../../workflows/messages';

const ANSWERS_WITHIN_MS = 8_000;
const KEY = 'own';

export interface TaskQueueOf {
  client: Client;
  taskQueue: string;
  documents: DocumentStore;
  /** Absolute; for people, who are to find it. */
  dataDir: string;
}

interface Installation {
  id: string;
  host: string;
  dataDir: string;
}

/** For a worker: makes the task queue this installation's, where it is no other's yet. Throws one line where it is. */
export async function claimTaskQueue(input: TaskQueueOf): Promise<void> {
  const { client, taskQueue } = input;
  const own = await ownInstallation(input);
  const workflowId = installationWorkflowId(taskQueue);
  await withDeadline(client, () =>
    client.workflow.start(INSTALLATION_WORKFLOW, {
      ...{ workflowId, args: [], memo: { installation: own } },
      // Nobody is to work on it: no worker asks this queue, and its first task would come in a hundred years.
      ...{ taskQueue: workflowId, startDelay: '36500 days' },
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `Builds on task queue ${taskQueue} keep their data on ${own.host} in ${own.dataDir}`,
    }),
  );
  await refuseForeign(input, own);
}

/** For a program without a worker: the same refusal, and nothing is claimed. */
export async function checkTaskQueue(input: TaskQueueOf): Promise<void> {
  await refuseForeign(input, await ownInstallation(input));
}

/** Of several programs that make one at once, all take the one that was kept first. */
async function ownInstallation({ documents, dataDir }: TaskQueueOf): Promise<Installation> {
  const kept =
    (await documents.load('installation', KEY)) ??
    (await documents.keepFirst('installation', KEY, { id: randomUUID() }));
  return { id: kept.id, host: hostname(), dataDir };
}

async function refuseForeign({ client, taskQueue, dataDir }: TaskQueueOf, own: Installation): Promise<void> {
  const owner = await ownerOf(client, taskQueue);
  if (owner === undefined || owner.id === own.id) return;
  throw new Error(
    `this program does not see the data of the builds on task queue ${taskQueue}, so it takes no work: that lies on host ` +
      `${owner.host} in ${owner.dataDir}, and DATA_DIR="${dataDir}" is another installation. Let all share one DATA_DIR, ` +
      'or set TEMPORAL_TASK_QUEUE to a name of its own. Where that data is gone for good: ' +
      `temporal workflow terminate --workflow-id ${installationWorkflowId(taskQueue)}`,
  );
}

async function ownerOf(client: Client, taskQueue: string): Promise<Installation | undefined> {
  try {
    const handle = client.workflow.getHandle(installationWorkflowId(taskQueue));
    const { memo, status } = await withDeadline(client, () => handle.describe());
    return status.name === 'RUNNING' ? (memo?.installation as Installation | undefined) : undefined;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

function withDeadline<T>(client: Client, call: () => Promise<T>): Promise<T> {
  return client.connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, call);
}
