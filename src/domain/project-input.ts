/**
 * Validates the input of a ledger workflow and the reports that it receives by signal. Any Temporal client can send either.
 */
import { isId } from './ids';
import { isObject } from './json';
import { SPEND_SUMS } from './money/spend-sums-input';
import { isMoneyReported, someMoney } from './money/input';
import type { BuildReport, OpenBuild, ProjectState, ProvenReport } from './project';
import { isPhase } from './roles';
import { aCount, aFlag, aText, listOf, mapOf, objectOf, orAbsent, checkedBy } from './shape';
import type { Shape } from './shape';

const aProject = checkedBy('1 to 64 letters, digits, "_" or "-"', isId);
const counts = checkedBy('an object of counts by phase', areCounts);
const anOpenBuild = objectOf({
  ...{ sequence: checkedBy('a whole number', Number.isSafeInteger), inError: aFlag, failures: counts },
  ...{ run: orAbsent(aText), pastRuns: orAbsent(listOf(aText)) },
} satisfies Record<keyof OpenBuild, Shape>);
const aLedger = objectOf({
  ...{ projectId: aProject, total: aCount, completed: aCount, completedWithoutRelease: orAbsent(aCount) },
  ...{ cancelled: aCount, inError: aCount, open: mapOf(anOpenBuild), completedDurationMs: aCount },
  ...{ endedHandoffs: aCount, failurePoints: counts, ended: listOf(aText), spend: orAbsent(SPEND_SUMS) },
  money: orAbsent(someMoney),
} satisfies Record<keyof ProjectState, Shape>);

/** Returns the problem with a ledger's input; null for a valid `{projectId}` or `{resumed}`. */
export function projectInputProblem(input: unknown): string | null {
  if (!isObject(input)) return 'the input must be an object with projectId or resumed';
  return Object.hasOwn(input, 'resumed') ? aLedger(input.resumed, 'resumed') : aProject(input.projectId, 'projectId');
}

/** Far more than a worker sends at once; further reports are ignored. */
const REPORTS_LIMIT = 1_000;
const PROOF_LIMIT_CHARS = 200;

/** Returns the valid reports of a signal, without unknown members. */
export function readReports(value: unknown): BuildReport[] {
  return Array.isArray(value) ? value.slice(0, REPORTS_LIMIT).filter(isReport).map(knownMembersOnly) : [];
}

const MEMBERS: Readonly<Record<Exclude<keyof ProvenReport, 'uncounted'>, true>> = {
  ...{ buildId: true, sequence: true, kind: true, failures: true, durationMs: true, handoffs: true, released: true },
  ...{ run: true, sentAt: true, proof: true, spend: true, epoch: true, spent: true, waitsFor: true, at: true },
};

function knownMembersOnly(report: BuildReport): BuildReport {
  return Object.fromEntries(
    Object.entries(report).filter(([name]) => Object.hasOwn(MEMBERS, name)),
  ) as unknown as BuildReport;
}

/** True if the report carries a proof; an activity checks the proof. */
export function hasProof(report: BuildReport): report is ProvenReport {
  const { sentAt, proof } = report as Partial<ProvenReport>;
  return [sentAt, proof].every((text) => typeof text === 'string' && text.length <= PROOF_LIMIT_CHARS);
}

const RUN_LIMIT_CHARS = 100;
const KINDS: readonly unknown[] = ['started', 'failed', 'recovered', 'completed', 'cancelled'];

/** True for a valid report of a build; any other value is ignored. */
function isReport(value: unknown): value is BuildReport {
  if (typeof value !== 'object' || value === null) return false;
  const { buildId, sequence, kind, failures, durationMs, handoffs, released, run, spend } = value as Partial<
    Record<keyof BuildReport, unknown>
  >;
  const hasReportShape =
    isId(buildId) && KINDS.includes(kind) && (released === undefined || typeof released === 'boolean');
  if (orAbsent(SPEND_SUMS)(spend, 'spend') !== null || !isMoneyReported(value)) return false;
  if (run !== undefined && (typeof run !== 'string' || run.length > RUN_LIMIT_CHARS)) return false;
  return (
    hasReportShape && Number.isSafeInteger(sequence) && areCounts(failures) && isCount(durationMs) && isCount(handoffs)
  );
}

function areCounts(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([phase, count]) => isPhase(phase) && count !== undefined && isCount(count));
}

function isCount(value: unknown): boolean {
  return value === undefined || (Number.isSafeInteger(value) && Number(value) >= 0);
}
