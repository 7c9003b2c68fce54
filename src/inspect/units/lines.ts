/**
 * Finds units line by line, for languages without a grammar: a comparison is inverted, a number changes, a statement is removed.
 *
 * Text in quotes and in comments stays unchanged, as far as a single line shows it.
 */
import type { ChangedFile, Edit, NotAUnit, UnitKind } from '../../domain/experiments/units';
import { oneMore } from './literals';

export interface LineUnit {
  line: number;
  kind: UnitKind;
  says: string;
  edit: Edit;
}

const COMMENT = /^\s*(?:\/\/|#(?!\[)|--|;|%|\*|\/\*|'|"""|<!--|REM\b)/;
/** The beginning of a declaration or an import. */
const DECLARATION =
  /^\s*(?:import|using|package|module|require|include|use|open|library|from|namespace|protocol|interface|typealias|type|@|#include|local\s+\w+\s*=\s*require)\b/;
const LOG = /\b(?:console|log|logger|NSLog|os_log|Logger|Log)(?:\.\w+)?\s*\(|>&2\b|\bstderr\b/;
const RAISE = /^\s*(?:throw|raise|error|fatalError|preconditionFailure|die|croak)\b/;
const MAX_LINE_CHARS = 1_000;

export function unitsByLines(file: ChangedFile): { units: LineUnit[]; others: Array<Omit<NotAUnit, 'path'>> } {
  const units: LineUnit[] = [];
  const others: Array<Omit<NotAUnit, 'path'>> = [];
  let from = 0;
  for (const [index, text] of file.after.split('\n').entries()) {
    const line = index + 1;
    const at = from;
    from += text.length + 1;
    if (!file.changed.has(line) || !/\w/.test(text) || text.length > MAX_LINE_CHARS) continue;
    const why = reasonOf(text);
    if (why === undefined) units.push(...unitsOfLine(text, { line, at }));
    else others.push({ line, why });
  }
  return { units, others };
}

/** Returns why a line is no unit; undefined if it may be one. */
function reasonOf(text: string): NotAUnit['why'] | undefined {
  if (COMMENT.test(text)) return 'comment';
  if (DECLARATION.test(text)) return 'declaration';
  if (RAISE.test(text)) return 'message';
  return LOG.test(text) ? 'log' : undefined;
}

/** Comparison operators, each with its replacement. */
const FLIPS: ReadonlyArray<readonly [RegExp, string]> = [
  [/(?<=\s)===(?=\s)/, '!=='],
  [/(?<=\s)!==(?=\s)/, '==='],
  [/(?<=\s)==(?=\s)/, '!='],
  [/(?<=\s)(?:!=|~=|\/=)(?=\s)/, '=='],
  [/(?<=\s)<=(?=\s)/, '<'],
  [/(?<=\s)>=(?=\s)/, '>'],
  [/(?<=\s)<(?=\s)/, '<='],
  [/(?<=\s)>(?=\s)/, '>='],
  [/(?<=\s)-eq(?=\s)/, '-ne'],
  [/(?<=\s)-ne(?=\s)/, '-eq'],
  [/(?<=\s)-lt(?=\s)/, '-le'],
  [/(?<=\s)-gt(?=\s)/, '-ge'],
];
/** A call or an assignment that fills the line. */
const STATEMENT =
  /^(\s*)(?!return\b|var\b|let\b|val\b|const\b|local\b|fun\b|func\b|def\b|if\b|for\b|while\b|else\b|end\b|do\b|done\b|fi\b|then\b|case\b)[\w.$:@]+(?:\(.*\)|\s*[-+*/|&]?=\s.*);?\s*$/;
const PLAIN_ASSIGNMENT = /^\s*\w+(?:\s*:\s*\w+)?\s*=[^=]/;

function unitsOfLine(text: string, { line, at }: { line: number; at: number }): LineUnit[] {
  const code = withoutQuoted(text);
  const short = text.trim().slice(0, 80);
  const units: LineUnit[] = [];
  for (const [pattern, replacement] of FLIPS) {
    const found = pattern.exec(code);
    if (found === null) continue;
    const edit = { from: at + found.index, to: at + found.index + found[0].length, text: replacement };
    units.push({ line, kind: 'condition', says: `${short}: ${found[0]} becomes ${replacement}`, edit });
    break;
  }
  const number = /(?<![\w.$#])\d{1,15}(?:\.\d{1,15})?(?![\w.])/.exec(code);
  const otherNumber = number === null ? undefined : oneMore(number[0]);
  if (number !== null && otherNumber !== undefined) {
    const edit = { from: at + number.index, to: at + number.index + number[0].length, text: otherNumber };
    units.push({ line, kind: 'constant', says: `${short}: ${number[0]} becomes ${otherNumber}`, edit });
  }
  if (STATEMENT.test(code) && !PLAIN_ASSIGNMENT.test(code) && isBalanced(code)) {
    const indent = text.length - text.trimStart().length;
    const edit = { from: at + indent, to: at + text.trimEnd().length, text: '' };
    units.push({ line, kind: 'statement', says: `${short}: left out`, edit });
  }
  return units;
}

/** Replaces text in quotes by spaces, so that all positions stay the same. */
function withoutQuoted(text: string): string {
  let blanked = '';
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const sign = text[index] ?? '';
    if (quote !== '') {
      blanked += sign === quote ? sign : ' ';
      if (sign === '\\') {
        blanked += ' ';
        index += 1;
      } else if (sign === quote) quote = '';
      continue;
    }
    if (sign === '"' || sign === "'" || sign === '`') quote = sign;
    if (text.startsWith('//', index)) return blanked.padEnd(text.length);
    blanked += sign;
  }
  return blanked.slice(0, text.length);
}

function isBalanced(code: string): boolean {
  let depth = 0;
  for (const sign of code) {
    if ('([{'.includes(sign)) depth += 1;
    if (')]}'.includes(sign)) depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0;
}
