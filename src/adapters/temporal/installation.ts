/**
 * Binds a task queue to one installation, whose data folder has the files of all builds of that queue.
 *
 * The memo of a workflow that never starts stores the installation, so that it works with every Temporal server.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import type { DocumentStore } from '../../ports/documents';
import { INSTALLATION_WORKFLOW, installationWorkflowId } from '../../workflows/messages';

const TIMEOUT_MS = 8_000;
const KEY = 'own';

export interface TaskQueueOwner {
  client: Client;
  taskQueue: string;
  documents: DocumentStore;
  /** An absolute path, which messages name so that people find the data. */
  dataDir: string;
}

interface Installation {
  id: string;
  host: string;
  dataDir: string;
}

/** For a worker: claims the task queue for this installation. Throws an error of one line if another installation has it. */
export async function claimTaskQueue(input: TaskQueueOwner): Promise<void> {
  const { client, taskQueue } = input;
  const own = await ownInstallation(input);
  const workflowId = installationWorkflowId(taskQueue);
  await withDeadline(client, () =>
    client.workflow.start(INSTALLATION_WORKFLOW, {
      ...{ workflowId, args: [], memo: { installation: own } },
      // The workflow never runs: no worker polls this queue, and its first task would come in a hundred years.
      ...{ taskQueue: workflowId, startDelay: '36500 days' },
      workflowIdConflictPolicy: 'USE_EXISTING',
      staticSummary: `Builds on task queue ${taskQueue} keep their data on ${own.host} in ${own.dataDir}`,
    }),
  );
  await refuseForeign(input, own);
}

/** For a program without a worker: throws the same error, but claims nothing. */
export async function checkTaskQueue(input: TaskQueueOwner): Promise<void> {
  await refuseForeign(input, await ownInstallation(input));
}

/** Loads the id of this installation. If several programs make one at the same time, all use the one that was stored first. */
async function ownInstallation({ documents, dataDir }: TaskQueueOwner): Promise<Installation> {
  const stored =
    (await documents.load('installation', KEY)) ??
    (await documents.keepFirst('installation', KEY, { id: randomUUID() }));
  return { id: stored.id, host: hostname(), dataDir };
}

async function refuseForeign({ client, taskQueue, dataDir }: TaskQueueOwner, own: Installation): Promise<void> {
  const owner = await ownerOf(client, taskQueue);
  if (owner === undefined || owner.id === own.id) return;
  throw new Error(
    `this program does not see the data of the builds on task queue ${taskQueue}, so it takes no work: the data is on host ` +
      `${owner.host} in ${owner.dataDir}, and DATA_DIR="${dataDir}" is another installation. Let all share one DATA_DIR, ` +
      'or set TEMPORAL_TASK_QUEUE to a name of its own. If that data is gone for good: ' +
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
  return client.connection.withDeadline(Date.now() + TIMEOUT_MS, call);
}
