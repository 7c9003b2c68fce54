/**
 * Runs the experiments on a measured commit. A passing test run is trusted only if its tests fail when the change is broken.
 *
 * The order is: a comment without effect, code without its assertions, changed expectations, broken units, the auditor's tests alone,
 * and the replay of calls. The notes name the experiments for which the budget had no room.
 */
import { budgetOf, runTimeoutMs } from '../../domain/experiments/budget';
import { referenceOf } from '../../domain/experiments/compare';
import {
  FLOOR_PERCENT,
  judgeUnits,
  findUnprovenKept,
  findCommandOnlyFailures,
  outcomeOf,
} from '../../domain/experiments/judge';
import type { AskedUnit, ExperimentFinding } from '../../domain/experiments/judge';
import { findTestsNeverRed } from '../../domain/experiments/judge-tests';
import type { Experiments } from '../../domain/experiments/summary';
import { keyOf } from '../../domain/evidence/baseline';
import type { Deps } from '../deps';
import { runAuditorTestsAlone } from './auditor-tests-alone';
import { replayWithinBudget } from './replay-within-budget';
import { isByFiles } from './run-experiment';
import type { Series } from './run-experiment';
import { runWithoutAssertions } from './run-without-assertions';
import { tryComment } from './try-comment';
import { breakExpectations } from './break-expectations';
import { breakUnits } from './break-units';
import { startClock } from './clock';
import type { Clock } from './clock';
import { readMaterial } from './material';
import type { Material } from './material';
import { createProgress } from '../progress';
import { keepSummary } from './keep-summary';
import type { AskedTests, Candidate, Subject } from './subject';

export async function runExperiments(deps: Deps, candidate: Candidate): Promise<Experiments> {
  const { method, commit, locked, changedTests, laid, run, known, overrides } = candidate;
  const material = await readMaterial(deps, {
    ...{ repo: method.repo, base: method.base, commit },
    tests: [...locked, ...changedTests],
    isTest: candidate.isTest,
  });
  const budget = budgetOf(run.durationMs, overrides);
  const clock = startClock(budget);
  const progress = createProgress(budget);
  const timeoutMs = Math.min(deps.testTimeoutMs, runTimeoutMs(run.durationMs));
  const series: Series = { deps, method, commit, locked, laid, timeoutMs, clock, onAnswer: progress.add };
  const reference = referenceOf(run, known);
  const allTests = { reference, series };
  const subject: Subject = { candidate, material, ...allTests, allTests: allTests };
  const comment = await withRunCount(clock, () => tryComment(subject));
  const chosenSubject: Subject = { ...subject, ...comment.seriesToUse };
  const assertions = comment.isUsable
    ? await withRunCount(clock, () => runWithoutAssertions(chosenSubject))
    : NO_RESULTS;
  const askedTests = await withRunCount(clock, () => breakExpectations(chosenSubject));
  const units = comment.isUsable
    ? await withRunCount(clock, () => breakUnits(chosenSubject))
    : { ...NO_RESULTS, asked: [] as AskedUnit[] };
  const auditorAlone = await withRunCount(clock, () => runAuditorTestsAlone(chosenSubject));
  const floor = overrides?.floor_percent ?? FLOOR_PERCENT;
  const oldTestKeys = new Set(candidate.old.map(keyOf));
  const runFindings = [
    ...comment.findings,
    ...assertions.findings,
    ...auditorAlone.findings,
    ...askedTests.neverFailing
      .filter((test) => !isShownByUnits(test, units.asked, material))
      .map(({ finding }) => finding),
    ...findTestsNeverRed({ ...units, ...testFilesOf(chosenSubject) }),
    ...judgeUnits(units.asked, floor).findings,
    ...findNothingMeasured(chosenSubject, units.asked),
    ...findCommandOnlyFailures(units.asked),
    // If only tests of the change ran, an old test might have noticed the break too.
    ...(candidate.keepsAll && !isByFiles(chosenSubject.series, candidate.method)
      ? findUnprovenKept(units.asked, oldTestKeys)
      : []),
  ];
  const replayed = await withRunCount(clock, () => replayWithinBudget(chosenSubject));
  const findings = [...runFindings, ...replayed.findings];
  const notes = [
    ...comment.notes,
    ...askedTests.notes,
    ...units.notes,
    ...auditorAlone.notes,
    ...replayed.notes,
    ...material.notes,
  ];
  // The names of the series are stored.
  const reportedSeries = {
    ...{ comment: toSeries(comment), expectations: toSeries(askedTests), units: toSeries(units) },
    ...{ apart: toSeries(auditorAlone), guise: toSeries(replayed) },
  };
  const results = { subject: chosenSubject, tests: askedTests, units: units.asked, findings, notes };
  return keepSummary(deps, { ...results, series: reportedSeries });
}

const NO_RESULTS = { findings: [] as ExperimentFinding[], notes: [] as string[], runs: 0 };

async function withRunCount<T>(clock: Clock, work: () => Promise<T>): Promise<T & { runs: number }> {
  const runsBefore = clock.runs();
  const result = await work();
  return { ...result, runs: clock.runs() - runsBefore };
}

function toSeries({ runs, notes, isUsable = true }: { runs: number; notes: string[]; isUsable?: boolean }) {
  return { runs, notes, isUsable };
}

/** Gives a finding for a person where the command ran no test at any break, so that nothing was measured. */
function findNothingMeasured({ material: { units, sources } }: Subject, asked: AskedUnit[]): ExperimentFinding[] {
  const [first] = units;
  if (first === undefined || asked.length === 0 || asked.some((unit) => outcomeOf(unit) !== 'not_run')) return [];
  if (asked.some(({ answer }) => answer.endsBadly === true)) return [];
  const says = `the experiments show nothing: with any of ${units.length} breaks in ${sources.length} changed files the test command runs no test`;
  return [{ kind: 'nothing_asked', path: first.path, line: first.line, says, mender: 'person' }];
}

/** Gives the test files of the Test Auditor and of the Code Writer, and the results of their tests with nothing broken. */
function testFilesOf({ candidate, reference, material }: Subject) {
  const { locked, changedTests, without } = candidate;
  const files = [
    ...locked.map((file) => ({ ...file, mender: 'test_auditor' as const })),
    ...changedTests.map((file) => ({ ...file, mender: 'code_writer' as const })),
  ];
  return { files, without, passed: [...reference.passed.values()], found: material.units.length };
}

/** True if a break makes the test fail, or if a break that could do so was not tried. Such a test needs no value that can be changed. */
function isShownByUnits(
  { runs, isPerturbed }: AskedTests['neverFailing'][number],
  asked: AskedUnit[],
  { units }: Material,
): boolean {
  if (isPerturbed) return false;
  // A break that was not tried could have turned it red.
  if (asked.length < units.length) return true;
  const keys = new Set(runs.map(keyOf));
  const answers = asked.flatMap(({ answer, repeated }) => [answer, ...(repeated === null ? [] : [repeated])]);
  // If no break could be tried, nothing shows that the test cannot fail.
  if (answers.every(({ outcome }) => outcome === 'not_run')) return true;
  return answers.some(
    ({ outcome, red }) =>
      outcome === 'noticed' && (red.length === 0 || keys.size === 0 || red.some((test) => keys.has(keyOf(test)))),
  );
}
