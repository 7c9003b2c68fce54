/**
 * What is delivered and what was tested: places of a change where these may differ, or where its text reads as another one. Pure.
 */
import { diffsByPath, shownDiff } from './evidence/diff-sections';
import type { PathChange } from './evidence/tampering';

export interface DeliveredFact {
  path: string;
  /** Counts from 1; null where no line shows it. */
  line: number | null;
  /** Goes on after the path: `has a twin: ...`. */
  what: string;
  /** The line; empty where there is none. */
  text: string;
  /** A person judges all that changes in the file, not this line alone. */
  isWhole?: true;
}

/** All that was found in one file. */
export interface DeliveredOfFile {
  path: string;
  facts: DeliveredFact[];
  /** Of the artifact that shows it. */
  digest: string;
}

const TEXT_LIMIT_CHARS = 500;

/** All that a person judges of one file; its digest is what an approval names. Signs that cannot be seen are written as escapes. */
export function deliveredText(facts: DeliveredFact[], { path, before, after }: PathChange, diff: string): string {
  const found = facts.map(({ line, what, text }) => ({ line, what, text: text.slice(0, TEXT_LIMIT_CHARS) }));
  const about = 'places where another thing may be delivered than was tested, or read than is run';
  const isWhole = facts.some((one) => one.isWhole === true);
  const shown = isWhole ? { before, after, diff: shownDiff(diffsByPath(diff).get(path), { before, after }) } : {};
  return JSON.stringify({ gate: 'delivered', about, path, found, ...shown }, null, 1).replace(
    /[^\n\P{C}]|[\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu,
    (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

export function describeDelivered({ path, line, what }: DeliveredFact): string {
  return `${path}${line === null ? '' : `:${line}`} ${what}`;
}
