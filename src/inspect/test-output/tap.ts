/**
 * Reads TAP, versions 12 to 14. A point (a line `ok` or `not ok`) is a test, unless it closes subtests. Tests that the plan counts and
 * that are missing count as failed. Several reports are added up. In reports of tape a comment is the test. Pure.
 */
import type { TestCase } from '../../ports/test-runner';
import { addUp, countsOf } from './dialect';
import type { Dialect, DialectReader, SourceResults } from './dialect';
import { createHeadings } from './tap-headings';

/** Maximum number of missing tests: the code under test can print a plan with any number. */
const MISSING_LIMIT = 10_000;
const NAMED_LIMIT = 200_000;
const MESSAGE_LINES = 60;

/** What is known of one depth of the report that is being read. */
interface Level {
  indent: number;
  planned: number | null;
  points: number;
  /** Tests below the point that comes next. */
  below: TestCase[];
  /** Tests of this depth and of the closed points in it. */
  tests: TestCase[];
}

export const tap: Dialect = { runner: 'tap', open };

function open(): DialectReader {
  const found: SourceResults[] = [];
  let levels: Level[] = [];
  let isTap = false;
  let isNode = false;
  let heading = createHeadings();
  let details: { test: TestCase; lines: string[]; indent: number } | undefined;
  const finish = (): void => {
    closeTo(levels, 0);
    const [top] = levels;
    if (top !== undefined && isTap) {
      const tests = [...heading.group(top.tests), ...missingTests(top), ...top.below];
      found.push({ counts: countsOf(tests), tests, failed: tests.filter(({ status }) => status === 'failed') });
    }
    [levels, isTap, heading] = [[], false, createHeadings()];
  };
  return {
    read(line) {
      if (details !== undefined && readDetail(details, line)) return;
      details = undefined;
      heading.read(line);
      if (/^TAP version \d+$/.test(line)) {
        finish();
        isTap = true;
        heading.begin();
        return;
      }
      if (/^# (cancelled|suites) \d+$/.test(line)) isNode = true;
      const plan = /^( *)1\.\.(\d{1,10})\b(?:\s*#.*)?\s*$/.exec(line);
      if (plan !== null) {
        const indent = (plan[1] ?? '').length;
        const level = levelAt(levels, indent);
        // A second plan begins another report.
        if (indent === 0 && level.planned !== null) finish();
        levelAt(levels, indent).planned = Number(plan[2]);
        isTap ||= indent === 0;
        return;
      }
      const point = /^( *)(not )?ok\b(?: +(\d+))?(?: +-)?(?: +(\S.*)|\s*)$/.exec(line);
      if (point === null) return;
      const [, spaces = '', not, number, rest = ''] = point;
      const level = levelAt(levels, spaces.length);
      if (spaces === '' && number === '1' && level.points > 0 && level.planned === level.points) {
        finish();
        isTap = true;
      }
      const test = addPoint(levels, spaces.length, testOf(not !== undefined, rest));
      if (spaces === '') heading.own(test);
      if (test.status === 'failed') details = { test, lines: [], indent: spaces.length };
    },
    close() {
      finish();
      if (found.length === 0) return null;
      const all = found.flatMap(({ tests }) => tests);
      const said = { counts: addUp(found.map(({ counts }) => counts)), tests: all };
      return { ...said, failed: found.flatMap(({ failed }) => failed), ...(isNode && { runner: 'node-test' }) };
    },
  };
}

function levelAt(levels: Level[], indent: number): Level {
  closeTo(levels, indent);
  const last = levels.at(-1);
  if (last?.indent === indent) return last;
  // The report begins with an indented point: no point of the depth above is printed yet.
  if (last === undefined && indent > 0) levels.push(newLevel(0));
  const level = newLevel(indent);
  levels.push(level);
  return level;
}

function newLevel(indent: number): Level {
  return { indent, planned: null, points: 0, below: [], tests: [] };
}

/** Closes deeper levels: their tests belong to the next point at this depth. */
function closeTo(levels: Level[], indent: number): void {
  for (let last = levels.at(-1); last !== undefined && last.indent > indent; last = levels.at(-1)) {
    levels.pop();
    // No point was printed at this depth yet.
    if ((levels.at(-1)?.indent ?? -1) < indent) levels.push(newLevel(indent));
    const tests = [...last.tests, ...last.below, ...missingTests(last)];
    levels.at(-1)?.below.push(...tests.slice(0, NAMED_LIMIT));
  }
}

/** Adds the test of a point. A point that closes subtests is no test, unless it failed and none of them did. */
function addPoint(levels: Level[], indent: number, test: TestCase): TestCase {
  const level = levelAt(levels, indent);
  level.points += 1;
  const below = level.below;
  level.below = [];
  for (const one of below) one.name = `${test.name} > ${one.name}`;
  level.tests.push(...below);
  const isSuite = below.length > 0;
  if (isSuite && (test.status !== 'failed' || below.some(({ status }) => status === 'failed'))) return { ...test };
  level.tests.push(test);
  return test;
}

function testOf(hasFailed: boolean, rest: string): TestCase {
  const isLeftOut = /(?:^|\s)# *(skip|todo)\b/i.test(rest);
  const name = rest
    .replace(/(?:^|\s+)#\s*(?:skip|todo|time)\b.*$/i, '')
    .replace(/\s+\{$/, '')
    .trim();
  return { file: '', name, status: isLeftOut ? 'skipped' : hasFailed ? 'failed' : 'passed' };
}

function missingTests({ planned, points }: Level): TestCase[] {
  const lost = Math.min(MISSING_LIMIT, Math.max(0, (planned ?? 0) - points));
  return Array.from({ length: lost }, () => ({ file: '', name: '(planned, and not run)', status: 'failed' as const }));
}

/** Reads a line of the block of details below a point; false if the block has ended. */
function readDetail(details: { test: TestCase; lines: string[]; indent: number }, line: string): boolean {
  const { test, lines, indent } = details;
  if (lines.length === 0 && !/^ +---\s*$/.test(line)) return false;
  if (line.trim() === '...' || (line.trim() !== '' && line.search(/\S/) <= indent)) {
    test.message = messageOf(lines.slice(1));
    lines.length = 0;
    return line.trim() === '...';
  }
  if (lines.length < MESSAGE_LINES) lines.push(line.slice(indent + 2, indent + 502));
  return true;
}

/** Joins the details without the members that every point has. */
function messageOf(lines: string[]): string {
  return lines.filter((line) => !/^(duration_ms|type|location|failureType|code|name): /.test(line)).join('\n');
}
