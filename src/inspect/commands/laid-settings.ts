/**
 * Settings of the base commit that are laid over a changed checkout, so that a change does not choose how it is tested. Pure.
 */
import { isTestSetting } from '../../domain/files';
import type { TestConventions } from '../../domain/files';
import type { LaidFile } from '../../ports/test-runner';

export interface ChangedText {
  path: string;
  /** Null where there is no such file, or none that is text. */
  before: string | null;
  after: string | null;
}

/** What stands on the base commit in the files that the change alters or deletes; `approved` paths stay as the change has them. */
export function settingsToLay(
  changes: ChangedText[],
  runners: Pick<TestConventions, 'protects' | 'manifestKeys'>,
  approved: readonly string[] = [],
): LaidFile[] {
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
  { manifestKeys }: Pick<TestConventions, 'manifestKeys'>,
): LaidFile[] {
  const [base, changed] = [parse(before), parse(after)];
  if (base === undefined || changed === undefined) return [];
  const keys = [...KEYS, ...manifestKeys];
  const laid = withKeys(changed, base, keys);
  const scripts = withKeys(objectOf(changed.scripts), objectOf(base.scripts), testScripts(base, changed));
  if (Object.keys(scripts).length > 0 || changed.scripts !== undefined) laid.scripts = scripts;
  return JSON.stringify(laid) === JSON.stringify(changed) ? [] : [{ path, text: `${JSON.stringify(laid, null, 2)}\n` }];
}

/** Names of all scripts that the base's tests can call: a script may call any other. */
function testScripts(base: Record<string, unknown>, changed: Record<string, unknown>): string[] {
  const names = new Set([...Object.keys(objectOf(base.scripts)), ...Object.keys(objectOf(changed.scripts))]);
  return [...names].filter((name) => /^(pre|post)?(test|coverage|check)/.test(name));
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
