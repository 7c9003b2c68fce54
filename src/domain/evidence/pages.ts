/**
 * The evidence as pages to read: one for each gate and each experiment, in the order in which they are judged. Pure.
 */
import type { BuildState, OutputRef } from '../build/state';
import { GATE_NAMES } from '../gates';
import { isPhase } from '../roles';
import type { Phase } from '../roles';
import { EXPERIMENT_NAMES, experimentPages } from './experiment-pages';
import { gatePages, lastEvidence } from './gate-pages';
import type { GateSources } from './gate-pages';
import { ALONE, EACH_OF_ALL, bounded } from './page';
import type { Page } from './page';

export interface PageSources extends GateSources {
  /** The JSON behind `experiments.reportDigest` of `lastEvidence`; undefined where there is none any more. */
  report: unknown;
}

/** A gate and an experiment never have the same name. */
export const PAGE_NAMES: readonly string[] = [...GATE_NAMES, ...EXPERIMENT_NAMES];

export function pagesOf(sources: PageSources): Page[] {
  return draftPages(sources).map((draft) => bounded(draft, EACH_OF_ALL));
}

/** One page, with more room. Undefined for a name that is none of `PAGE_NAMES`. */
export function pageNamed(name: string, sources: PageSources): Page | undefined {
  const draft = draftPages(sources).find((one) => one.name === name);
  return draft && bounded(draft, ALONE);
}

function draftPages(sources: PageSources) {
  const { build, report } = sources;
  return [...gatePages(sources), ...experimentPages(build, { evidence: lastEvidence(sources), report })];
}

/** The output that each phase gave last, also where it was sent back with it: then the handoff alone still names it. */
export function lastOutputs({
  outputs,
  handoffs,
}: Pick<BuildState, 'outputs' | 'handoffs'>): Partial<Record<Phase, OutputRef>> {
  const last: Partial<Record<Phase, OutputRef>> = {};
  for (const { fromState, data } of handoffs) if (isPhase(fromState) && data !== null) last[fromState] = data;
  return { ...last, ...outputs };
}
