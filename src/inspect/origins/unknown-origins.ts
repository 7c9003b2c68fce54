/**
 * Finds the unknown code origins that a change adds. Origins that the base already has are not reported. Pure.
 */
import type { OriginFact } from '../../domain/origins';
import type { Origin, OriginFile } from './origin';
import { OPAQUE, readerOf, RUN_LATER } from './readers';

export interface ChangedText extends Omit<OriginFile, 'before' | 'path'> {
  path: string;
  /** Null if the file does not exist or is not text. */
  before: string | null;
  after: string | null;
}

/** Limit of the listed origins of a file. If there are more, a person must read the whole file. */
const LISTED_LIMIT = 50;

/** True for a file that can declare where code comes from. */
export function saysOrigins(path: string): boolean {
  return OPAQUE.test(path) || readerOf(path) !== undefined;
}

export function unknownOrigins({ path, before, after, ...file }: ChangedText): OriginFact[] {
  if (OPAQUE.test(path))
    return [{ path, line: null, what: 'is not a text that can be judged, and code is taken from it' }];
  const read = readerOf(path);
  if (read === undefined) return [];
  if (after === null) return [{ path, line: null, what: 'cannot be read as a text' }];
  const context = { path, before, ...file };
  const former = new Set((before === null ? [] : read(before, context)).map(({ what }) => what));
  const added = new Map(
    read(after, context).flatMap((one) => (former.has(one.what) ? [] : [[one.what, one] as const])),
  );
  const shown = [...added.values()].slice(0, LISTED_LIMIT);
  const facts = shown.map((one) => ({
    ...{ path, line: lineOf(one, after), what: one.what },
    ...(one.runsAfterInstallation === true || RUN_LATER.has(read) ? { runsAfterInstallation: true as const } : {}),
  }));
  const hiddenCount = added.size - shown.length;
  return hiddenCount === 0 ? facts : [...facts, { path, line: null, what: `and ${hiddenCount} more` }];
}

function lineOf(one: Origin, text: string): number | null {
  if ('line' in one) return one.line;
  const at = text.indexOf(one.needle);
  return at < 0 ? null : text.slice(0, at).split('\n').length;
}
