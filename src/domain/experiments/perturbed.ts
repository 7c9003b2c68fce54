/**
 * Which perturbations are made in which round, and which tests they turned red. Pure.
 *
 * One expected value is changed in each test, in all tests at once: a round is one run. Tests that stay green are asked again
 * with another of their values.
 */
import { keyOf } from '../evidence/baseline';
import type { Named } from '../evidence/criteria';
import { RED_LIMIT } from './compare';
import type { Answer } from './compare';
import type { Perturbation } from './units';

/** A test as its file has it: by title, or the file where no title is told. */
export interface TestUnit {
  path: string;
  line: number;
  test: string;
  perturbations: Perturbation[];
  /** Tests of the run that it is; empty where the run does not name it, which leaves the file. */
  runs: Named[];
}

/** `ran`: tests that passed with nothing broken. */
export function testUnitsOf(
  perturbations: readonly Perturbation[],
  without: ReadonlyArray<{ path: string; line: number; test: string }>,
  ran: readonly Named[],
): TestUnit[] {
  const units = new Map<string, TestUnit>();
  for (const { path, line, test } of [...perturbations, ...without]) {
    const key = `${path}\n${test}`;
    if (!units.has(key)) units.set(key, { path, line, test, perturbations: [], runs: runsOf(path, test, ran) });
  }
  for (const one of perturbations) units.get(`${one.path}\n${one.test}`)?.perturbations.push(one);
  return [...units.values()];
}

/** The tests of a run that a title in a file stands for; a title with placeholders stands for several. */
function runsOf(path: string, title: string, ran: readonly Named[]): Named[] {
  if (title === '') return [];
  const ofFile = ran.filter(({ file }) => file === path);
  const [head = ''] = title.split(/\$\{|%[a-z#%]|\{\}/i);
  const isIt = ({ name }: Named): boolean => {
    const last = name.split(/ [>›] |::/).at(-1) ?? name;
    return last === title || last.replace(/\[.*\]$|\(\)$/, '') === title;
  };
  const own = ofFile.filter(isIt);
  // Some runners put suites before a title with a space only.
  const exact = own.length > 0 ? own : ofFile.filter(({ name }) => name.endsWith(` ${title}`));
  if (exact.length > 0 || head === title || head.length < 3) return exact;
  return ofFile.filter(({ name }) => (name.split(/ [>›] /).at(-1) ?? name).startsWith(head));
}

/** The perturbations of a round, from 0; a test that has fewer values is not asked again. */
export function roundOf(units: readonly TestUnit[], round: number): Perturbation[] {
  return units.flatMap(({ perturbations }) => perturbations[round] ?? []);
}

/**
 * True where the answer shows that the test can fail, or where more are red than an answer holds. Of a test that the run does not name, any test of its file, or any at all
 * where the run names no files, speaks for it.
 */
export function isTurnedRed({ path, runs }: TestUnit, { outcome, red }: Answer): boolean {
  if (outcome !== 'noticed') return false;
  if (red.length >= RED_LIMIT) return true;
  if (runs.length === 0) return red.length === 0 || red.some(({ file }) => file === path || file === '');
  const keys = new Set(runs.map(keyOf));
  return red.some((test) => keys.has(keyOf(test)));
}

/** A fuzz target of Go need not compare: beside tests that do, it is a test of its own kind. */
export function asksForNoPanic({ path, test }: TestUnit): boolean {
  return path.endsWith('_test.go') && /^Fuzz(?![a-z])/.test(test);
}

/**
 * The tests of a part that no answer turned red; `askOf` changes the expectations of those that it is given, in one run. Where it
 * does not end, the tests behind the one that hangs have no turn: each half is asked alone, until one test is left, which turned
 * the run red.
 */
export async function stayGreen(part: TestUnit[], askOf: (units: TestUnit[]) => Promise<Answer>): Promise<TestUnit[]> {
  const answer = await askOf(part);
  const green = part.filter((one) => !isTurnedRed(one, answer));
  if (answer.isCutShort !== true || green.length === 0) return green;
  if (part.length === 1) return [];
  const half = Math.ceil(part.length / 2);
  return [...(await stayGreen(part.slice(0, half), askOf)), ...(await stayGreen(part.slice(half), askOf))];
}
