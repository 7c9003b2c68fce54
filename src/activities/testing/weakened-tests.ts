/**
 * Old test files in which the Test Auditor changes more than the tests that the change turned red: their other tests may show less
 * than they did, under the same names.
 */
import { onlyAddsTests } from '../../domain/evidence/test-edits';
import type { Locked } from '../../domain/evidence/tampering';
import { withoutTests } from '../../inspect/units/without-tests';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';
import type { LockedTests } from './locked-tests';

/** Paths, in the order of the lock. */
export async function weakenedFiles(
  { workspace }: Pick<Deps, 'workspace'>,
  repo: RepoId,
  { base, locked }: { base: string; locked: LockedTests },
): Promise<string[]> {
  const { lock, files } = locked;
  const before = await workspace.contents(
    { ...repo, commit: base },
    files.map(({ path }) => path),
  );
  const weakened = files.map(async ({ path, text }) => {
    const old = before.get(path);
    if (old === undefined || old === text) return [];
    const isObsolete = titlesOf(path, lock);
    const [was, is] = await Promise.all([old, text].map((one) => withoutTests(path, one, isObsolete)));
    return isMore(path, was ?? '', is ?? '') ? [] : [path];
  });
  return (await Promise.all(weakened)).flat();
}

/** Whether a test of the file is one that the change turned red; a run names it with the groups around it. */
function titlesOf(path: string, lock: Locked | null): (title: string) => boolean {
  const names = (lock?.obsolete ?? []).filter(({ file }) => file === path || file === '').map(({ name }) => name);
  return (title) =>
    names.some((name) => name.endsWith(title) && !/\w/.test(name.slice(0, name.length - title.length).slice(-1)));
}

function isMore(path: string, before: string, after: string): boolean {
  const bare = (text: string): string => text.replace(/\s+/g, '');
  return bare(before) === bare(after) || onlyAddsTests(before, after, path) || isAtEnd(path, before, after);
}

const READ_BY_LINE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|scala|groovy|cs)$/;

/** Where no rule knows a test case of the language: what was there begins the file. */
function isAtEnd(path: string, before: string, after: string): boolean {
  return !READ_BY_LINE.test(path) && after.startsWith(before.trimEnd());
}
