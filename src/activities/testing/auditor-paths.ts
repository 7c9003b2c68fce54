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
 * Gives the rule for tools. `began`: the commit at which the auditor began; every later change of the tree is the auditor's own.
 * `seen`: files in which the runner has found tests.
 */
export function auditorPathRule(
  deps: Pick<Deps, 'workspace' | 'readers'>,
  { began, seen }: { began: string; seen: string[] },
): NonNullable<ToolContext['mayWrite']> {
  const { workspace } = deps;
  return async (at, path, content) => {
    if (isStartOrSetup(path))
      return `${JSON.stringify(path)} decides how programs are started or what is installed: no test may bring it`;
    if (isTest(path, seen)) return undefined;
    const start = { ...at, commit: began };
    const changes = at.commit === began ? [] : await workspace.contentChanges(at, began, at.commit);
    // The auditor created this file, so the rule has accepted its path before.
    if (changes.some((change) => change.path === path && change.before === null && change.after !== null))
      return undefined;
    const own = changes.filter((change) => change.after !== null && change.path !== path).map((change) => change.path);
    const texts = await workspace.contents(at, own);
    const files = [...own.map((name) => ({ path: name, content: texts.get(name) ?? null })), { path, content }];
    const foreign = await foreignPaths(deps, start, { files, seen });
    if (!foreign.includes(path)) return undefined;
    const name = JSON.stringify(path);
    return (await workspace.list(start)).some((file) => file.path === path)
      ? `${name} is no test, and was there before: the Test Auditor changes tests, and adds what they read`
      : `${name} is neither a test nor read by one of yours: write the test first that reads this helper, fixture or snapshot, and put code into a folder of tests or fixtures`;
  };
}

/**
 * Gives the paths that are neither tests nor read by the new tests. A helper, a fixture or a snapshot counts as read by tests only if
 * it is new and no source file names it.
 */
export async function foreignPaths(
  deps: Pick<Deps, 'workspace' | 'readers'>,
  at: TreeAt,
  { files, seen }: { files: FileChange[]; seen: string[] },
): Promise<string[]> {
  const { workspace } = deps;
  const never = files.map(({ path }) => path).filter(isStartOrSetup);
  const rest = files.map(({ path }) => path).filter((path) => !isTest(path, seen) && !never.includes(path));
  if (rest.length === 0) return never;
  const listed = (await workspace.list(at)).map(({ path }) => path);
  const texts = new Map(files.map(({ path, content }) => [path, content ?? '']));
  const offered = [...texts.keys()].filter((path) => isTest(path, seen));
  const read =
    offered.length === 0
      ? new Set<string>()
      : await runReader(deps, 'ledTo', { paths: [...listed, ...texts.keys()], texts, roots: offered });
  const isOfTests = async (path: string): Promise<boolean> => {
    if (listed.includes(path) || !mayBeRead(path) || !(SNAPSHOT.test(path) || read.has(path))) return false;
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
    const named = await workspace.filesWith(at, name);
    return !named.some((other) => CODE.test(other) && !isTest(other, seen));
  };
  const judged = await Promise.all(rest.map(async (path) => ((await isOfTests(path)) ? [] : [path])));
  return [...never, ...judged.flat()];
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

function isTest(path: string, seen: string[]): boolean {
  return isTestPath(path) || isBesideTests(path, seen);
}
