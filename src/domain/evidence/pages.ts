/**
 * The evidence pages of a build: one for each gate and each experiment, in the order in which they are judged. Pure.
 */
import type { BuildState } from '../build/state';
import type { OutputRef } from '../build/output-ref';
import { GATE_NAMES } from '../gates';
import { isPhase } from '../roles';
import type { Phase } from '../roles';
import { EXPERIMENT_NAMES, experimentPages } from './experiment-pages';
import { gatePages, lastEvidence } from './gate-pages';
import type { GateSources } from './gate-pages';
import { BOUNDS_OF_ONE, BOUNDS_IN_LIST, limitPage } from './page';
import type { Page } from './page';

export interface PageSources extends GateSources {
  /** The parsed report that `experiments.reportDigest` of `lastEvidence` names; undefined if it no longer exists. */
  report: unknown;
}

/** The names are unique: no gate and experiment share a name. */
export const PAGE_NAMES: readonly string[] = [...GATE_NAMES, ...EXPERIMENT_NAMES];

export function pagesOf(sources: PageSources): Page[] {
  return draftPages(sources).map((draft) => limitPage(draft, BOUNDS_IN_LIST));
}

/** Returns one page with larger limits; undefined for an unknown name. */
export function pageNamed(name: string, sources: PageSources): Page | undefined {
  const draft = draftPages(sources).find((one) => one.name === name);
  return draft && limitPage(draft, BOUNDS_OF_ONE);
}

function draftPages(sources: PageSources) {
  const { build, report } = sources;
  return [...gatePages(sources), ...experimentPages(build, { evidence: lastEvidence(sources), report })];
}

/** The latest output of each phase. If the phase was sent back because of its output, only the handoff still names it. */
export function lastOutputs({
  outputs,
  handoffs,
}: Pick<BuildState, 'outputs' | 'handoffs'>): Partial<Record<Phase, OutputRef>> {
  const outputsByPhase: Partial<Record<Phase, OutputRef>> = {};
  for (const { fromState, data } of handoffs) if (isPhase(fromState) && data !== null) outputsByPhase[fromState] = data;
  return { ...outputsByPhase, ...outputs };
}
