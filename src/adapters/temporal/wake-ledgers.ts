/**
 * Signals the ledger of every project to look at Temporal and at the records when a worker starts, as no ledger saw what happened
 * while no worker ran. A ledger that was terminated or deleted is started again.
 */
import type { Client } from '@temporalio/client';
import type { DocumentStore } from '../../ports/documents';
import { parseWorkflowId } from '../../domain/ids';
import { BUILD_WORKFLOW, PROJECT_WORKFLOW, ledgerOptions, lookSignal } from '../../workflows/messages';
import { idOf, listWorkflows } from './list-workflows';

const TIMEOUT_MS = 8_000;

interface WakeDeps {
  client: Client;
  documents: DocumentStore;
  taskQueue: string;
}

/** Signals the ledgers in the background, as builds do not depend on them. Returns a function that stops this and waits for its end. */
export function wakeLedgers(deps: WakeDeps, onFailure: (error: unknown) => void): () => Promise<void> {
  const end = new AbortController();
  const finished = wakeAll(deps, { signal: end.signal, onFailure }).catch(onFailure);
  return () => {
    end.abort();
    return finished;
  };
}

interface Wake {
  signal: AbortSignal;
  onFailure(error: unknown): void;
}

/** Signals one ledger at a time, so that a start with many projects does not slow down builds. A failure does not stop the others. */
async function wakeAll(deps: WakeDeps, { signal, onFailure }: Wake): Promise<void> {
  for (const projectId of await projectsOf(deps, signal)) {
    if (signal.aborted) return;
    await wake(deps, projectId).catch((error: unknown) =>
      onFailure(new Error(`the ledger of project ${projectId}`, { cause: error })),
    );
  }
}

/** Lists the projects that have records or open builds. */
async function projectsOf({ client, documents, taskQueue }: WakeDeps, signal: AbortSignal): Promise<Set<string>> {
  const projects = new Set<string>();
  for (const id of await documents.list('records', '')) addProject(projects, id);
  const query = `WorkflowType = '${BUILD_WORKFLOW}' AND ExecutionStatus = 'Running' AND TaskQueue = '${taskQueue.replaceAll("'", "\\'")}'`;
  for await (const listed of listWorkflows(client, query)) {
    if (signal.aborted) break;
    addProject(projects, idOf(listed));
  }
  return projects;
}

async function wake({ client, taskQueue }: WakeDeps, projectId: string): Promise<void> {
  const options = { ...ledgerOptions(projectId, taskQueue), signal: lookSignal, signalArgs: [] as [] };
  await client.connection.withDeadline(Date.now() + TIMEOUT_MS, () =>
    client.workflow.signalWithStart(PROJECT_WORKFLOW, options),
  );
}

function addProject(projects: Set<string>, workflowId: string): void {
  const build = parseWorkflowId(workflowId);
  if (build !== null) projects.add(build.projectId);
}
