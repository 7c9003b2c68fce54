/**
 * Decides which paths the Test Auditor may write: tests, and the helpers and data that its tests read.
 *
 * The same rule holds for each call of a tool and for the files of a whole answer.
 */
import { isBesideTests, isCiPath, isStartSetting, isTestPath } from '../../domain/files';
import { isSetupFile } from '../../inspect/packages/managers';
import { isGuide } from '../../inspect/delivered/guides';
import { SNAPSHOT } from '../../inspect/judges/data';
import { CODE } from '../../inspect/judges/graph';
import type { FileChange, TreeAt } from '../../ports/workspace';
import type { Deps } from '../deps';
import { runReader } from '../run-reader';
import type { ToolContext } from '../tools';

/**
 * Gives the rule for tools. `startCommit`: the commit at which the auditor began; every later change of the tree is the auditor's own.
 * `testFiles`: files in which the runner has found tests.
 */
export function auditorPathRule(
  deps: Pick<Deps, 'workspace' | 'readers'>,
  { startCommit, testFiles }: { startCommit: string; testFiles: string[] },
): NonNullable<ToolContext['mayWrite']> {
  const { workspace } = deps;
  return async (at, path, content) => {
    if (isStartOrSetup(path))
      return `${JSON.stringify(path)} decides how programs are started or what is installed: the Test Auditor must not write it`;
    if (isTest(path, testFiles)) return undefined;
    const treeAtStart = { ...at, commit: startCommit };
    const changes = at.commit === startCommit ? [] : await workspace.contentChanges(at, startCommit, at.commit);
    // The auditor created this file, so the rule has accepted its path before.
    if (changes.some((change) => change.path === path && change.before === null && change.after !== null))
      return undefined;
    const ownPaths = changes
      .filter((change) => change.after !== null && change.path !== path)
      .map((change) => change.path);
    const texts = await workspace.contents(at, ownPaths);
    const files = [...ownPaths.map((name) => ({ path: name, content: texts.get(name) ?? null })), { path, content }];
    const foreign = await foreignPaths(deps, treeAtStart, { files, testFiles });
    if (!foreign.includes(path)) return undefined;
    const name = JSON.stringify(path);
    return (await workspace.list(treeAtStart)).some((file) => file.path === path)
      ? `${name} is not a test, and it existed before: the Test Auditor changes tests, and adds what they read`
      : `${name} is not a test, and no test of yours reads it: first write the test that reads this helper, fixture or snapshot, and put code into a folder of tests or fixtures`;
  };
}

/**
 * Gives the paths that are neither tests nor read by the new tests. A helper, a fixture or a snapshot counts as read by tests only if
 * it is new and no source file names it.
 */
export async function foreignPaths(
  deps: Pick<Deps, 'workspace' | 'readers'>,
  at: TreeAt,
  { files, testFiles }: { files: FileChange[]; testFiles: string[] },
): Promise<string[]> {
  const { workspace } = deps;
  const forbiddenPaths = files.map(({ path }) => path).filter(isStartOrSetup);
  const otherPaths = files
    .map(({ path }) => path)
    .filter((path) => !isTest(path, testFiles) && !forbiddenPaths.includes(path));
  if (otherPaths.length === 0) return forbiddenPaths;
  const listed = (await workspace.list(at)).map(({ path }) => path);
  const texts = new Map(files.map(({ path, content }) => [path, content ?? '']));
  const testPaths = [...texts.keys()].filter((path) => isTest(path, testFiles));
  const pathsReadByTests =
    testPaths.length === 0
      ? new Set<string>()
      : await runReader(deps, 'ledTo', { paths: [...listed, ...texts.keys()], texts, roots: testPaths });
  const isOfTests = async (path: string): Promise<boolean> => {
    if (listed.includes(path) || !mayBeRead(path) || !(SNAPSHOT.test(path) || pathsReadByTests.has(path))) return false;
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
    const filesWithName = await workspace.filesWith(at, name);
    return !filesWithName.some((other) => CODE.test(other) && !isTest(other, testFiles));
  };
  const judged = await Promise.all(otherPaths.map(async (path) => ((await isOfTests(path)) ? [] : [path])));
  return [...forbiddenPaths, ...judged.flat()];
}

/** True for files that decide how programs are started or what is installed. The auditor may never write them. */
function isStartOrSetup(path: string): boolean {
  return isStartSetting(path) || isSetupFile(path);
}

const TEST_FOLDERS = /(^|\/)(tests?|__\w+__|specs?|e2e|testdata|fixtures?|snapshots?|mocks?|helpers?|support)\//i;

/**
 * True for a path of a helper or a fixture: code in a folder for tests or fixtures, or data in any folder. Paths with a leading dot are
 * refused, because tools read such files without being asked to.
 */
function mayBeRead(path: string): boolean {
  if (path.split('/').some((part) => part.startsWith('.')) || isCiPath(path) || isGuide(path)) return false;
  return CODE.test(path) ? TEST_FOLDERS.test(path) : path.includes('/');
}

function isTest(path: string, testFiles: string[]): boolean {
  return isTestPath(path) || isBesideTests(path, testFiles);
}
