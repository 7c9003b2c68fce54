/**
 * The start request and the packets of a build, read back from the artifact store.
 */
import type { ContextInput } from '../domain/context';
import type { Phase } from '../domain/roles';
import type { ArtifactStore } from '../ports/artifacts';
import { readStartRequest } from '../requests/start-request';
import type { StartRequest } from '../requests/start-request';
import type { PhaseTask } from './contract';

export async function loadRequest(artifacts: ArtifactStore, task: Pick<PhaseTask, 'request'>): Promise<StartRequest> {
  return readStartRequest((await artifacts.get(task.request)).toString('utf8'), task.request);
}

export async function loadJson(artifacts: ArtifactStore, digest: string): Promise<unknown> {
  return JSON.parse((await artifacts.get(digest)).toString('utf8'));
}

/** Everything that the role's context is made of, except what lies in the tree. */
export async function loadContext(artifacts: ArtifactStore, task: PhaseTask): Promise<ContextInput> {
  const { requirements, metadata } = await loadRequest(artifacts, task);
  const outputs: Partial<Record<Phase, unknown>> = {};
  for (const [phase, digest] of Object.entries(task.outputs) as Array<[Phase, string]>) {
    outputs[phase] = await loadJson(artifacts, digest);
  }
  const { phase, generation, attempt, answers, feedback, evidence } = task;
  const workflowId = `${task.projectId}.${task.buildId}`;
  return { workflowId, phase, generation, attempt, requirements, metadata, answers, outputs, feedback, evidence };
}
