/**
 * Restores test settings of the base commit in a changed checkout, so that a change cannot choose how it is tested. Pure.
 */
import { isTestSetting } from '../../domain/files';
import type { TestConventions } from '../../domain/files';
import { testScripts } from '../../domain/test-scripts';
import type { LaidFile } from '../../ports/test-runner';

export interface ChangedText {
  path: string;
  /** Null if the file does not exist or is not text. */
  before: string | null;
  after: string | null;
}

interface LayBy extends Pick<TestConventions, 'protects' | 'manifestKeys'> {
  /** The words that the test command and its scripts may call in a package.json. */
  called: readonly string[];
}

/** Returns the base commit's text of each test setting that the change alters or deletes, except `approved` paths. */
export function settingsToRestore(
  changes: ChangedText[],
  runners: LayBy,
  approved: readonly string[] = [],
): LaidFile[] {
  return changes.flatMap(({ path, before, after }) => {
    if (before === null || before === after || approved.includes(path)) return [];
    if (/(^|\/)package\.json$/.test(path)) return restoredManifest({ path, before, after }, runners);
    return isTestSetting(path, runners) ? [{ path, text: before }] : [];
  });
}

const KEYS = ['c8', 'nyc', 'babel'];

/** Returns the changed manifest with the base's test scripts and runner keys; nothing if they are equal. */
function restoredManifest(
  { path, before, after }: ChangedText,
  { manifestKeys, called }: Pick<LayBy, 'manifestKeys' | 'called'>,
): LaidFile[] {
  const [base, changed] = [parse(before), parse(after)];
  if (base === undefined || changed === undefined) return [];
  const keys = [...KEYS, ...manifestKeys];
  const laid = withKeys(changed, base, keys);
  const [own, theirs] = [objectOf(base.scripts), objectOf(changed.scripts)];
  const names = testScripts({ base: own, changed: theirs, words: called });
  const checks = Object.keys({ ...own, ...theirs }).filter((name) => /^(pre|post)?check/.test(name));
  const scripts = withKeys(theirs, own, [...names, ...checks]);
  if (Object.keys(scripts).length > 0 || changed.scripts !== undefined) laid.scripts = scripts;
  return JSON.stringify(laid) === JSON.stringify(changed) ? [] : [{ path, text: `${JSON.stringify(laid, null, 2)}\n` }];
}

function withKeys(
  into: Record<string, unknown>,
  from: Record<string, unknown>,
  keys: string[],
): Record<string, unknown> {
  const laid = { ...into };
  for (const key of keys) {
    if (Object.hasOwn(from, key)) laid[key] = from[key];
    else delete laid[key];
  }
  return laid;
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function parse(text: string | null): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(text ?? 'null');
    return typeof found === 'object' && found !== null && !Array.isArray(found)
      ? (found as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
