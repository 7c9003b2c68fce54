/**
 * Changes one expected value in each new or changed test and runs the tests: each changed test must fail. All are changed in one run;
 * tests that still pass are tried again with another of their values.
 */
import type { Named } from '../../domain/evidence/criteria';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import { perturbationsOfRound, findNeverFailing, testUnitsOf } from '../../domain/experiments/perturbed';
import type { TestUnit } from '../../domain/experiments/perturbed';
import { brokenText } from '../../domain/experiments/units';
import type { Perturbation } from '../../domain/experiments/units';
import type { LaidFile } from '../../ports/test-runner';
import { ask, askWithCommit } from './ask';
import type { AskedTests, Subject } from './subject';

/** The most expected values that are tried for a test. */
const MAX_ROUNDS = 3;

export async function askTests(subject: Subject): Promise<AskedTests> {
  const { material, reference, series } = subject;
  const ran = [...reference.passed.values()];
  const found = testUnitsOf(material.perturbations, material.without, ran);
  const all = found.filter((unit) => didRun(unit, ran));
  let open = all.filter(({ perturbations }) => perturbations.length > 0);
  const asked = open.length;
  for (let round = 0; round < MAX_ROUNDS && open.length > 0; round += 1) {
    const current = open.filter(({ perturbations }) => perturbations[round] !== undefined);
    if (current.length === 0) break;
    // A value outside of the tests concerns all tests of its file, so these values are changed in a run of their own.
    const inTests = current.filter(({ test }) => test !== '');
    for (const part of [inTests, current.filter((unit) => !inTests.includes(unit))]) {
      if (part.length === 0) continue;
      const askOf = (units: TestUnit[]) => ask(series, reference, textsOf(subject, perturbationsOfRound(units, round)));
      // Runs that search for the passing tests of a part do not count, so that time is left for the breaks.
      const green = await findNeverFailing(part, (units) =>
        units === part ? askOf(units) : series.clock.uncounted(() => askOf(units)),
      );
      open = open.filter((unit) => !part.includes(unit) || green.includes(unit));
    }
  }
  const hollow = open.length === 0 ? [] : await askOnceMore(subject, open);
  const empty = all.filter(({ perturbations }) => perturbations.length === 0);
  return {
    ...{ tests: all, red: asked - hollow.length, notes: unnamedNote(found.length - all.length) },
    hollow: [
      ...hollow.map((unit) => ({ finding: hollowFinding(subject, unit), runs: unit.runs, isPerturbed: true })),
      ...idleIn(subject, ran),
      ...empty.map((unit) => ({ finding: hollowFinding(subject, unit), runs: unit.runs, isPerturbed: false })),
    ],
  };
}

/** Gives findings for lines that look like an assertion and assert nothing. */
function idleIn({ material, candidate }: Subject, ran: Named[]): AskedTests['hollow'] {
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

function unnamedNote(count: number): string[] {
  return count === 0
    ? []
    : [`${count} new or changed tests are not named by the run: their expectations were not asked`];
}

/** False for tests that did not run or were skipped: they are no evidence, so they need not fail. */
function didRun({ path, runs, test }: TestUnit, ran: Array<{ file: string }>): boolean {
  if (runs.length > 0) return true;
  const isNamed = ran.some(({ file }) => file === path);
  return isNamed ? test === '' : ran.every(({ file }) => file === '');
}

/** Tries the tests that still passed once more, on a commit with the changed values. */
async function askOnceMore(subject: Subject, open: TestUnit[]): Promise<TestUnit[]> {
  const { series, reference } = subject.whole;
  return findNeverFailing(open, (units) =>
    askWithCommit(series, reference, textsOf(subject, perturbationsOfRound(units, 0))),
  );
}

function textsOf({ material }: Subject, perturbations: Perturbation[]): LaidFile[] {
  return [...material.tests, ...material.sources].flatMap(({ path, after }) => {
    const edits = perturbations.filter((perturbation) => perturbation.path === path).map(({ edit }) => edit);
    return edits.length === 0 ? [] : [{ path, text: brokenText(path, after, ...edits) }];
  });
}

function hollowFinding({ candidate }: Subject, { path, line, test, perturbations }: TestUnit): ExperimentFinding {
  const tried = perturbations.slice(0, MAX_ROUNDS).map(({ says }) => says);
  const reason =
    tried.length > 0
      ? `stays green with another expectation (${tried.join('; ')})`
      : 'asserts nothing, and no broken unit of the change turns it red';
  const says = `the test "${test}" shows nothing: it ${reason}`.slice(0, 400);
  return { kind: 'test_shows_nothing', path, line, says, mender: menderOf(candidate, path) };
}

function menderOf({ locked }: Subject['candidate'], path: string): ExperimentFinding['mender'] {
  return locked.some((file) => file.path === path) ? 'test_auditor' : 'code_writer';
}
