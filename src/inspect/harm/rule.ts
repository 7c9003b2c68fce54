/**
 * The shape of a rule for harmful lines: what the line does, why it is reported, and the pattern that finds it.
 *
 * The ideas come from eslint-plugin-security, bandit and gosec; `after` names the rule from which a row was taken.
 * Pure.
 */
import type { CodeView, Syntax } from '../asks/code-view';

export interface HarmRule {
  /** The end of a sentence: `line 3 runs text as code`. */
  does: string;
  why: string;
  /** Has the flag g. Matches the view of a source: without comments, literals in single quotes. */
  pattern: RegExp;
  in?: readonly Syntax[];
  /** The rule or the CWE number that this row was made after. */
  after?: string;
  /** The match may begin in a literal. */
  inText?: true;
  /** Matches a view in which only the quotes of literals are single quotes. */
  hasPlainQuotes?: true;
  /** Matches only at the start of a line, where code runs when the file is loaded. */
  atTop?: true;
  /** The build shows the finding to the Verification Overseer and to people, and continues. */
  isNote?: true;
  /** Must match somewhere in the source. */
  beside?: RegExp;
  /** A match of this pattern is harmless. */
  unless?: RegExp;
  /** A further check that a pattern cannot express. */
  holds?: (view: CodeView, found: Match) => boolean;
}

export interface Match {
  index: number;
  text: string;
  groups: string[];
}

/** What a line does that a person must know. */
export interface Harm {
  /** The first and the last line; from 1. */
  line: number;
  to: number;
  does: string;
  why: string;
  isNote: boolean;
  /** The row before the change, if the finding is about an altered or removed row. */
  gone?: string;
}

const MATCHES_LIMIT = 200;

export function matchesOf(pattern: RegExp, text: string, limit = MATCHES_LIMIT): Match[] {
  const found: Match[] = [];
  for (const { index, 0: all, 1: first = '', 2: second = '' } of text.matchAll(pattern)) {
    if (found.length === limit) break;
    found.push({ index, text: all, groups: [first, second] });
  }
  return found;
}

/** Names of temporary data, and of data that can be created again. */
export const TEMPORARY_DATA =
  /t(?:e?mp|emp\w*)|cache|lock|pid|sock|dist|build|\bout|target|generated|coverage|node_modules|work|scratch|fixture|test/i;

/** A call that deletes or overwrites stored data. */
export const DESTROYS =
  /\b(?:unlink|unlinkSync|rm|rmSync|rmdir|rmdirSync|rmtree|removedirs|truncate|truncateSync|writeFile|writeFileSync|appendFile|appendFileSync|write_text|write_bytes|deleteSync|removeSync|emptyDir|emptyDirSync)\b|\b(?:os|fs|File|FileUtils|Files)\.(?:remove|delete|rename|replace|rm_rf|rm_r|rm|write)\w*\b/;
