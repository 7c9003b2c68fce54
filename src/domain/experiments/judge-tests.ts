/**
 * Finds test files that fail without the change but that no break of the change makes fail: they test something else, such as
 * their own copy of the code. Pure.
 */
import { keyOf } from '../evidence/baseline';
import type { WithoutChange } from '../evidence/control';
import type { Named } from '../evidence/criteria';
import { RED_LIMIT } from './compare';
import type { Answer } from './compare';
import type { AskedUnit, ExperimentFinding } from './asked-units';

interface TestFilesAndBreaks {
  /** The test files, with the role that last wrote each. */
  files: ReadonlyArray<{ path: string; text: string; mender: ExperimentFinding['mender'] }>;
  /** Tests that passed without a break. */
  passed: readonly Named[];
  /** The run without the change; null if there was none. */
  without: WithoutChange | null;
  /** The breaks that were tried, and the number of all possible breaks. */
  asked: readonly AskedUnit[];
  found: number;
}

/** Reports nothing if a break was left out or a run names no tests, since one more break might have made the tests fail. */
export function findTestsNeverRed({
  files,
  passed,
  without: withoutChange,
  asked,
  found,
}: TestFilesAndBreaks): ExperimentFinding[] {
  if (withoutChange === null || asked.filter(({ unit }) => unit.mark !== 'load').length < found) return [];
  const noticed = asked.flatMap(({ answer, repeated }) =>
    [answer, ...(repeated === null ? [] : [repeated])].filter(({ outcome }) => outcome === 'noticed'),
  );
  if (noticed.length === 0 || noticed.some(isIncomplete)) return [];
  const failedKeys = new Set(noticed.flatMap((answer) => answer.red.map(keyOf)));
  const passedWithoutChange = new Set(withoutChange.passed.map(keyOf));
  const stems = [...new Set(asked.map(({ unit }) => stemOf(unit.path)))];
  return files.flatMap(({ path, text, mender }) => {
    const ownKeys = passed.filter(({ file }) => file === path).map(keyOf);
    const isOfChange = ownKeys.some((key) => !passedWithoutChange.has(key));
    const isNamed = stems.some((stem) => text.includes(stem));
    if (!isOfChange || !isNamed || ownKeys.some((key) => failedKeys.has(key))) return [];
    const says = `${path}: its tests fail without the change, and stay green with each of ${asked.length} breaks of it: what they ask is not the code of the change`;
    return [{ kind: 'test_shows_nothing' as const, path, line: 1, says: says.slice(0, 400), mender }];
  });
}

/** True if the result does not name every failing test. */
function isIncomplete({ red, open }: Answer): boolean {
  return open !== undefined || red.length === 0 || red.length >= RED_LIMIT;
}

/** The file name without its endings: `src/discount.js` becomes `discount`. */
function stemOf(path: string): string {
  const name = path.split('/').at(-1) ?? path;
  return name.split('.')[0] ?? name;
}
