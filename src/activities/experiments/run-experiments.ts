/**
 * Runs the experiments on a measured commit. A passing test run is trusted only if its tests fail when the change is broken.
 *
 * The order is: a comment without effect, code without its assertions, changed expectations, broken units, the auditor's tests alone,
 * and the replay. The notes name what the budget left out.
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
import { askReplay } from './ask-replay';
import { isByFiles } from './ask';
import type { Series } from './ask';
import { askAssertions } from './ask-assertions';
import { askComment } from './ask-comment';
import { askTests } from './ask-tests';
import { askUnits } from './ask-units';
import { startClock } from './clock';
import type { Clock } from './clock';
import { readMaterial } from './material';
import type { Material } from './material';
import { createProgress } from '../progress';
import { keepSummary } from './keep-summary';
import type { AskedTests, Candidate, Subject } from './subject';

export async function experimentsOf(deps: Deps, candidate: Candidate): Promise<Experiments> {
  const { method, commit, locked, changedTests, laid, run, known, overrides } = candidate;
  const tests = [...locked, ...changedTests];
  const material = await readMaterial(deps, {
    repo: method.repo,
    base: method.base,
    commit,
    tests,
    isTest: candidate.isTest,
  });
  const budget = budgetOf(run.durationMs, overrides);
  const clock = startClock(budget);
  const progress = createProgress(budget);
  const timeoutMs = Math.min(deps.testTimeoutMs, runTimeoutMs(run.durationMs));
  const series: Series = { deps, method, commit, locked, laid, timeoutMs, clock, onAnswer: progress.add };
  const reference = referenceOf(run, known);
  const whole = { reference, series };
  const subject: Subject = { candidate, material, ...whole, whole };
  const comment = await withRunCount(clock, () => askComment(subject));
  const placed: Subject = { ...subject, ...comment.placed };
  const assertions = comment.isUsable ? await withRunCount(clock, () => askAssertions(placed)) : NOT_ASKED;
  const askedTests = await withRunCount(clock, () => askTests(placed));
  const units = comment.isUsable
    ? await withRunCount(clock, () => askUnits(placed))
    : { ...NOT_ASKED, asked: [] as AskedUnit[] };
  const auditorAlone = await withRunCount(clock, () => runAuditorTestsAlone(placed));
  const floor = overrides?.floor_percent ?? FLOOR_PERCENT;
  const old = new Set(candidate.old.map(keyOf));
  const found = [
    ...comment.findings,
    ...assertions.findings,
    ...auditorAlone.findings,
    ...askedTests.hollow.filter((test) => !isShownByUnits(test, units.asked, material)).map(({ finding }) => finding),
    ...findTestsNeverRed({ ...units, ...testFilesOf(placed) }),
    ...judgeUnits(units.asked, floor).findings,
    ...nothingAsked(placed, units.asked),
    ...findCommandOnlyFailures(units.asked),
    // If only tests of the change ran, an old test might have noticed the break too.
    ...(candidate.keepsAll && !isByFiles(placed.series, candidate.method) ? findUnprovenKept(units.asked, old) : []),
  ];
  const replayed = await withRunCount(clock, () => askReplay(placed));
  const findings = [...found, ...replayed.findings];
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
  const results = { subject: placed, tests: askedTests, units: units.asked, findings, notes };
  return keepSummary(deps, { ...results, series: reportedSeries });
}

const NOT_ASKED = { findings: [] as ExperimentFinding[], notes: [] as string[], runs: 0 };

async function withRunCount<T>(clock: Clock, ask: () => Promise<T>): Promise<T & { runs: number }> {
  const runsBefore = clock.runs();
  const answer = await ask();
  return { ...answer, runs: clock.runs() - runsBefore };
}

function toSeries({ runs, notes, isUsable = true }: { runs: number; notes: string[]; isUsable?: boolean }) {
  return { runs, notes, isUsable };
}

/** Gives a finding for a person where the command ran no test at any break, so that nothing was measured. */
function nothingAsked({ material: { units, sources } }: Subject, asked: AskedUnit[]): ExperimentFinding[] {
  const [first] = units;
  if (first === undefined || asked.length === 0 || asked.some((unit) => outcomeOf(unit) !== 'not_run')) return [];
  if (asked.some(({ answer }) => answer.endsBadly === true)) return [];
  const says = `none of ${units.length} breaks in ${sources.length} changed files could be asked: with a change in them the command runs no test`;
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

/** True if a broken unit makes the test fail, or may do so and was not tried: such a test is good even if none of its values could be changed. */
function isShownByUnits(
  { runs, isPerturbed }: AskedTests['hollow'][number],
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
