/**
 * Finds the test files that a change adds or alters, apart from the locked ones, and the base's tests that the change may lose.
 */
import { isTestSetting } from '../../domain/files';
import type { AllowedLosses } from '../../domain/evidence/baseline';
import type { Named } from '../../domain/evidence/criteria';
import { keyOf } from '../../domain/evidence/baseline';
import type { Locked } from '../../domain/evidence/tampering';
import { calledWords, scriptsOf } from '../../domain/test-scripts';
import { settingsToRestore } from '../../inspect/commands/laid-settings';
import type { LaidFile } from '../../ports/test-runner';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';
import type { TestMethod } from './run-tests';
import type { LockedFile } from './locked-tests';
import type { Touched } from './tampering';

interface TestSpan {
  repo: RepoId;
  base: string;
  commit: string;
  locked: Locked | null;
  isTest(path: string): boolean;
}

/** Gives the changed test files with their new texts, without files that are no text. */
export async function changedTests(
  { workspace }: Pick<Deps, 'workspace'>,
  { repo, base, commit, locked, isTest }: TestSpan,
): Promise<LockedFile[]> {
  const changes = await workspace.contentChanges(repo, base, commit);
  const isFree = (path: string): boolean => !Object.hasOwn(locked?.files ?? {}, path);
  const changedFiles = changes.filter(({ path, after }) => after !== null && isTest(path) && isFree(path));
  const texts = await workspace.contents(
    { ...repo, commit },
    changedFiles.map(({ path }) => path),
  );
  return [...texts].map(([path, text]) => ({ path, text }));
}

/** Gives the base's test settings that the change alters, without the paths that a person has approved. */
export async function settingsOfBase(
  deps: Pick<Deps, 'workspace' | 'runners' | 'checkouts'>,
  method: TestMethod,
  { commit, approved }: { commit: string; approved: string[] },
): Promise<LaidFile[]> {
  const { workspace, runners } = deps;
  const { repo, base, overrides } = method;
  const changes = await workspace.contentChanges(repo, base, commit);
  const isSetting = (path: string): boolean => /(^|\/)package\.json$/.test(path) || isTestSetting(path, runners);
  const paths = changes.flatMap(({ path, before }) => (before !== null && isSetting(path) ? [path] : []));
  if (paths.length === 0) return [];
  const [before, after] = await Promise.all([
    workspace.contents({ ...repo, commit: base }, paths),
    workspace.contents({ ...repo, commit }, paths),
  ]);
  const texts = paths.map((path) => ({ path, before: before.get(path) ?? null, after: after.get(path) ?? null }));
  const { workdir } = await deps.checkouts.look({ ...repo, commit: base }, overrides);
  const called = await calledAtBase(deps, method, workdir);
  return settingsToRestore(texts, { ...runners, called }, approved);
}

/** Gives the names of package.json scripts that the base's test command may call, directly or through other scripts. */
export async function calledAtBase(
  { workspace }: Pick<Deps, 'workspace'>,
  { repo, base, choice }: TestMethod,
  workdir: string,
): Promise<string[]> {
  const path = workdir === '' ? 'package.json' : `${workdir}/package.json`;
  const texts = await workspace.contents({ ...repo, commit: base }, [path]);
  return calledWords(scriptsOf(texts.get(path)), choice.command);
}

/**
 * Tells which old tests the change may lose: tests of files that a person approved, tests of deleted code, and `obsolete` tests, which
 * the Test Auditor has replaced by a criterion. The other tests of these files must still pass.
 */
export function excusedBy(
  { approved, spared }: Pick<Touched, 'approved' | 'spared'>,
  obsolete: Named[] = [],
): AllowedLosses {
  const testsOfDeletedCode = new Set(
    spared.filter(({ why }) => why === 'tests code that is deleted').map(({ path }) => path),
  );
  const replaced = new Set(obsolete.map(keyOf));
  return {
    moved: new Map(spared.flatMap(({ path, to }): Array<[string, string]> => (to === undefined ? [] : [[path, to]]))),
    mayBeLost: (test, { isThere, isShorter }) =>
      testsOfDeletedCode.has(test.file) ||
      (!isThere && (approved.includes(test.file) || (!isShorter && replaced.has(keyOf(test))))),
  };
}
