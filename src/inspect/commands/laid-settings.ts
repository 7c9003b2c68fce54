/**
 * Decides which test settings of the base commit are laid over a changed checkout, so that a change cannot choose how it is
 * tested. Pure.
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

interface SettingNames extends Pick<TestConventions, 'protects' | 'manifestKeys'> {
  /** The words that the test command and its scripts may call in a package.json. */
  called: readonly string[];
}

/** Returns the base commit's text of each test setting that the change alters or deletes, except `approved` paths. */
export function settingsToRestore(
  changes: ChangedText[],
  runners: SettingNames,
  approved: readonly string[] = [],
): LaidFile[] {
  return changes.flatMap(({ path, before, after }) => {
    if (before === null || before === after || approved.includes(path)) return [];
    if (/(^|\/)package\.json$/.test(path)) return restoredManifest({ path, before, after }, runners);
    return isTestSetting(path, runners) ? [{ path, text: before }] : [];
  });
}

/** Keys of a package.json with settings of coverage tools and of a compiler, restored for every runner. */
const SETTING_KEYS = ['c8', 'nyc', 'babel'];

/** Returns the changed manifest with the test scripts and runner keys of the base; none if the change left these as they were. */
function restoredManifest(
  { path, before, after }: ChangedText,
  { manifestKeys, called }: Pick<SettingNames, 'manifestKeys' | 'called'>,
): LaidFile[] {
  const [base, changed] = [parseManifest(before), parseManifest(after)];
  if (base === undefined || changed === undefined) return [];
  const keys = [...SETTING_KEYS, ...manifestKeys];
  const laid = withKeys(changed, base, keys);
  const [baseScripts, changedScripts] = [objectOf(base.scripts), objectOf(changed.scripts)];
  const names = testScripts({ base: baseScripts, changed: changedScripts, words: called });
  const checks = Object.keys({ ...baseScripts, ...changedScripts }).filter((name) => /^(pre|post)?check/.test(name));
  const scripts = withKeys(changedScripts, baseScripts, [...names, ...checks]);
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

function parseManifest(text: string | null): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(text ?? 'null');
    return typeof found === 'object' && found !== null && !Array.isArray(found)
      ? (found as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
