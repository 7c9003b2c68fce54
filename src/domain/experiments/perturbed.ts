/**
 * Decides which perturbations (changed expectations in tests) run in which round, and which tests failed because of them. Pure.
 *
 * Each round is one test run in which one expected value of every test is changed at once. Tests that still pass get another
 * of their values changed in the next round.
 */
import { keyOf } from '../evidence/baseline';
import type { Named } from '../evidence/criteria';
import { RED_LIMIT } from './compare';
import type { Answer } from './compare';
import type { Perturbation } from './units';

/** A test as read from its file: named by its title, or by the file if no title can be read. */
export interface TestUnit {
  path: string;
  line: number;
  test: string;
  perturbations: Perturbation[];
  /** The tests of a run that this title stands for; empty if the run does not name it, so that only its file is known. */
  runs: Named[];
}

/** `ranTests`: the tests that passed without a break. */
export function testUnitsOf(
  perturbations: readonly Perturbation[],
  testsWithoutValues: ReadonlyArray<{ path: string; line: number; test: string }>,
  ranTests: readonly Named[],
): TestUnit[] {
  const units = new Map<string, TestUnit>();
  for (const { path, line, test } of [...perturbations, ...testsWithoutValues]) {
    const key = `${path}\n${test}`;
    if (!units.has(key)) units.set(key, { path, line, test, perturbations: [], runs: runsOf(path, test, ranTests) });
  }
  for (const one of perturbations) units.get(`${one.path}\n${one.test}`)?.perturbations.push(one);
  return [...units.values()];
}

/** Returns the tests of a run that belong to a title; a title with placeholders belongs to several. */
function runsOf(path: string, title: string, ranTests: readonly Named[]): Named[] {
  if (title === '') return [];
  const ofFile = ranTests.filter(({ file }) => file === path);
  const [head = ''] = title.split(/\$\{|%[a-z#%]|\{\}/i);
  const hasTitle = ({ name }: Named): boolean => {
    const last = name.split(/ [>›] |::/).at(-1) ?? name;
    return last === title || last.replace(/\[.*\]$|\(\)$/, '') === title;
  };
  const titledTests = ofFile.filter(hasTitle);
  // Some runners separate suites and title only by a space.
  const exactTests = titledTests.length > 0 ? titledTests : ofFile.filter(({ name }) => name.endsWith(` ${title}`));
  if (exactTests.length > 0 || head === title || head.length < 3) return exactTests;
  return ofFile.filter(({ name }) => (name.split(/ [>›] /).at(-1) ?? name).startsWith(head));
}

/** The perturbations of a round, counted from 0. A test with fewer values is left out. */
export function perturbationsOfRound(units: readonly TestUnit[], round: number): Perturbation[] {
  return units.flatMap(({ perturbations }) => perturbations[round] ?? []);
}

/**
 * True if the result shows that the test can fail. If the run does not name the test, any failed test of its file counts, or any
 * failed test at all if the run names no files.
 */
export function canFail({ path, runs }: TestUnit, { outcome, red }: Answer): boolean {
  if (outcome !== 'noticed') return false;
  if (runs.length === 0) return red.length === 0 || red.some(({ file }) => file === path || file === '');
  const keys = new Set(runs.map(keyOf));
  return red.some((test) => keys.has(keyOf(test)));
}

/** True if only this test was perturbed and it is the only unfinished test of its file. */
function hangsByItself({ path, runs }: TestUnit, { open = [] }: Answer): boolean {
  const keys = new Set(runs.map(keyOf));
  const ofFile = open.filter(({ file }) => file === path);
  return ofFile.length > 0 && ofFile.every((test) => keys.has(keyOf(test)));
}

/** Maximum number of runs for splitting one group of tests. */
const MAX_SPLIT_RUNS = 12;

/**
 * Returns the tests of a group that never failed. `askOf` runs the tests once with changed expectations of the given units. The run
 * leaves a test's result unknown if the test comes after one that hangs, or if more tests failed than the answer can list. Then this
 * function splits the unknown tests in two halves and runs each half alone, in at most `limit.runs` runs altogether.
 */
export async function findNeverFailing(
  group: TestUnit[],
  askOf: (units: TestUnit[]) => Promise<Answer>,
  limit = { runs: MAX_SPLIT_RUNS },
): Promise<TestUnit[]> {
  const answer = await askOf(group);
  const greenUnits = group.filter((one) => !canFail(one, answer));
  const unknownUnits = greenUnits.filter((one) => isUnknown(one, answer));
  if (group.length === 1) return greenUnits.filter((one) => !hangsByItself(one, answer));
  if (unknownUnits.length === 0 || limit.runs < 2) return greenUnits;
  limit.runs -= 2;
  const half = Math.ceil(unknownUnits.length / 2);
  const halves = [unknownUnits.slice(0, half), unknownUnits.slice(half)].filter(({ length }) => length > 0);
  const neverFailing: TestUnit[] = [];
  for (const units of halves) neverFailing.push(...(await findNeverFailing(units, askOf, limit)));
  return greenUnits.filter((one) => !unknownUnits.includes(one) || neverFailing.includes(one));
}

function isUnknown({ runs }: TestUnit, { red, open = [] }: Answer): boolean {
  const keys = new Set(runs.map(keyOf));
  return red.length >= RED_LIMIT || open.some((test) => keys.has(keyOf(test)));
}
