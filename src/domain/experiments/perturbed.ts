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
 * True where the answer shows that the test can fail. Of a test that the run does not name, any test of its file, or any at all where the
 * run names no files, speaks for it.
 */
export function isTurnedRed({ path, runs }: TestUnit, { outcome, red }: Answer): boolean {
  if (outcome !== 'noticed') return false;
  if (runs.length === 0) return red.length === 0 || red.some(({ file }) => file === path || file === '');
  const keys = new Set(runs.map(keyOf));
  return red.some((test) => keys.has(keyOf(test)));
}

/** Asked alone, it is the only test of its file that did not end. */
function hangsAlone({ path, runs }: TestUnit, { open = [] }: Answer): boolean {
  const keys = new Set(runs.map(keyOf));
  const ofFile = open.filter(({ file }) => file === path);
  return ofFile.length > 0 && ofFile.every((test) => keys.has(keyOf(test)));
}

/** Runs by which a part may be taken apart. */
const MOST_HALVES = 12;

/**
 * The tests of a part that no answer turned red; `askOf` changes the expectations of those that it is given, in one run. Tests behind one
 * that hangs have no turn in it, and of very many red ones not all are named: half of these are asked at a time, in `limit.runs` runs.
 */
export async function stayGreen(
  part: TestUnit[],
  askOf: (units: TestUnit[]) => Promise<Answer>,
  limit = { runs: MOST_HALVES },
): Promise<TestUnit[]> {
  const answer = await askOf(part);
  const green = part.filter((one) => !isTurnedRed(one, answer));
  const unknown = green.filter((one) => isUnknown(one, answer));
  if (part.length === 1) return green.filter((one) => !hangsAlone(one, answer));
  if (unknown.length === 0 || limit.runs < 2) return green;
  limit.runs -= 2;
  const half = Math.ceil(unknown.length / 2);
  const halves = [unknown.slice(0, half), unknown.slice(half)].filter(({ length }) => length > 0);
  const left: TestUnit[] = [];
  for (const units of halves) left.push(...(await stayGreen(units, askOf, limit)));
  return green.filter((one) => !unknown.includes(one) || left.includes(one));
}

function isUnknown({ runs }: TestUnit, { red, open = [] }: Answer): boolean {
  const keys = new Set(runs.map(keyOf));
  return red.length >= RED_LIMIT || open.some((test) => keys.has(keyOf(test)));
}
