/**
 * Loads what a role's activity works from: the start request and the outputs of earlier phases. Each is read once, when the activity
 * begins.
 */
import type { Outcome } from '../domain/build/outcome';
import { PHASES } from '../domain/roles';
import type { Phase } from '../domain/roles';
import type { ArtifactStore } from '../ports/artifacts';
import { loadJson, loadRequest } from './load-request';
import type { StartRequest } from '../requests/start-request';
import type { PhaseTask } from './contract';
import { readEarlierOutput } from './earlier-outputs';
import type { EarlierOutputs } from './earlier-outputs';

export interface Sources {
  request: StartRequest;
  outputs: EarlierOutputs;
}

/** Wraps a phase so that it gets its sources together with its task. */
export function withSources<T extends PhaseTask>(
  { artifacts }: { artifacts: ArtifactStore },
  run: (task: T, sources: Sources) => Promise<Outcome>,
): (task: T) => Promise<Outcome> {
  return async (task) => run(task, await loadSources(artifacts, task));
}

export async function loadSources(artifacts: ArtifactStore, task: PhaseTask): Promise<Sources> {
  const load = async (phase: Phase): Promise<EarlierOutputs> => {
    const digest = task.outputs[phase];
    if (digest === undefined) return {};
    return { [phase]: readEarlierOutput(phase, await loadJson(artifacts, digest), task.sources?.[phase]) };
  };
  const [request, ...outputs] = await Promise.all([loadRequest(artifacts, task), ...PHASES.map(load)]);
  return { request, outputs: Object.assign({}, ...outputs) as EarlierOutputs };
}
