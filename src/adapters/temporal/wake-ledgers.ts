/**
 * Has the ledger of every project look at Temporal and at the records: at the start of a worker, since what happened while none
 * ran was seen by none. A ledger that was terminated or deleted meanwhile begins anew.
 */
import type { Client } from '@temporalio/client';
import type { DocumentStore } from '../../ports/documents';
import { parseWorkflowId } from '../../domain/ids';
import { BUILD_WORKFLOW, PROJECT_WORKFLOW, ledgerOptions, lookSignal } from '../../workflows/messages';
import { idOf, listWorkflows } from './list-workflows';

const ANSWERS_WITHIN_MS = 8_000;

interface Place {
  client: Client;
  documents: DocumentStore;
  taskQueue: string;
}

/** Beside the start: builds go on whether the ledgers have looked or not. Gives what ends it. */
export function wakeLedgers(place: Place, onFailure: (error: unknown) => void): () => Promise<void> {
  const end = new AbortController();
  const woken = wakeAll(place, { signal: end.signal, onFailure }).catch(onFailure);
  return () => {
    end.abort();
    return woken;
  };
}

interface Wake {
  signal: AbortSignal;
  onFailure(error: unknown): void;
}

/** One at a time, so that a start with many projects leaves the server to the builds. One that fails keeps no other from its look. */
async function wakeAll(place: Place, { signal, onFailure }: Wake): Promise<void> {
  for (const projectId of await projectsOf(place, signal)) {
    if (signal.aborted) return;
    await wake(place, projectId).catch((error: unknown) =>
      onFailure(new Error(`the ledger of project ${projectId}`, { cause: error })),
    );
  }
}

/** Projects that have records or open builds. */
async function projectsOf({ client, documents, taskQueue }: Place, signal: AbortSignal): Promise<Set<string>> {
  const projects = new Set<string>();
  for (const id of await documents.list('records', '')) addProject(projects, id);
  const query = `WorkflowType = '${BUILD_WORKFLOW}' AND ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue.replaceAll("'", "\\'")}'`;
  for await (const one of listWorkflows(client, query)) {
    if (signal.aborted) break;
    addProject(projects, idOf(one));
  }
  return projects;
}

async function wake({ client, taskQueue }: Place, projectId: string): Promise<void> {
  const options = { ...ledgerOptions(projectId, taskQueue), signal: lookSignal, signalArgs: [] as [] };
  await client.connection.withDeadline(Date.now() + ANSWERS_WITHIN_MS, () =>
    client.workflow.signalWithStart(PROJECT_WORKFLOW, options),
  );
}

function addProject(projects: Set<string>, workflowId: string): void {
  const build = parseWorkflowId(workflowId);
  if (build !== null) projects.add(build.projectId);
}
