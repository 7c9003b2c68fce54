/**
 * What an activity of a role works from: the start request and the outputs of the phases before. Read once, when it begins.
 *
 * A phase gets them as values and reads none of them again.
 */
import type { Outcome } from '../domain/build/outcomes';
import { PHASES } from '../domain/roles';
import type { Phase } from '../domain/roles';
import type { ArtifactStore } from '../ports/artifacts';
import { loadJson, loadRequest } from './load-request';
import type { StartRequest } from '../requests/start-request';
import type { PhaseTask } from './contract';
import { readHanded } from './handed';
import type { HandedOutputs } from './handed';

export interface Sources {
  request: StartRequest;
  outputs: HandedOutputs;
}

/** Wraps a phase: it is given its sources beside its task. */
export function withSources<T extends PhaseTask>(
  { artifacts }: { artifacts: ArtifactStore },
  run: (task: T, sources: Sources) => Promise<Outcome>,
): (task: T) => Promise<Outcome> {
  return async (task) => run(task, await loadSources(artifacts, task));
}

export async function loadSources(artifacts: ArtifactStore, task: PhaseTask): Promise<Sources> {
  const load = async (phase: Phase): Promise<HandedOutputs> => {
    const digest = task.outputs[phase];
    if (digest === undefined) return {};
    return { [phase]: readHanded(phase, await loadJson(artifacts, digest), task.sources?.[phase]) };
  };
  const [request, ...outputs] = await Promise.all([loadRequest(artifacts, task), ...PHASES.map(load)]);
  return { request, outputs: Object.assign({}, ...outputs) as HandedOutputs };
}
