/**
 * Finds asking lines: lines of a source that detect ("ask") whether the program runs in a test. Comments are not searched, and
 * literals only for words that have no other use. Pure.
 */
import { syntaxOf, viewOf } from './code-view';
import type { CodeView, Syntax } from './code-view';
import { DATE_COMPARISONS, comparisonsOfNames } from './dates';
import { ASKS_OF_CARGO, ASKS_OF_CI, DIRECT_RULES } from './direct-rules';
import { isQuietGuard, isInTestModule } from './honest-uses';
import { COMPARISON, SUBJECTS, UID_COMPARISON } from './subjects';
import type { Subject } from './subjects';

export interface AskingLine {
  /** The first and the last line, from 1. */
  line: number;
  to: number;
  /** The end of a sentence: `asks for a global of a test runner`. */
  asks: string;
}

interface Match {
  from: number;
  to: number;
  asks: string;
}

/** A cheap first check: a line without one of these words contains no finding. */
const HINT =
  /typeof|global|window|self|try|jest|vitest|mocha|test|spec|env|CI\b|coverage|argv|args|execArgv|title|main|parent|cache|modules|stack|frame|trace|caller|f_back|cfg|forName|loadClass|defined|class_exists|interfaces|if_|\/proc|\/sys|cwd|pwd|wd\(|dir|file|\/workspace|\/report|\/production|host|uid|user|login|now|date|time|thread|moment|dayjs|\bin\b|\$0/i;
/** Folders of maintenance scripts, which may work differently in CI. */
const MAINTENANCE_SCRIPT = /^(?:scripts?|tools|ci)\//;
/** Build scripts of Rust, for which cargo sets the same variables as for tests. */
const RUST_BUILD_SCRIPT = /(?:^|\/)(?:build\.rs$|xtask\/)/;
/** How far a statement is read before and after its first match. */
const WINDOW_CHARS = 240;
const MAX_FINDINGS = 200;

export function mayAsk(line: string): boolean {
  return HINT.test(line);
}

/** Returns at most 200 findings in the order of lines, one of each kind on a line. */
export function askingLines(path: string, source: string): AskingLine[] {
  const syntax = syntaxOf(path);
  if (syntax === undefined) return [];
  const view = viewOf(source, syntax);
  const found = [...findDirect(view, syntax), ...findComparisons(view, syntax), ...findDateComparisons(view)];
  const lines = found
    .filter(({ asks }) => asks !== ASKS_OF_CI || !MAINTENANCE_SCRIPT.test(path))
    .filter(({ asks }) => asks !== ASKS_OF_CARGO || !RUST_BUILD_SCRIPT.test(path))
    .filter((one) => !isQuietGuard(view, one) && !isInTestModule(view, syntax, one.from))
    .map(({ from, to, asks }) => ({ line: view.lines[from] ?? 1, to: view.lines[to] ?? 1, asks }));
  const byLineAndKind = new Map(lines.map((one) => [`${one.line} ${one.asks}`, one]));
  return [...byLineAndKind.values()].sort((a, b) => a.line - b.line).slice(0, MAX_FINDINGS);
}

function findDirect({ text, isText }: CodeView, syntax: Syntax): Match[] {
  return DIRECT_RULES.filter((rule) => rule.languages?.includes(syntax) !== false).flatMap((rule) =>
    matchesOf(rule.pattern, text)
      .filter(({ index }) => rule.mayBeInText === true || isText[index] !== true)
      .filter(({ groups: [name] }) => rule.isUnlessDeclared !== true || !isDeclared(text, name ?? ''))
      .map(({ index, length }) => ({ from: index, to: index + length - 1, asks: rule.asks })),
  );
}

/** True if the source declares a parameter or variable of this name. */
function isDeclared(text: string, name: string): boolean {
  return new RegExp(
    `\\b(?:const|let|var|function|class|import)\\s{1,9}\\{?\\s{0,9}${name}\\b|[(,{]\\s{0,9}${name}\\??\\s{0,9}[,):=}]|\\b${name}\\s{0,9}=>`,
  ).test(text);
}

function findComparisons(view: CodeView, syntax: Syntax): Match[] {
  const subjects = SUBJECTS.filter((subject) => subject.languages?.includes(syntax) !== false);
  return [
    ...subjects.flatMap((subject) => findComparisonsOf(view, subject)),
    ...matchesOf(UID_COMPARISON, view.text)
      .filter(({ index }) => view.isText[index] !== true)
      .map(({ index, length }) => ({ from: index, to: index + length - 1, asks: 'as which user it runs' })),
  ];
}

function findComparisonsOf(view: CodeView, subject: Subject): Match[] {
  const { text, isText } = view;
  const places = matchesOf(subject.pattern, text).filter(({ index }) => isText[index] !== true);
  const names = [...new Set(places.flatMap(({ index }) => namesAt(text, index)))].slice(0, 20);
  const uses = names.flatMap((name) => matchesOf(new RegExp(`(?<![\\w.$])\\$?${name}\\b`, 'g'), text));
  const occurrences = [...places, ...uses.filter(({ index }) => isText[index] !== true)];
  return occurrences.flatMap(({ index, length }) => {
    const { from, to } = statementAt(view, index, index + length);
    if (!COMPARISON.test(codeOf(view, from, to)) || !literalsOf(view, from, to).some((one) => subject.words.test(one)))
      return [];
    return [{ from: index, to: Math.max(index, Math.min(to, text.length) - 1), asks: subject.asks }];
  });
}

/**
 * Returns the names to which the statement assigns the value at `index`. One-letter names are left out: they would
 * match everywhere.
 */
function namesAt(text: string, index: number): string[] {
  const before = text.slice(Math.max(0, index - 120), index);
  const [, names = ''] =
    /(?:^|[\s;{(,])(?:const|let|var|val|final)?\s{0,9}(\$?[A-Za-z_]\w{0,40}|\[[\w\s,]{1,60}\]|[\w\s,]{1,60}(?=\s:=))\s{0,9}(?::\s{0,9}\w{1,20}\s{0,9})?:?=\s{0,9}(?![=>])[^=;\n]{0,60}$/.exec(
      before,
    ) ?? [];
  return (names.match(/[A-Za-z_]\w+/g) ?? []).filter(
    (name) => !/^(?:const|let|var|val|final|err|error|ok)$/.test(name),
  );
}

/** Returns the range of the line and its continuation lines, up to a limit. */
function statementAt({ text, isText }: CodeView, start: number, end: number): { from: number; to: number } {
  let from = start;
  while (from > 0 && start - from < WINDOW_CHARS) {
    const sign = text[from - 1] ?? '';
    if (isText[from - 1] !== true && (sign === ';' || (sign === '\n' && !continuesAfter(text, from - 1)))) break;
    from -= 1;
  }
  let to = end;
  while (to < text.length && to - end < WINDOW_CHARS) {
    const sign = text[to] ?? '';
    if (isText[to] !== true && (sign === ';' || (sign === '\n' && !continuesAfter(text, to)))) break;
    to += 1;
  }
  return { from, to };
}

/** True if the statement continues over this line end. */
function continuesAfter(text: string, at: number): boolean {
  return (
    /[(,&|=+?[.]\s*$/.test(text.slice(Math.max(0, at - 3), at)) || /^\s{0,40}[.?&|+)]/.test(text.slice(at, at + 41))
  );
}

function codeOf({ text, isText }: CodeView, from: number, to: number): string {
  let code = '';
  for (let at = from; at < to; at++) code += isText[at] === true ? '' : (text[at] ?? '');
  return code;
}

function literalsOf({ text, isText }: CodeView, from: number, to: number): string[] {
  const found: string[] = [];
  for (let at = from; at < to; at++) {
    if (isText[at] !== true) continue;
    let end = at;
    while (end < to && isText[end] === true) end += 1;
    found.push(text.slice(at, end));
    at = end;
  }
  return found;
}

function findDateComparisons({ text, isText }: CodeView): Match[] {
  return [...DATE_COMPARISONS, ...comparisonsOfNames(text)].flatMap((pattern) =>
    matchesOf(pattern, text)
      .filter(({ index, length }) => isText[index] !== true && isText[index + length - 1] !== undefined)
      .map(({ index, length }) => ({
        from: index,
        to: index + length - 1,
        asks: 'for a date that stands in the source',
      })),
  );
}

function matchesOf(pattern: RegExp, text: string): Array<{ index: number; length: number; groups: string[] }> {
  return [...text.matchAll(pattern)]
    .slice(0, MAX_FINDINGS)
    .map(({ index, 0: all, ...rest }) => ({ index, length: Math.max(1, all.length), groups: [rest[1] ?? ''] }));
}
