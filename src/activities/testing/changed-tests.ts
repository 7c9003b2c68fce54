/**
 * The test files that a change adds or alters beside the locked ones, and what the base's tests are excused from by it.
 */
import { isTestSetting } from '../../domain/files';
import type { Excused } from '../../domain/evidence/baseline';
import type { Named } from '../../domain/evidence/criteria';
import { keyOf } from '../../domain/evidence/baseline';
import type { Locked } from '../../domain/evidence/tampering';
import { calledWords, scriptsOf } from '../../domain/test-scripts';
import { settingsToLay } from '../../inspect/commands/laid-settings';
import type { LaidFile } from '../../ports/test-runner';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';
import type { Way } from './run-tests';
import type { LockedFile } from './locked-tests';
import type { Touched } from './tampering';

interface TestSpan {
  repo: RepoId;
  base: string;
  commit: string;
  locked: Locked | null;
  isTest(path: string): boolean;
}

/** With their new texts; what is no text is left out. */
export async function changedTests(
  { workspace }: Pick<Deps, 'workspace'>,
  { repo, base, commit, locked, isTest }: TestSpan,
): Promise<LockedFile[]> {
  const changes = await workspace.contentChanges(repo, base, commit);
  const isFree = (path: string): boolean => !Object.hasOwn(locked?.files ?? {}, path);
  const paths = changes.filter(({ path, after }) => after !== null && isTest(path) && isFree(path));
  const texts = await workspace.contents(
    { ...repo, commit },
    paths.map(({ path }) => path),
  );
  return [...texts].map(([path, text]) => ({ path, text }));
}

/** The base's settings of tests where the change alters them, but for the paths that a person approved. */
export async function settingsOfBase(
  deps: Pick<Deps, 'workspace' | 'runners' | 'checkouts'>,
  way: Way,
  { commit, approved }: { commit: string; approved: string[] },
): Promise<LaidFile[]> {
  const { workspace, runners } = deps;
  const { repo, base, wish } = way;
  const changes = await workspace.contentChanges(repo, base, commit);
  const isSetting = (path: string): boolean => /(^|\/)package\.json$/.test(path) || isTestSetting(path, runners);
  const paths = changes.flatMap(({ path, before }) => (before !== null && isSetting(path) ? [path] : []));
  if (paths.length === 0) return [];
  const [before, after] = await Promise.all([
    workspace.contents({ ...repo, commit: base }, paths),
    workspace.contents({ ...repo, commit }, paths),
  ]);
  const texts = paths.map((path) => ({ path, before: before.get(path) ?? null, after: after.get(path) ?? null }));
  const { workdir } = await deps.checkouts.look({ ...repo, commit: base }, wish);
  const called = await calledAtBase(deps, way, workdir);
  return settingsToLay(texts, { ...runners, called }, approved);
}

/** What the base's test command, and the scripts that it leads to in its own folder, may call in any package.json. */
export async function calledAtBase(
  { workspace }: Pick<Deps, 'workspace'>,
  { repo, base, choice }: Way,
  workdir: string,
): Promise<string[]> {
  const path = workdir === '' ? 'package.json' : `${workdir}/package.json`;
  const texts = await workspace.contents({ ...repo, commit: base }, [path]);
  return calledWords(scriptsOf(texts.get(path)), choice.command);
}

/**
 * What a person approved, and what needs no person. A file that may differ stays in the baseline but for the tests that are
 * gone from it. `obsolete`: red tests that the Test Auditor may replace, by a criterion: another test stands in the place of each.
 */
export function excusedBy({ approved, spared }: Pick<Touched, 'approved' | 'spared'>, obsolete: Named[] = []): Excused {
  const gone = new Set(spared.filter(({ why }) => why === 'tests code that is deleted').map(({ path }) => path));
  const replaced = new Set(obsolete.map(keyOf));
  return {
    moved: new Map(spared.flatMap(({ path, to }): Array<[string, string]> => (to === undefined ? [] : [[path, to]]))),
    mayBeLost: (test, { isThere, isShorter }) =>
      gone.has(test.file) || (!isThere && (approved.includes(test.file) || (!isShorter && replaced.has(keyOf(test))))),
  };
}
