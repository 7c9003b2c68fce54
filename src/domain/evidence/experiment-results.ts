/**
 * The result of each experiment as shown on its evidence page, read from the evidence and the experiments' report. Pure.
 *
 * An experiment that did not run, or tried nothing, is "not measured". A finding that a person has approved does not stop the change.
 */
import type { BuildState } from '../build/state';
import { isApproved } from '../findings';
import type { ExperimentFinding } from '../experiments/judge';
import type { ExperimentReport, SeriesName } from '../experiments/report';
import { COVERAGE_FLOOR_PERCENT } from './evidence';
import type { Evidence } from './evidence';
import type { PageVerdict, Place } from './page';

export interface ResultSources {
  build: Pick<BuildState, 'commit' | 'approvals' | 'coverageFloorPercent'>;
  evidence: Evidence | null;
  report: ExperimentReport | null;
}

/** The verdict of one experiment, and what it observed. */
export interface ExperimentResult {
  verdict: PageVerdict;
  seen: string[];
  places?: Place[];
}

const UNIT_FINDINGS: ReadonlyArray<ExperimentFinding['kind']> = [
  'function_not_needed',
  'file_not_needed',
  'statement_not_needed',
  'guard_taken_away',
  'branch_never_taken',
  'share_below_floor',
  'kept_not_shown',
  'nothing_asked',
];

export function baselineResult({ evidence: { integrity } }: { evidence: Evidence }): ExperimentResult {
  if (integrity === null) return { verdict: 'not_measured', seen: ['the tests of the base commit were not run'] };
  const { passed, lost, names } = integrity.baseline;
  const { red, flaky, names: knownNames } = integrity.known ?? { red: 0, flaky: 0, names: [] };
  return {
    verdict: lost > 0 ? 'held' : 'passed',
    seen: [
      `${passed} tests passed on the base commit`,
      ...(lost > 0 ? [`${lost} of them do not pass now: ${names.join(', ')}`] : []),
      ...(red + flaky > 0
        ? [`${red} failing tests failed before, too, ${flaky} fail now and then: ${knownNames.join(', ')}`]
        : []),
    ],
  };
}

export function controlResult({ evidence: { integrity } }: { evidence: Evidence }): ExperimentResult {
  const control = integrity?.control ?? null;
  if (control === null) return { verdict: 'not_measured', seen: ['the tests were not run without the change'] };
  const { files, green, mayPass, byTest, shows } = control;
  const runText = `${files} new or changed test files were run without the change`;
  if (mayPass === true)
    return { verdict: 'passed', seen: [runText, 'the plan promises nothing new, so they may pass there'] };
  const passWithoutChange = green.length > 0 ? [`pass without the change: ${green.join(', ')}`] : [];
  const isHeld = shows === false || (byTest !== true && green.length > 0);
  const failureTexts = shows === true ? ['at least one test fails without the change'] : [];
  return { verdict: isHeld ? 'held' : 'passed', seen: [runText, ...failureTexts, ...passWithoutChange] };
}

export function coverageResult({
  evidence: { coveragePercent, experiments },
  build,
}: ResultSources & { evidence: Evidence }): ExperimentResult {
  const share = experiments?.sharePercent ?? null;
  if (coveragePercent === null) {
    const shareText = share === null ? '' : `; in its place: ${share} % of the broken units were noticed`;
    return { verdict: 'not_measured', seen: [`no tool of the project counted the changed lines that ran${shareText}`] };
  }
  const floor = build.coverageFloorPercent ?? COVERAGE_FLOOR_PERCENT;
  const seen = [`${coveragePercent} % of the changed lines ran in tests; at least ${floor} % must`];
  return { verdict: coveragePercent < floor ? 'held' : 'passed', seen };
}

export function expectationsResult({
  evidence,
  build,
  report,
}: ResultSources & { evidence: Evidence }): ExperimentResult {
  const { experiments } = evidence;
  if (experiments === undefined) return NO_EXPERIMENTS;
  const { asked, red } = experiments.tests;
  const { verdict, seen } = findingsOfKinds({ build, evidence }, ['test_shows_nothing']);
  const places = (report?.tests ?? []).map(({ path, line, test, changed, showsNothing }): Place => {
    const says = `"${test}"${changed.length > 0 ? `: ${changed.join('; ')}` : ': no expectation that can be changed'}`;
    const outcome = showsNothing ? 'shows_nothing' : changed.length > 0 ? 'turned_red' : 'noticed';
    return { path, line, says, outcome, asked: null, red: [] };
  });
  return {
    verdict: verdict === 'passed' && asked === 0 ? 'not_measured' : verdict,
    seen: [
      `${red} of ${asked} new or changed tests turned red with another expectation`,
      ...seen,
      ...notesOf(report, 'expectations'),
    ],
    places: bySeverity(places),
  };
}

