/**
 * What stays of a build when a phase is done again: the results and the counts of earlier phases.
 */
import { PHASES } from '../roles';
import type { Phase } from '../roles';
import { perPhase } from './state';
import type { BuildFacts, BuildState } from './state';

/** The results without those of `target` and later phases, which become void when `target` is done again. */
export function resultsBefore(
  build: BuildState,
  target: Phase,
): Pick<BuildFacts, 'outputs' | 'checkpoints' | 'evidence' | 'release'> {
  const earlierPhases = PHASES.slice(0, PHASES.indexOf(target));
  const keepPhases = <T>(byPhase: Partial<Record<Phase, T>>, phases: Phase[]): Partial<Record<Phase, T>> =>
    Object.fromEntries(Object.entries(byPhase).filter(([phase]) => phases.includes(phase as Phase)));
  return {
    outputs: keepPhases(build.outputs, earlierPhases),
    checkpoints: keepPhases(build.checkpoints, [...earlierPhases, target]),
    evidence: earlierPhases.includes('testing') ? build.evidence : null,
    release: null,
  };
}

export function resetFrom(counts: Record<Phase, number>, target: Phase): Record<Phase, number> {
  const earlierCounts = PHASES.slice(0, PHASES.indexOf(target)).map((phase) => [phase, counts[phase]]);
  return { ...perPhase(0), ...Object.fromEntries(earlierCounts) };
}
