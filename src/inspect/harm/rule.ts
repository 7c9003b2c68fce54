/**
 * What a rule of harmful lines is: one row says what a line does, why that is asked, and how it is known.
 *
 * The ideas are those of eslint-plugin-security, bandit and gosec; `after` names the rule that a row was taken from. Pure.
 */
import type { CodeView, Syntax } from '../asks/code-view';

export interface HarmRule {
  /** The end of a sentence: `line 3 runs text as code`. */
  does: string;
  why: string;
  /** Global. It is matched with the view of a source: no comments, literals in single quotes. */
  pattern: RegExp;
  in?: readonly Syntax[];
  after?: string;
  /** The match may begin in a literal. */
  inText?: true;
  /** It is matched where only the quotes of literals are single ones. */
  hasPlainQuotes?: true;
  /** Only what runs when the file is loaded: it begins at the margin. */
  atTop?: true;
  /** Shown to the overseer and to persons; holds nothing. */
  isNote?: true;
  /** What the rest of the source must have. */
  beside?: RegExp;
  /** A match that says this is honest. */
  unless?: RegExp;
  /** The rest of the question, where a pattern cannot ask it. */
  holds?: (view: CodeView, found: Match) => boolean;
}

export interface Match {
  index: number;
  text: string;
  groups: string[];
}

/** What a line does that a person has to know of. */
export interface Harm {
  /** From 1: where it begins and ends. */
  line: number;
  to: number;
  does: string;
  why: string;
  isNote: boolean;
  /** What stood there before; present where the finding is about what the change altered or took away. */
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

/** Names of what lives for a moment only, or can be made again. */
export const FOR_A_MOMENT =
  /t(?:e?mp|emp\w*)|cache|lock|pid|sock|dist|build|\bout|target|generated|coverage|node_modules|work|scratch|fixture|test/i;

/** A call, or a method of something, that takes away or rewrites what is kept. */
export const DESTROYS =
  /\b(?:unlink|unlinkSync|rm|rmSync|rmdir|rmdirSync|rmtree|removedirs|truncate|truncateSync|writeFile|writeFileSync|appendFile|appendFileSync|write_text|write_bytes|deleteSync|removeSync|emptyDir|emptyDirSync)\b|\b(?:os|fs|File|FileUtils|Files)\.(?:remove|delete|rename|replace|rm_rf|rm_r|rm|write)\w*\b/;