export function unitsResult({ evidence, build, report }: ResultSources & { evidence: Evidence }): ExperimentResult {
  const { experiments } = evidence;
  if (experiments === undefined) return NO_EXPERIMENTS;
  const { units, sharePercent } = experiments;
  const { verdict, seen } = findingsOfKinds({ build, evidence }, UNIT_FINDINGS);
  const share = sharePercent === null ? '' : ` (${sharePercent} %)`;
  const places = (report?.units ?? []).map(({ path, line, broken, outcome, asked, red }): Place => ({
    ...{ path, line, says: broken, asked, red },
    outcome: outcome === 'unnoticed' ? 'not_noticed' : outcome,
  }));
  return {
    verdict: verdict === 'passed' && units.asked === 0 ? 'not_measured' : verdict,
    seen: [
      `${units.found} units of the change can be broken; ${units.asked} were asked, ${units.noticed} noticed${share}`,
      ...seen,
      ...(report === null ? ['the report is no longer kept, so no lines can be shown'] : []),
      ...notesOf(report, 'units'),
      ...notNeededIn(report),
    ],
    places: bySeverity(places),
  };
}

/** Counts the changed places that no test has to need, by reason. */
function notNeededIn(report: ExperimentReport | null): string[] {
  const counts = new Map<string, number>();
  for (const { why } of report?.notNeeded ?? []) counts.set(why, (counts.get(why) ?? 0) + 1);
  const parts = [...counts].map(([why, count]) => `${why} ${count}`);
  return parts.length === 0 ? [] : [`no units, because no test has to need them: ${parts.join(', ')}`];
}

/** The result of an experiment of which only findings and notes are shown, not single places. */
export function seriesResult(
  { evidence, build, report }: ResultSources & { evidence: Evidence },
  name: SeriesName,
  kinds: ReadonlyArray<ExperimentFinding['kind']>,
): ExperimentResult {
  if (evidence.experiments === undefined) return NO_EXPERIMENTS;
  const { verdict, seen, places } = findingsOfKinds({ build, evidence }, kinds);
  const reportedSeries = report?.series[name];
  const runs =
    reportedSeries === undefined
      ? []
      : [reportedSeries.runs === 0 ? 'it had nothing to run' : `runs that were made for it: ${reportedSeries.runs}`];
  const hasUsableRuns = reportedSeries !== undefined && reportedSeries.runs > 0 && reportedSeries.isUsable;
  const missingNotes = reportedSeries === undefined ? ['the report does not say whether it was made'] : [];
  return {
    verdict: verdict === 'passed' && !hasUsableRuns ? 'not_measured' : verdict,
    seen: [...runs, ...missingNotes, ...seen, ...notesOf(report, name)],
    places,
  };
}

const NO_EXPERIMENTS: ExperimentResult = {
  verdict: 'not_measured',
  seen: ['no experiments were made on this commit: they follow only where nothing else speaks against it'],
};

function notesOf(report: ExperimentReport | null, name: SeriesName): string[] {
  return report?.series[name]?.notes ?? [];
}

/** The findings of these kinds; the verdict is `passed` if a person has approved all of them. */
function findingsOfKinds(
  { evidence, build }: { evidence: Evidence; build: ResultSources['build'] },
  kinds: ReadonlyArray<ExperimentFinding['kind']>,
): ExperimentResult & { places: Place[] } {
  const findings = (evidence.experiments?.findings ?? []).filter(({ kind }) => kinds.includes(kind));
  const isFindingApproved = ({ digest }: { digest: string }): boolean =>
    isApproved(build.approvals, 'experiments', digest);
  return {
    verdict: findings.every(isFindingApproved) ? 'passed' : 'held',
    seen: findings.map(
      (one) => `${one.path}:${one.line} ${one.says}${isFindingApproved(one) ? ' (a person has approved it)' : ''}`,
    ),
    places: findings.map(({ path, line, says }) => ({ path, line, says, outcome: 'found', asked: 2, red: [] })),
  };
}

const OUTCOME_ORDER: ReadonlyArray<Place['outcome']> = [
  'shows_nothing',
  'not_noticed',
  'found',
  'not_run',
  'noticed',
  'turned_red',
];

/** Sorts what speaks against the change first; within one outcome, places that were tried twice come first. */
function bySeverity(places: Place[]): Place[] {
  const rank = ({ outcome, asked }: Place): number => OUTCOME_ORDER.indexOf(outcome) * 10 - (asked ?? 0);
  return [...places].sort((a, b) => rank(a) - rank(b));
}
