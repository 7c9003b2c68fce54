/**
 * Splits the message of a failing test: the words of the assertion, the difference, the first lines of the stack. Pure.
 */
import { stripVTControlCharacters } from 'node:util';
import type { TestCase, TestFailure } from '../../ports/test-runner';

const MAX_FAILURES = 20;
const MESSAGE_CHARS = 2_000;
const DIFF_CHARS = 2_000;
const STACK_CHARS = 1_000;
const STACK_LINES = 5;

/** Returns the failures of the first failing tests; the last entry says how many more there are. */
export function failuresOf(tests: TestCase[]): TestFailure[] {
  const failed = tests.filter(({ status }) => status === 'failed');
  const told = [...failed.filter(({ message }) => message !== undefined), ...failed.filter(({ message }) => !message)];
  if (told.length <= MAX_FAILURES) return told.map(toFailure);
  const rest = `${told.length - MAX_FAILURES + 1} more failing tests are not shown here; the log has them`;
  return [...told.slice(0, MAX_FAILURES - 1).map(toFailure), { file: '', name: '(more)', message: rest }];
}

function toFailure({ file, name, message = '', diff }: TestCase): TestFailure {
  const text = stripVTControlCharacters(message).replaceAll('\r\n', '\n');
  const stack = stackOf(text);
  const words = text.split('\n').filter((line) => !isStack(line));
  const said = cut(pythonWords(words) ?? words.join('\n').trim(), MESSAGE_CHARS);
  return {
    ...{ file, name, message: said === '' ? '(it said nothing)' : said },
    ...(diff !== undefined && { diff: cut(stripVTControlCharacters(diff), DIFF_CHARS) }),
    ...(stack !== '' && { stack: cut(stack, STACK_CHARS) }),
  };
}

/** A line of a stack. Node and Java: `at f (file:1:2)`; vitest: `❯ a.ts:1`; pytest: `file.py:1: Error`; Python: `File "a.py", line 1`. */
const STACK = /^\s+at \S|^\s*❯ \S+:\d+|^\S+\.py:\d+: ?\w*$|^\s*File "[^"]+", line \d+/;

function isStack(line: string): boolean {
  return STACK.test(line);
}

/** Returns the first lines of the stack that are of the project; if there are none, the first lines. */
function stackOf(text: string): string {
  const lines = text
    .split('\n')
    .filter(isStack)
    .map((line) => line.trim());
  const own = lines.filter((line) => !/node_modules|node:internal|site-packages|\bnode:/.test(line));
  return (own.length > 0 ? own : lines).slice(0, STACK_LINES).join('\n');
}

/** Returns only the lines that pytest marks as the assertion, since it prints the whole function; undefined for other output. */
function pythonWords(lines: string[]): string | undefined {
  const marked = lines.filter((line) => /^E( {3}|$)/.test(line)).map((line) => line.slice(4));
  const [source] = lines.filter((line) => /^> /.test(line));
  return marked.length === 0
    ? undefined
    : [...(source === undefined ? [] : [source.slice(1).trim()]), ...marked].join('\n');
}

function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const mark = `\n[cut: ${text.length - limit} more characters]`;
  return `${text.slice(0, limit - mark.length)}${mark}`;
}
