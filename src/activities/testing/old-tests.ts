/**
 * Reads the old test files that the Test Auditor may update. The auditor answers with whole files, and the diff rarely shows them.
 *
 * Files that the change turned red come first; among them those that the compiler refuses, then the short ones, so that as many files
 * as possible are shown completely.
 */
import { isTestPath } from '../../domain/files';
import type { OldTest } from '../../domain/context';
import type { Named } from '../../domain/evidence/criteria';
import { compileErrorFiles } from '../../inspect/test-output/compile-errors';
import { isNamedIn } from '../../domain/evidence/runnable';
import type { TreeAt, Workspace } from '../../ports/workspace';
import type { Measured } from './measure';

/** The most characters of all files together. */
const MAX_OLD_TESTS_CHARS = 120_000;

type RedTests = Pick<Measured, 'tests' | 'turnedRed' | 'redBefore'>;

export async function readOldTests(workspace: Workspace, at: TreeAt, red: RedTests | undefined): Promise<OldTest[]> {
  const { tests: ran, turnedRed, redBefore } = red ?? { tests: [], turnedRed: [], redBefore: [] };
  const refused = ran.flatMap(compileErrorFiles);
  const isRefused = (path: string): boolean => refused.some((name) => path === name || path.endsWith(`/${name}`));
  const seen = new Set<string>();
  const shown: OldTest[] = [];
  let leftChars = MAX_OLD_TESTS_CHARS;
  for (const tests of [turnedRed, redBefore]) {
    const texts = [...(await textsOf(workspace, at, tests))].filter(([path]) => !seen.has(path));
    const sortedTexts = texts.sort(
      ([a, one], [b, other]) => Number(isRefused(b)) - Number(isRefused(a)) || one.length - other.length,
    );
    for (const [path, text] of sortedTexts) {
      seen.add(path);
      const part = text.slice(0, leftChars);
      leftChars -= part.length;
      shown.push({ path, text: part, missingChars: text.length - part.length });
    }
  }
  return shown;
}

async function textsOf(workspace: Workspace, at: TreeAt, tests: Named[]): Promise<Map<string, string>> {
  const paths = new Set(tests.map(({ file }) => file).filter((file) => file !== ''));
  const testsWithoutFile = tests.filter(({ file }) => file === '');
  const texts = await workspace.contents(at, [...paths]);
  if (testsWithoutFile.length === 0) return texts;
  // If the runner names no file for a test, search the files for the test's name.
  const allTestFiles = (await workspace.list(at)).map(({ path }) => path).filter((path) => isTestPath(path));
  for (const [path, text] of await workspace.contents(at, allTestFiles))
    if (testsWithoutFile.some(({ name }) => isNamedIn(text, name))) texts.set(path, text);
  return texts;
}
