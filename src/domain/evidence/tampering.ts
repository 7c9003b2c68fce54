/**
 * Tampering: what a coder's change does to the tests it is judged by, to their settings, or to the CI. Pure.
 *
 * New test files are fine. Everything found here is shown by name, and only a person's approval of exactly it lifts it.
 */
import { isCiPath, isTestPath, isTestSetting, testKeysOf } from '../files';
import type { TestConventions } from '../files';

export interface PathChange {
  path: string;
  /** Digests of the content; null where there is no such file. */
  before: string | null;
  after: string | null;
}
/** Tests of the Test Auditor: their paths and the digest of what each must hold. */
export interface Locked {
  digest: string;
  files: Record<string, string>;
}
interface Judged {
  changes: PathChange[];
  /** Locked paths whose content is not the locked one any more. */
  unlocked: string[];
  locked: Locked | null;
  /** The root package.json before and after. */
  manifest: { before: string | null; after: string | null };
  /** Files that the test command names: whatever they are called, they judge. */
  named: string[];
  /** True where the build began with no file at all: whoever starts a project chooses its settings. */
  fromNothing: boolean;
  runners: Pick<TestConventions, 'protects' | 'manifestKeys'>;
}

export function findTampering({ changes, unlocked, locked, named, fromNothing, ...judged }: Judged): PathChange[] {
  const { manifest, runners } = judged;
  const keysOf = (text: string | null): string => testKeysOf(text, runners);
  const isLocked = (path: string): boolean => Object.hasOwn(locked?.files ?? {}, path);
  const found = changes.filter(({ path, before }) => {
    if (isLocked(path)) return unlocked.includes(path);
    if ((isTestPath(path) || named.includes(path)) && before !== null) return true;
    if (path === 'package.json') return before !== null && keysOf(manifest.before) !== keysOf(manifest.after);
    return (isTestSetting(path, runners) || isCiPath(path)) && !fromNothing;
  });
  // A locked test that is as it was at the base, or gone, differs from its lock all the same.
  const rest = unlocked.filter((path) => !found.some((one) => one.path === path));
  return [...found, ...rest.map((path) => ({ path, before: null, after: null }))];
}

/** The canonical text of a tampering set: its digest is what an approval names. */
export function tamperingText(found: PathChange[]): string {
  return JSON.stringify(found.map(({ path, after }) => [path, after]).sort());
}

/** The digest stands before the paths: wherever the text is cut, what an approval has to name is still there. */
export function describeTampering(found: PathChange[], digest: string): string {
  const what = found.map(({ path, before, after }) => {
    if (after === null) return `${path} ${before === null ? 'differs from its lock' : 'deleted'}`;
    return `${path} ${before === null ? 'added' : 'changed'}`;
  });
  const more = what.length > 10 ? ` and ${what.length - 10} more` : '';
  return `tampering with what judges the change (digest ${digest}): ${what.slice(0, 10).join(', ')}${more}; undo it, or have it approved (gate tampering)`;
}
