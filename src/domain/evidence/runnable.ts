/**
 * Decides by name and by the files of a run which files a test runner runs; helpers, fixtures and snapshots are not run.
 */

import { keyOf } from './baseline';
import { namedTests } from './criteria';
import type { Named } from './criteria';
import type { TestCounts } from './evidence';

interface TestText {
  path: string;
  text: string;
}

/** File names of tests: `test_x.py`, `x.spec.ts`, `x_test.go`, `tests.py`, `SumTest.java`. */
const NAMED_AS_TEST = /^(?:tests?[_-].*|.*[._-](?:test|spec)s?|tests?)\.[a-z]+$|Tests?\.(?:java|kt|cs|scala)$/i;
/** Endings of data files, which no runner runs. */
const DATA_EXTENSION =
  /^\.(?:json5?|jsonl|ya?ml|toml|ini|csv|tsv|txt|md|rst|html?|xml|svg|snap|lock|golden|out|in|png|gz|zip)$/i;

/** True if the runner is expected to run this file. `seen`: paths of the files that ran. */
export function isRunnable(path: string, seen: string[]): boolean {
  const { folder, name, extension } = partsOf(path);
  if (NAMED_AS_TEST.test(name)) return !DATA_EXTENSION.test(extension);
  if (seen.some((file) => NAMED_AS_TEST.test(partsOf(file).name))) return false;
  return seen.map(partsOf).some((one) => one.folder === folder && one.extension === extension);
}

/** False for a file with a test name but no tests, such as Go benchmarks and helpers, or modules shared by Rust tests. */
export function holdsTests({ path, text }: TestText): boolean {
  if (path.endsWith('_test.go')) return /^func (?:Test|Example|Fuzz)/m.test(text);
  return !path.endsWith('.rs') || RUST_TEST.test(text);
}

/**
 * Returns the test files of which no test ran; an empty list if the run does not name all its tests. `earlierTests`: the tests of an
 * earlier run.
 */
export function findUnrunFiles(
  files: TestText[],
  run: { tests: Named[]; counts: TestCounts | null },
  earlierTests: Named[],
): string[] {
  const { counts, tests } = run;
  if (namedTests(tests, counts) === null) return [];
  const seen = [...new Set(tests.map(({ file }) => file))].filter((file) => file !== '');
  const oldKeys = new Set(earlierTests.map(keyOf));
  // A test without a file, or under a new file name, may belong to any file that contains its name.
  const testsOfUnknownFile = tests.filter((test) => test.file === '' || !oldKeys.has(keyOf(test)));
  const isTest = ({ path, text }: TestText): boolean =>
    (isRunnable(path, seen) || RUST_FOLDER.test(path)) && holdsTests({ path, text }) && TEST_CALLS.test(text);
  return files
    .filter((file) => !seen.includes(file.path) && isTest(file))
    .filter(({ text }) => !testsOfUnknownFile.some(({ name }) => isNamedIn(text, name)))
    .map(({ path }) => path);
}

/** True if the text contains a test's own name: the function for Go (`TestSum/of_none`), the last part of the name otherwise. */
export function isNamedIn(text: string, name: string): boolean {
  const parts = name.split(/\s+[>›]\s+|::|\//);
  const ownName = /^(?:Test|Example|Fuzz)/.test(parts[0] ?? '') ? parts[0] : parts.at(-1);
  const bareName = ownName?.replace(/\[[^[\]]*\]$|\(\)$/, '') ?? '';
  for (let at = text.indexOf(bareName); bareName !== '' && at !== -1; at = text.indexOf(bareName, at + 1))
    // Match whole words only: `adds` is not in `adds_all`.
    if (!/[\w$]/.test(`${text[at - 1] ?? ''}${text[at + bareName.length] ?? ''}`)) return true;
  return false;
}

const RUST_TEST = /#\[(?:\w+::)*(?:test|rstest)\b/;
const RUST_FOLDER = /(^|\/)tests\/[^/]+\.rs$/;
/** The beginning of a test or an assertion in the supported languages. */
const TEST_CALLS =
  /\b(?:describe|it|test|suite|specify|scenario)\w*\s*[.(`]|\bdef test|\bclass \w*Test|@Test\b|#\[(?:\w+::)*\w*test|\bfunc (?:Test|Example|Fuzz)|\bassert/;

function partsOf(path: string): { folder: string; name: string; extension: string } {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return { folder: path.slice(0, path.length - name.length), name, extension: dot <= 0 ? '' : name.slice(dot) };
}
