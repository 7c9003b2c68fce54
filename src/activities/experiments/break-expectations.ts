/**
 * Changes one expected value in each new or changed test and runs the tests: each of these tests must fail. One run has all changed
 * values; if a test still passes, the next run changes another of its values.
 */
import type { Named } from '../../domain/evidence/criteria';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import { perturbationsOfRound, findNeverFailing, testUnitsOf } from '../../domain/experiments/perturbed';
import type { TestUnit } from '../../domain/experiments/perturbed';
import { brokenText } from '../../domain/experiments/units';
import type { Perturbation } from '../../domain/experiments/units';
import type { LaidFile } from '../../ports/test-runner';
import { runExperiment, runExperimentOnCommit } from './run-experiment';
import type { AskedTests, Subject } from './subject';

/** The most expected values that are tried for a test. */
const MAX_ROUNDS = 3;

export async function breakExpectations(subject: Subject): Promise<AskedTests> {
  const { material, reference, series } = subject;
  const ran = [...reference.passed.values()];
  const testUnits = testUnitsOf(material.perturbations, material.without, ran);
  const unitsThatRan = testUnits.filter((unit) => didRun(unit, ran));
  let openUnits = unitsThatRan.filter(({ perturbations }) => perturbations.length > 0);
  const askedCount = openUnits.length;
  for (let round = 0; round < MAX_ROUNDS && openUnits.length > 0; round += 1) {
    const current = openUnits.filter(({ perturbations }) => perturbations[round] !== undefined);
    if (current.length === 0) break;
    // A value outside of the tests affects all tests of its file, so a separate run changes these values.
    const inTests = current.filter(({ test }) => test !== '');
    for (const unitsOfRun of [inTests, current.filter((unit) => !inTests.includes(unit))]) {
      if (unitsOfRun.length === 0) continue;
      const runWithPerturbed = (units: TestUnit[]) =>
        runExperiment(series, reference, textsOf(subject, perturbationsOfRound(units, round)));
      // The runs that search for the passing tests among several do not count, so that time is left for the breaks.
      const stillGreen = await findNeverFailing(unitsOfRun, (units) =>
        units === unitsOfRun ? runWithPerturbed(units) : series.clock.runUncounted(() => runWithPerturbed(units)),
      );
      openUnits = openUnits.filter((unit) => !unitsOfRun.includes(unit) || stillGreen.includes(unit));
    }
  }
  const neverFailing = openUnits.length === 0 ? [] : await repeatOnCommit(subject, openUnits);
  const withoutPerturbation = unitsThatRan.filter(({ perturbations }) => perturbations.length === 0);
  return {
    ...{
      tests: unitsThatRan,
      red: askedCount - neverFailing.length,
      notes: notesOnUnnamed(testUnits.length - unitsThatRan.length),
    },
    neverFailing: [
      ...neverFailing.map((unit) => ({
        finding: neverFailingFinding(subject, unit),
        runs: unit.runs,
        isPerturbed: true,
      })),
      ...findIdleAssertions(subject, ran),
      ...withoutPerturbation.map((unit) => ({
        finding: neverFailingFinding(subject, unit),
        runs: unit.runs,
        isPerturbed: false,
      })),
    ],
  };
}

/** Gives findings for lines that look like an assertion and assert nothing. */
function findIdleAssertions({ material, candidate }: Subject, ran: Named[]): AskedTests['neverFailing'] {
  return material.idle.flatMap(({ path, line, test, says }) => {
    const [unit] = testUnitsOf([], [{ path, line, test }], ran);
    if (unit === undefined || !didRun(unit, ran)) return [];
    const subject = test === '' ? 'the file' : `the test "${test}"`;
    const message = `${subject} ${says}; let it compare with what was promised`.slice(0, 400);
    const finding = {
      kind: 'test_shows_nothing' as const,
      path,
      line,
      says: message,
      mender: menderOf(candidate, path),
    };
    return [{ finding, runs: unit.runs, isPerturbed: true }];
  });
}

function notesOnUnnamed(count: number): string[] {
  return count === 0
    ? []
    : [`the run names ${count} new or changed tests not at all, so none of their expected values was changed`];
}

/** False for tests that did not run or were skipped: they are no evidence, so they need not fail. */
function didRun({ path, runs, test }: TestUnit, ran: Array<{ file: string }>): boolean {
  if (runs.length > 0) return true;
  const isNamed = ran.some(({ file }) => file === path);
  return isNamed ? test === '' : ran.every(({ file }) => file === '');
}

/** Tries the tests that still passed once more, on a commit with the changed values. */
async function repeatOnCommit(subject: Subject, open: TestUnit[]): Promise<TestUnit[]> {
  const { series, reference } = subject.allTests;
  return findNeverFailing(open, (units) =>
    runExperimentOnCommit(series, reference, textsOf(subject, perturbationsOfRound(units, 0))),
  );
}

function textsOf({ material }: Subject, perturbations: Perturbation[]): LaidFile[] {
  return [...material.tests, ...material.sources].flatMap(({ path, after }) => {
    const edits = perturbations.filter((perturbation) => perturbation.path === path).map(({ edit }) => edit);
    return edits.length === 0 ? [] : [{ path, text: brokenText(path, after, ...edits) }];
  });
}

function neverFailingFinding({ candidate }: Subject, { path, line, test, perturbations }: TestUnit): ExperimentFinding {
  const triedValues = perturbations.slice(0, MAX_ROUNDS).map(({ says }) => says);
  const reason =
    triedValues.length > 0
      ? `still passes with another expected value (${triedValues.join('; ')})`
      : 'asserts nothing, and it fails at no break of the change';
  const says = `the test "${test}" shows nothing: it ${reason}`.slice(0, 400);
  return { kind: 'test_shows_nothing', path, line, says, mender: menderOf(candidate, path) };
}

function menderOf({ locked }: Subject['candidate'], path: string): ExperimentFinding['mender'] {
  return locked.some((file) => file.path === path) ? 'test_auditor' : 'code_writer';
}
