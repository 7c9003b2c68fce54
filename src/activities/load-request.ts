/**
 * Reads start requests and other JSON from the artifact store.
 */
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
