/**
 * The list of gates: everything that can stop a phase. A new gate is a new file in this folder and one line here.
 *
 * Pure: the same facts give the same verdicts.
 */
import type { BuildState } from '../build/state';
import type { GateFindings } from '../findings';
import type { Phase } from '../roles';
import { addedTests } from './added-tests';
import { asksWhetherTested } from './asks-whether-tested';
import { auditor } from './auditor';
import { checklist } from './checklist';
import { commit } from './commit';
import { criteria } from './criteria';
import { criteriaShown } from './criteria-shown';
import { deletions } from './deletions';
import { delivered } from './delivered';
import { dependencies } from './dependencies';
import { experiments } from './experiments';
import type { ChangeFacts, Facts, Subject } from './facts';
import { files } from './files';
import { goDecision } from './go-decision';
import type { Gate, GateVerdict, GateResult } from './gate';
import { verdictOf } from './gate';
import { harmfulLines } from './harmful-lines';
import { live } from './live';
import { origins } from './origins';
import { overseer } from './overseer';
import { plan } from './plan';
import { requirements } from './requirements';
import { secrets } from './secrets';
import { size } from './size';
import { somethingChanged } from './something-changed';
import { somethingNew } from './something-new';
import { tampering } from './tampering';
import { tests } from './tests';
import { types } from './types';

/** In the order in which gates judge and are shown. */
export const GATES = [
  requirements,
  commit,
  somethingChanged,
  tampering,
  origins,
  plan,
  tests,
  experiments,
  addedTests,
  auditor,
  criteriaShown,
  somethingNew,
  criteria,
  types,
  files,
  deletions,
  size,
  secrets,
  asksWhetherTested,
  delivered,
  harmfulLines,
  dependencies,
  overseer,
  checklist,
  goDecision,
  live,
] as const satisfies readonly Gate[];

export type GateName = (typeof GATES)[number]['name'];
export const GATE_NAMES: readonly GateName[] = GATES.map(({ name }) => name);

/** Runs all gates that judge this subject; the results are not shortened, since the role must answer all. `phase`: only gates that can stop it. */
export function judgeAll<S extends Subject>(
  subject: S,
  facts: Facts[S],
  phase?: Phase,
): Array<GateResult & { gate: string }> {
  return (GATES as readonly Gate[])
    .filter((gate) => gate.judges.includes(subject) && (phase === undefined || gate.phase.includes(phase)))
    .map((gate) => ({ gate: gate.name, ...gate.judge(facts) }));
}

/** The verdicts of verification: one for each gate, with limited reasons. */
export function judgeChange(facts: ChangeFacts): GateVerdict[] {
  return judgeAll('change', facts).map(({ gate, ...judged }) => verdictOf(gate, judged));
}

/** All reasons of the results, not shortened. */
export function reasonsOf(results: Array<Pick<GateResult, 'reasons'>>): string[] {
  return results.flatMap(({ reasons }) => reasons);
}

/** The findings of the results, and the names of the gates that judged. */
export function findingsOf(results: Array<Pick<GateResult, 'findings'> & { gate: string }>): GateFindings {
  const found = results.flatMap(({ gate, findings = [] }) => findings.map((one) => ({ gate, ...one })));
  return { judged: results.map(({ gate }) => gate), found };
}

type BuildEvidence = Pick<BuildState, 'evidence' | 'commit' | 'locked' | 'release'> & {
  coverageFloorPercent?: BuildState['coverageFloorPercent'];
};

/** The reasons why the build itself cannot leave the phase, independent of any role's answer. */
export function judgeState(phase: Phase, build: BuildEvidence): string[] {
  const { evidence, commit: buildCommit, locked, coverageFloorPercent, release } = build;
  const facts = {
    evidence,
    commit: buildCommit ?? '',
    lockedDigest: locked?.digest ?? null,
    coverageFloorPercent,
    release,
  };
  const results = judgeAll('state', facts, phase);
  const areTestsRed = results.some(({ gate, reasons }) => gate === tests.name && reasons.length > 0);
  const failingTexts = areTestsRed ? (evidence?.failing ?? []).map((name) => `failing test: ${name}`) : [];
  return [...reasonsOf(results), ...failingTexts];
}
