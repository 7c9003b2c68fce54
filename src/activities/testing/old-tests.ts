/**
 * The texts of the old test files that the Test Auditor may update: it answers with whole files, and the change rarely shows them.
 *
 * Files that the change turned red come first, and of these the short ones: more of them are whole before the room is used up.
 */
import { isTestPath } from '../../domain/files';
import type { OldTest } from '../../domain/context';
import type { Named } from '../../domain/evidence/criteria';
import { isNamedIn } from '../../domain/evidence/runnable';
import type { TreeAt, Workspace } from '../../ports/workspace';
import type { Measured } from './measure';

/** Of all files together. */
const OLD_TESTS_LIMIT_CHARS = 120_000;

type Red = Pick<Measured, 'turnedRed' | 'redBefore'>;

export async function readOldTests(workspace: Workspace, at: TreeAt, red: Red | undefined): Promise<OldTest[]> {
  const { turnedRed, redBefore } = red ?? { turnedRed: [], redBefore: [] };
  const seen = new Set<string>();
  const shown: OldTest[] = [];
  let left = OLD_TESTS_LIMIT_CHARS;
  for (const tests of [turnedRed, redBefore]) {
    const texts = [...(await textsOf(workspace, at, tests))].filter(([path]) => !seen.has(path));
    for (const [path, text] of texts.sort(([, a], [, b]) => a.length - b.length)) {
      seen.add(path);
      const part = text.slice(0, left);
      left -= part.length;
      shown.push({ path, text: part, missingChars: text.length - part.length });
    }
  }
  return shown;
}

async function textsOf(workspace: Workspace, at: TreeAt, tests: Named[]): Promise<Map<string, string>> {
  const paths = new Set(tests.map(({ file }) => file).filter((file) => file !== ''));
  const unplaced = tests.filter(({ file }) => file === '');
  const texts = await workspace.contents(at, [...paths]);
  if (unplaced.length === 0) return texts;
  // A runner that names no files leaves open which one a test stands in: its name says.
  const others = (await workspace.list(at)).map(({ path }) => path).filter((path) => isTestPath(path));
  for (const [path, text] of await workspace.contents(at, others))
    if (unplaced.some(({ name }) => isNamedIn(text, name))) texts.set(path, text);
  return texts;
}
