/**
 * Changed expectations: in each new or changed test one expected value is changed, and the test must turn red. All tests are asked
 * in one run; those that stay green are asked again with another of their values.
 */
import type { Named } from '../../domain/evidence/criteria';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import { roundOf, stayGreen, testUnitsOf } from '../../domain/experiments/perturbed';
import type { TestUnit } from '../../domain/experiments/perturbed';
import { brokenText } from '../../domain/experiments/units';
import type { Perturbation } from '../../domain/experiments/units';
import type { LaidFile } from '../../ports/test-runner';
import { ask, askWithCommit } from './ask';
import type { AskedTests, Subject } from './subject';

/** A test is asked with so many of its values. */
const ROUNDS = 3;

export async function askTests(subject: Subject): Promise<AskedTests> {
  const { material, reference, series } = subject;
  const ran = [...reference.passed.values()];
  const found = testUnitsOf(material.perturbations, material.without, ran);
  const all = found.filter((one) => didRun(one, ran));
  let open = all.filter(({ perturbations }) => perturbations.length > 0);
  const asked = open.length;
  for (let round = 0; round < ROUNDS && open.length > 0; round += 1) {
    const now = open.filter(({ perturbations }) => perturbations[round] !== undefined);
    if (now.length === 0) break;
    // What stands outside of tests runs for all of a file: it is changed in a run of its own.
    const inTests = now.filter(({ test }) => test !== '');
    for (const part of [inTests, now.filter((one) => !inTests.includes(one))]) {
      if (part.length === 0) continue;
      const askOf = (units: TestUnit[]) => ask(series, reference, textsOf(subject, roundOf(units, round)));
      // Taking a part apart must not leave the breaks without time.
      const green = await stayGreen(part, (units) =>
        units === part ? askOf(units) : series.clock.aside(() => askOf(units)),
      );
      // A test without another value has had its rounds.
      open = open.filter((one) => !part.includes(one) || green.includes(one));
    }
  }
  const hollow = open.length === 0 ? [] : await askOnceMore(subject, open);
  const empty = all.filter(({ perturbations }) => perturbations.length === 0);
  return {
    ...{ tests: all, red: asked - hollow.length, notes: unnamedNote(found.length - all.length) },
    hollow: [
      ...hollow.map((one) => ({ finding: hollowFinding(subject, one), runs: one.runs, isPerturbed: true })),
      ...idleIn(subject, ran),
      ...empty.map((one) => ({ finding: hollowFinding(subject, one), runs: one.runs, isPerturbed: false })),
    ],
  };
}

/** Whatever else the tests assert: these lines claim an assertion and hold none. */
function idleIn({ material, candidate }: Subject, ran: Named[]): AskedTests['hollow'] {
  return material.idle.flatMap(({ path, line, test, says }) => {
    const [unit] = testUnitsOf([], [{ path, line, test }], ran);
    if (unit === undefined || !didRun(unit, ran)) return [];
    const subject = test === '' ? 'the file' : `the test "${test}"`;
    const what = `${subject} ${says}; let it compare with what was promised`.slice(0, 400);
    const finding = { kind: 'test_shows_nothing' as const, path, line, says: what, mender: menderOf(candidate, path) };
    return [{ finding, runs: unit.runs, isPerturbed: true }];
  });
}

function unnamedNote(count: number): string[] {
  return count === 0
    ? []
    : [`${count} new or changed tests are not named by the run: their expectations were not asked`];
}

/** Tests of a file that did not run, or that were skipped, are no evidence and need not turn red. */
function didRun({ path, runs, test }: TestUnit, ran: Array<{ file: string }>): boolean {
  if (runs.length > 0) return true;
  const isNamed = ran.some(({ file }) => file === path);
  return isNamed ? test === '' : ran.every(({ file }) => file === '');
}

/** What accuses is asked once more, on a commit with the changed expectations. */
async function askOnceMore(subject: Subject, open: TestUnit[]): Promise<TestUnit[]> {
  const { series, reference } = subject.whole;
  return stayGreen(open, (units) => askWithCommit(series, reference, textsOf(subject, roundOf(units, 0))));
}

function textsOf({ material }: Subject, perturbations: Perturbation[]): LaidFile[] {
  return [...material.tests, ...material.sources].flatMap(({ path, after }) => {
    const edits = perturbations.filter((one) => one.path === path).map(({ edit }) => edit);
    return edits.length === 0 ? [] : [{ path, text: brokenText(path, after, ...edits) }];
  });
}

function hollowFinding({ candidate }: Subject, { path, line, test, perturbations }: TestUnit): ExperimentFinding {
  const tried = perturbations.slice(0, ROUNDS).map(({ says }) => says);
  const what =
    tried.length > 0
      ? `stays green with another expectation (${tried.join('; ')})`
      : 'asserts nothing, and no broken unit of the change turns it red';
  const says = `the test "${test}" shows nothing: it ${what}`.slice(0, 400);
  return { kind: 'test_shows_nothing', path, line, says, mender: menderOf(candidate, path) };
}

function menderOf({ locked }: Subject['candidate'], path: string): ExperimentFinding['mender'] {
  return locked.some((file) => file.path === path) ? 'test_auditor' : 'code_writer';
}
