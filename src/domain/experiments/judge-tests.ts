/**
 * Test files that fail without the change, and that no break of it turns red: they ask something else in its place, such as a
 * stand-in of their own. Pure.
 */
import { keyOf } from '../evidence/baseline';
import type { WithoutChange } from '../evidence/control';
import type { Named } from '../evidence/criteria';
import { RED_LIMIT } from './compare';
import type { Answer } from './compare';
import type { AskedUnit, ExperimentFinding } from './asked-units';

interface Told {
  /** Test files by the role that wrote them last. */
  files: ReadonlyArray<{ path: string; text: string; mender: ExperimentFinding['mender'] }>;
  /** Tests that passed with nothing broken. */
  passed: readonly Named[];
  /** Null where the tests did not run without the change. */
  without: WithoutChange | null;
  /** Breaks that were asked, and how many there are. */
  asked: readonly AskedUnit[];
  found: number;
}

/** Nothing is found where a break was left out, or where a run names no tests: one more break could have turned them red. */
export function neverTurnedRed({ files, passed, without, asked, found }: Told): ExperimentFinding[] {
  if (without === null || asked.filter(({ unit }) => unit.mark !== 'load').length < found) return [];
  const noticed = asked.flatMap(({ answer, repeated }) =>
    [answer, ...(repeated === null ? [] : [repeated])].filter(({ outcome }) => outcome === 'noticed'),
  );
  if (noticed.length === 0 || noticed.some(isInPart)) return [];
  const red = new Set(noticed.flatMap((answer) => answer.red.map(keyOf)));
  const green = new Set(without.passed.map(keyOf));
  const stems = [...new Set(asked.map(({ unit }) => stemOf(unit.path)))];
  return files.flatMap(({ path, text, mender }) => {
    const own = passed.filter(({ file }) => file === path).map(keyOf);
    const isOfChange = own.some((key) => !green.has(key));
    const isNamed = stems.some((stem) => text.includes(stem));
    if (!isOfChange || !isNamed || own.some((key) => red.has(key))) return [];
    const says = `${path}: its tests fail without the change, and stay green with each of ${asked.length} breaks of it: what they ask is not the code of the change`;
    return [{ kind: 'test_shows_nothing' as const, path, line: 1, says: says.slice(0, 400), mender }];
  });
}

/** The answer does not name all that is red. */
function isInPart({ red, open }: Answer): boolean {
  return open !== undefined || red.length === 0 || red.length >= RED_LIMIT;
}

/** The last name of a path without its endings: `src/discount.js` is `discount`. */
function stemOf(path: string): string {
  const name = path.split('/').at(-1) ?? path;
  return name.split('.')[0] ?? name;
}
