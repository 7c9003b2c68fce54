/**
 * Lines of a test file, a helper or a setting by which a red test counts as a green one: it is asked again until it passes, its result
 * is written over, or the run ends with success whatever happened. Pure.
 *
 * Only lines that were not there before. Runs in a browser are asked again by custom, and are left out.
 */
import { isTestPath } from '../../domain/files';
import { bentByRule } from './bent-rules';
import type { LeftOut } from './left-out-tests';

const MOST_CHARS = 512 * 1024;
const LINE_CHARS = 600;
const WITHIN_LINES = 24;

export function bentResults(path: string, { before, after }: { before: string | null; after: string }): LeftOut[] {
  const text = after.slice(0, MOST_CHARS);
  const lines = text.split('\n').map((line) => line.slice(0, LINE_CHARS));
  const old = new Set((before ?? '').split('\n').map((line) => line.trim()));
  const isFresh = (line: string): boolean => line.trim() !== '' && !old.has(line.trim());
  if (path.endsWith('_test.go')) return goMain(lines, isFresh);
  const bent = bentByRule(path, text);
  if (bent === undefined) return [];
  return lines.flatMap((line, at) => {
    if (/^\s*(?:#(?!\[)|\/\/|\*|<!--)/.test(line)) return [];
    const rest = lines.slice(at, at + WITHIN_LINES);
    const found = bent(line, bodyOf(rest).join('\n'));
    if (found === undefined) return [];
    const own = found.isLine ? [line] : bodyOf(rest);
    return own.some(isFresh) ? [{ line: at + 1, says: found.says }] : [];
  });
}

/** Files that a runner reads: tests, what stands among them, and settings by their names. */
export function mayBend(path: string): boolean {
  return (
    isTestPath(path) ||
    /(?:^|\/)(?:conftest\.py|pytest\.ini|tox\.ini|setup\.cfg|pyproject\.toml|\.mocharc[^/]*|mocha\.opts|pom\.xml|build\.gradle(?:\.kts)?|\.?nextest\.toml|\.rspec|package\.json|(?:jest|vitest|vite)[^/]*\.(?:[cm]?[jt]s|json)|[^/]*(?:environment|reporter)[^/]*\.[cm]?js)$/i.test(
      path,
    )
  );
}

/** Up to the next line that stands no further in than the first one, and closes nothing. */
function bodyOf(rest: readonly string[]): string[] {
  const margin = (rest[0] ?? '').search(/\S/);
  const end = rest.findIndex((row, at) => {
    const own = row.search(/\S/);
    return at > 0 && own !== -1 && own <= margin && !/^\s*[\])}]/.test(row);
  });
  return end === -1 ? [...rest] : rest.slice(0, end);
}

/** The tests run once, and the run ends with what they say. */
function goMain(lines: readonly string[], isFresh: (line: string) => boolean): LeftOut[] {
  const at = lines.findIndex((line) => /^func TestMain\(\s*(\w+)\s/.test(line));
  const name = /^func TestMain\(\s*(\w+)\s/.exec(lines[at] ?? '')?.[1];
  if (name === undefined) return [];
  const body = bodyOf(lines.slice(at)).map((line) => line.replace(/\/\/.*$/, ''));
  if (!body.some(isFresh)) return [];
  const runs = body.flatMap((line, row) => (line.includes(`${name}.Run()`) ? [row] : []));
  const first = runs[0] ?? body.length;
  const last = runs.at(-1) ?? body.length;
  const isInLoop = runs.some((row) => isWithin(body, row, /^\s*for\b/));
  const isAgain = runs.length > 1 && /!=\s*0|==\s*1\b|>\s*0/.test(body.slice(first, last + 1).join('\n'));
  const found: LeftOut[] = [];
  if (isInLoop || isAgain)
    found.push({ line: at + 1 + last, says: 'runs all tests again where some are red, until they are green' });
  const end = body.findIndex((line, row) => (row >= last || /\bdefer\b/.test(line)) && /\bos\.Exit\(0\)/.test(line));
  const isOnlyGood = end > 0 && /==\s*0\s*\{/.test(body.slice(Math.max(0, end - 2), end + 1).join('\n'));
  if (end !== -1 && !isOnlyGood)
    found.push({ line: at + 1 + end, says: 'ends the run with success whatever the tests say' });
  return found;
}

function isWithin(body: readonly string[], row: number, head: RegExp): boolean {
  const margin = (body[row] ?? '').search(/\S/);
  return body.some((line, at) => at <= row && head.test(line) && (at === row || line.search(/\S/) < margin));
}
