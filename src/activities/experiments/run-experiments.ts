/**
 * Experiments on a measured candidate: the run of its tests is believed where breaking the change turns it red.
 *
 * In this order: a comment that means nothing, changed expectations of the tests, broken units of the change, and once more all
 * that would accuse. What the budget leaves out is said in the notes.
 */
import { budgetOf, runTimeoutMs } from '../../domain/experiments/budget';
import { referenceOf } from '../../domain/experiments/compare';
import { FLOOR_PERCENT, judgeUnits, notShownKept, onlyEndsBadly, outcomeOf } from '../../domain/experiments/judge';
import type { AskedUnit, ExperimentFinding } from '../../domain/experiments/judge';
import { neverTurnedRed } from '../../domain/experiments/judge-tests';
import type { Experiments } from '../../domain/experiments/summary';
import { keyOf } from '../../domain/evidence/baseline';
import type { Deps } from '../deps';
import { askApart } from './ask-apart';
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
  const { method, commit, locked, changedTests, laid, run, known, wish } = candidate;
  const tests = [...locked, ...changedTests];
  const material = await readMaterial(deps, {
    repo: method.repo,
    base: method.base,
    commit,
    tests,
    isTest: candidate.isTest,
  });
  const budget = budgetOf(run.durationMs, wish);
  const clock = startClock(budget);
  const progress = createProgress(budget);
  const timeoutMs = Math.min(deps.testTimeoutMs, runTimeoutMs(run.durationMs));
  const series: Series = { deps, method, commit, locked, laid, timeoutMs, clock, onAnswer: progress.add };
  const reference = referenceOf(run, known);
  const whole = { reference, series };
  const subject: Subject = { candidate, material, ...whole, whole };
  const said = await counted(clock, () => askComment(subject));
  const placed: Subject = { ...subject, ...said.placed };
  const bare = said.isUsable ? await counted(clock, () => askAssertions(placed)) : NOT_ASKED;
  const askedTests = await counted(clock, () => askTests(placed));
  const units = said.isUsable
    ? await counted(clock, () => askUnits(placed))
    : { ...NOT_ASKED, asked: [] as AskedUnit[] };
  const apart = await counted(clock, () => askApart(placed));
  const floor = wish?.floor_percent ?? FLOOR_PERCENT;
  const old = new Set(candidate.old.map(keyOf));
  const found = [
    ...said.findings,
    ...bare.findings,
    ...apart.findings,
    ...askedTests.hollow.filter((one) => !isShownByUnits(one, units.asked, material)).map(({ finding }) => finding),
    ...neverTurnedRed({ ...units, ...askedOf(placed) }),
    ...judgeUnits(units.asked, floor).findings,
    ...nothingAsked(placed, units.asked),
    ...onlyEndsBadly(units.asked),
    // Where only tests of the change ran, an old one may have noticed, too.
    ...(candidate.keepsAll && !isByFiles(placed.series, candidate.method) ? notShownKept(units.asked, old) : []),
  ];
  const replayed = await counted(clock, () => askReplay(placed));
  const findings = [...found, ...replayed.findings];
  const notes = [
    ...said.notes,
    ...askedTests.notes,
    ...units.notes,
    ...apart.notes,
    ...replayed.notes,
    ...material.notes,
  ];
  const made = {
    ...{ comment: toSeries(said), expectations: toSeries(askedTests), units: toSeries(units) },
    ...{ apart: toSeries(apart), guise: toSeries(replayed) },
  };
  return keepSummary(deps, { subject: placed, tests: askedTests, units: units.asked, findings, notes, series: made });
}

const NOT_ASKED = { findings: [] as ExperimentFinding[], notes: [] as string[], runs: 0 };

async function counted<T>(clock: Clock, ask: () => Promise<T>): Promise<T & { runs: number }> {
  const before = clock.runs();
  const answer = await ask();
  return { ...answer, runs: clock.runs() - before };
}

function toSeries({ runs, notes, isUsable = true }: { runs: number; notes: string[]; isUsable?: boolean }) {
  return { runs, notes, isUsable };
}

/** Where neither a break nor another expectation says anything, nothing was measured, and a person decides. */
function nothingAsked({ material: { units, sources } }: Subject, asked: AskedUnit[]): ExperimentFinding[] {
  const [first] = units;
  if (first === undefined || asked.length === 0 || asked.some((one) => outcomeOf(one) !== 'not_run')) return [];
  if (asked.some(({ answer }) => answer.endsBadly === true)) return [];
  const says = `none of ${units.length} breaks in ${sources.length} changed files could be asked: with a change in them the command runs no test`;
  return [{ kind: 'nothing_asked', path: first.path, line: first.line, says, mender: 'person' }];
}

/** The test files that the Test Auditor and the Code Writer wrote, and what their tests did with nothing broken. */
function askedOf({ candidate, reference, material }: Subject) {
  const { locked, changedTests, without } = candidate;
  const files = [
    ...locked.map((file) => ({ ...file, mender: 'test_auditor' as const })),
    ...changedTests.map((file) => ({ ...file, mender: 'code_writer' as const })),
  ];
  return { files, without, passed: [...reference.passed.values()], found: material.units.length };
}

/** A test without an expected value that is known shows something where a broken unit turns it red. */
function isShownByUnits(
  { runs, isPerturbed }: AskedTests['hollow'][number],
  asked: AskedUnit[],
  { units }: Material,
): boolean {
  if (isPerturbed) return false;
  // One that was not asked could have turned it red.
  if (asked.length < units.length) return true;
  const keys = new Set(runs.map(keyOf));
  const answers = asked.flatMap(({ answer, repeated }) => [answer, ...(repeated === null ? [] : [repeated])]);
  // Where nothing was broken, nothing says that it cannot fail.
  if (answers.every(({ outcome }) => outcome === 'not_run')) return true;
  return answers.some(
    ({ outcome, red }) =>
      outcome === 'noticed' && (red.length === 0 || keys.size === 0 || red.some((test) => keys.has(keyOf(test)))),
  );
}
