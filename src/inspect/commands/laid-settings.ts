/**
 * Settings of the base commit that are laid over a changed checkout, so that a change does not choose how it is tested. Pure.
 */
import { isTestSetting } from '../../domain/files';
import type { TestConventions } from '../../domain/files';
import { testScripts } from '../../domain/test-scripts';
import type { LaidFile } from '../../ports/test-runner';

export interface ChangedText {
  path: string;
  /** Null where there is no such file, or none that is text. */
  before: string | null;
  after: string | null;
}

interface LayBy extends Pick<TestConventions, 'protects' | 'manifestKeys'> {
  /** What the test command and the scripts behind it may call in any package.json. */
  called: readonly string[];
}

/** What stands on the base commit in the files that the change alters or deletes; `approved` paths stay as the change has them. */
export function settingsToLay(changes: ChangedText[], runners: LayBy, approved: readonly string[] = []): LaidFile[] {
  return changes.flatMap(({ path, before, after }) => {
    if (before === null || before === after || approved.includes(path)) return [];
    if (/(^|\/)package\.json$/.test(path)) return laidManifest({ path, before, after }, runners);
    return isTestSetting(path, runners) ? [{ path, text: before }] : [];
  });
}

const KEYS = ['c8', 'nyc', 'babel'];

/** The changed manifest with the base's test scripts and its keys of runners; nothing where they are the same. */
function laidManifest(
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
