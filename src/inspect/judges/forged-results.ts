/**
 * Finds lines of a test file, a helper or a setting that make a failing test count as passed: the runner repeats it
 * until it passes, a hook overwrites its result, or the run exits with code 0 whatever happened. Pure.
 *
 * Reports only lines that the change adds. Repeats of browser tests are usual, and are not reported.
 */
import { isTestPath } from '../../domain/files';
import { createFindForgery } from './forged-rules';
import type { LeftOut } from './left-out-tests';

const MAX_CHARS = 512 * 1024;
const MAX_LINE_CHARS = 600;
const MAX_BLOCK_LINES = 24;

/** Returns the lines of `after` that forge results and are not in `before`. `line` counts from 1. */
export function forgedResults(path: string, { before, after }: { before: string | null; after: string }): LeftOut[] {
  const text = after.slice(0, MAX_CHARS);
  const lines = text.split('\n').map((line) => line.slice(0, MAX_LINE_CHARS));
  const linesBefore = new Set((before ?? '').split('\n').map((line) => line.trim()));
  const isNew = (line: string): boolean => line.trim() !== '' && !linesBefore.has(line.trim());
  if (path.endsWith('_test.go')) return judgeTestMain(lines, isNew);
  const findForgery = createFindForgery(path, text);
  if (findForgery === undefined) return [];
  return lines.flatMap((line, at) => {
    if (/^\s*(?:#(?!\[)|\/\/|\*|<!--)/.test(line)) return [];
    const rest = lines.slice(at, at + MAX_BLOCK_LINES);
    const found = findForgery(line, blockOf(rest).join('\n'));
    if (found === undefined) return [];
    const blockLines = found.isLineAlone ? [line] : blockOf(rest);
    return blockLines.some(isNew) ? [{ line: at + 1, says: found.says }] : [];
  });
}

/**
 * True for files that can change how a runner reports: tests, files in test folders, and settings known by their names.
 */
export function mayForgeResults(path: string): boolean {
  return (
    isTestPath(path) ||
    /(?:^|\/)(?:conftest\.py|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|\.mocharc[^/]*|mocha\.opts|pom\.xml|build\.gradle(?:\.kts)?|\.?nextest\.toml|\.rspec|package\.json|(?:jest|vitest|vite)[^/]*\.(?:[cm]?[jt]s|json)|[^/]*(?:environment|reporter)[^/]*\.[cm]?js)$/i.test(
      path,
    )
  );
}

/**
 * Returns the first line and the lines after it, up to the next line with the same or a smaller indent that closes no
 * bracket.
 */
function blockOf(rest: readonly string[]): string[] {
  const margin = (rest[0] ?? '').search(/\S/);
  const end = rest.findIndex((row, at) => {
    const indent = row.search(/\S/);
    return at > 0 && indent !== -1 && indent <= margin && !/^\s*[\])}]/.test(row);
  });
  return end === -1 ? [...rest] : rest.slice(0, end);
}

/** Judges `TestMain` of Go, which should run the tests once and exit with the code of that run. */
function judgeTestMain(lines: readonly string[], isNew: (line: string) => boolean): LeftOut[] {
  const at = lines.findIndex((line) => /^func TestMain\(\s*(\w+)\s/.test(line));
  const name = /^func TestMain\(\s*(\w+)\s/.exec(lines[at] ?? '')?.[1];
  if (name === undefined) return [];
  const body = blockOf(lines.slice(at)).map((line) => line.replace(/\/\/.*$/, ''));
  if (!body.some(isNew)) return [];
  const runs = body.flatMap((line, row) => (line.includes(`${name}.Run()`) ? [row] : []));
  const first = runs[0] ?? body.length;
  const last = runs.at(-1) ?? body.length;
  const isInLoop = runs.some((row) => isWithin(body, row, /^\s*for\b/));
  const isRepeated = runs.length > 1 && /!=\s*0|==\s*1\b|>\s*0/.test(body.slice(first, last + 1).join('\n'));
  const found: LeftOut[] = [];
  if (isInLoop || isRepeated)
    found.push({ line: at + 1 + last, says: 'runs all tests again where some are red, until they are green' });
  const end = body.findIndex((line, row) => (row >= last || /\bdefer\b/.test(line)) && /\bos\.Exit\(0\)/.test(line));
  const isOnlyAfterPass = end > 0 && /==\s*0\s*\{/.test(body.slice(Math.max(0, end - 2), end + 1).join('\n'));
  if (end !== -1 && !isOnlyAfterPass)
    found.push({ line: at + 1 + end, says: 'ends the run with success whatever the tests say' });
  return found;
}

function isWithin(body: readonly string[], row: number, head: RegExp): boolean {
  const margin = (body[row] ?? '').search(/\S/);
  return body.some((line, at) => at <= row && head.test(line) && (at === row || line.search(/\S/) < margin));
}
