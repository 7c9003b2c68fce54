/**
 * Finds changes that give up a safe way to use a value: parameters of a query, text nodes of a page, commands as lists.
 * Pure.
 */
import type { Harm } from '../rule';
import { buildsQuery } from '../sql-text';
import { textOf, alteredRow } from './hunk';
import type { Altered, Hunk } from './hunk';

/** A safe form of a use, and the unsafe forms that may replace it. */
interface SafeWay extends Pick<Harm, 'does' | 'why'> {
  safe: RegExp;
  unsafe: Pick<RegExp, 'test'>;
}

const SQL = String.raw`\b(?:SELECT\b[\s\S]{0,400}\bFROM|INSERT\s+INTO|UPDATE\s+\S{1,60}\s+SET|DELETE\s+FROM|WHERE)\b`;
const SAFE_WAYS: readonly SafeWay[] = [
  {
    does: 'puts text into a page as markup, where it was plain text before',
    why: 'the author of the text can put a script into the page',
    safe: /\.textContent\b|\.innerText\b|createTextNode\(|\.text\(|<%=|\{\{\s|\bv-text\b|th:text\b|\{\w[\w.]{0,60}\}|html\.escape|html\/template/,
    unsafe:
      /\.innerHTML\b|\.outerHTML\b|insertAdjacentHTML\(|document\.write\(|\.html\(|<%-|\{\{\{|\|\s{0,3}safe\b|\bv-html\b|th:utext\b|dangerouslySetInnerHTML|\bmark_safe\(|\.html_safe\b|\braw\(|\{!!|Html\.Raw\(|autoescape\s+(?:off|false)|template\.HTML\(|@html\b|text\/template|bypassSecurityTrust\w+|\[innerHTML\]|unsafeHTML\(|Markup\(/,
  },
  {
    does: 'puts values into the text of a query, where they were bound to it before',
    why: 'a value may end the query and begin another one',
    safe: new RegExp(String.raw`${SQL}[\s\S]{0,300}(?:\?|\$\d|%s|%\(\w+\)s|:\w+|@\w+)`, 'i'),
    unsafe: { test: buildsQuery },
  },
  {
    does: 'gives a command to a shell, where it was a list of arguments before',
    why: 'a part of the text may end the command and begin another one',
    safe: /\b(?:execFile|execFileSync|spawn|spawnSync|execa)\s{0,3}\(|\b(?:run|call|check_call|check_output|Popen)\(\s{0,3}\[|exec\.Command\((?!\s{0,3}'(?:ba|z)?sh')/,
    unsafe:
      /\bshell\s{0,3}[:=]\s{0,3}(?:true|True)\b|(?<![\w.])exec(?:Sync)?\s{0,3}\(|\bos\.system\(|exec\.Command\(\s{0,3}'(?:ba|z)?sh'/,
  },
];

export function lostSafeWays(file: Altered): Harm[] {
  return file.hunks.flatMap((hunk) => SAFE_WAYS.flatMap((way) => inHunk(hunk, way)));
}

function inHunk({ removed, added }: Hunk, { does, why, safe, unsafe }: SafeWay): Harm[] {
  const removedText = textOf(removed);
  if (!safe.test(removedText) || unsafe.test(removedText)) return [];
  const row = added.find(({ text }) => unsafe.test(text)) ?? (unsafe.test(textOf(added)) ? added[0] : undefined);
  const was = removed.find(({ text }) => safe.test(text)) ?? removed[0];
  return row === undefined || was === undefined ? [] : [alteredRow({ does, why }, row, was)];
}
