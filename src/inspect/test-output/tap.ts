/**
 * Plain TAP: its top-level points, one test each. Tests that were planned and are missing have failed. Pure.
 */
import type { TestCase } from '../../ports/test-runner';
import type { Dialect } from './dialect';
import { summarise } from './summary';

/** A point that failed, at any depth. A file or suite that fails only because a test in it did is listed too, as the runner does. */
export const NOT_OK = /^ *not ok \d+(?: -)? (?!.*# *(?:todo|skip)\b)(.+)$/gim;

/** More are not told apart: the plan is a number that the code under test can print. */
const MISSING_LIMIT = 10_000;

/** The tests of an output that is one TAP report; null where it is none. */
export function readTap(output: string): TestCase[] | null {
  const plans = [...output.matchAll(/^1\.\.(\d+)\s*$/gm)];
  // Two plans are two reports, and one of them is somebody else's.
  return plans.length === 1 ? testsOf(output, Number(plans[0]?.[1])) : null;
}

/** Less strict: the last plan counts, and may say why tests are left out. */
export const tap: Dialect = {
  counts(text) {
    const plan = [...text.matchAll(/^1\.\.(\d+)/gm)].at(-1);
    return plan === undefined ? null : summarise(testsOf(text, Number(plan[1]))).counts;
  },
  failing: [NOT_OK],
};

function testsOf(output: string, planned: number): TestCase[] {
  const points = [...output.matchAll(/^(ok|not ok)\b[ \t]*\d*[ \t]*-?[ \t]*(.*)$/gm)];
  const tests = points.map(([, word, rest = '']): TestCase => {
    const isLeftOut = /# *(skip|todo)\b/i.test(rest);
    const name = rest.replace(/\s*#.*$/, '');
    return { file: '', name, status: isLeftOut ? 'skipped' : word === 'ok' ? 'passed' : 'failed' };
  });
  const missing = Math.min(MISSING_LIMIT, Math.max(0, planned - tests.length));
  const lost: TestCase = { file: '', name: '(planned, and not run)', status: 'failed' };
  return [...tests, ...Array.from({ length: missing }, () => lost)];
}
