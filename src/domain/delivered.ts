/**
 * Facts of the gate `delivered`: places of a change where the delivered code may differ from the tested code, or from what a reader sees. Pure.
 */
import { diffsByPath, shownDiff } from './evidence/diff-sections';
import type { PathChange } from './evidence/tampering';

export interface DeliveredFact {
  path: string;
  /** The line number from 1; null if the fact belongs to no line. */
  line: number | null;
  /** The description, which follows the path in messages: `has a twin: ...`. */
  what: string;
  /** The text of the line; empty if there is none. */
  text: string;
  /** The text for the person shows the whole change of the file, not only this line. */
  showsWholeChange?: true;
}

/** All facts found in one file. */
export interface DeliveredOfFile {
  path: string;
  facts: DeliveredFact[];
  /** Digest of the artifact that shows them. */
  digest: string;
}

const TEXT_LIMIT_CHARS = 500;

/** The text that a person judges for one file; an approval names its digest. Invisible characters are written as escapes. */
export function deliveredText(facts: DeliveredFact[], { path, before, after }: PathChange, diff: string): string {
  const found = facts.map(({ line, what, text }) => ({ line, what, text: text.slice(0, TEXT_LIMIT_CHARS) }));
  const about = 'places where another thing may be delivered than was tested, or read than is run';
  const showsWholeChange = facts.some((one) => one.showsWholeChange === true);
  const shown = showsWholeChange
    ? { before, after, diff: shownDiff(diffsByPath(diff).get(path), { before, after }) }
    : {};
  // Matches control and format characters except line feeds, and characters that are shown as nothing.
  return JSON.stringify({ gate: 'delivered', about, path, found, ...shown }, null, 1).replace(
    /[^\n\P{C}]|[\u034f\u115f\u1160\u17b4\u17b5\u2028\u2029\u2800\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/gu,
    (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

export function describeDelivered({ path, line, what }: DeliveredFact): string {
  return `${path}${line === null ? '' : `:${line}`} ${what}`;
}
