/**
 * The usual form of a dialect: lines that name tests, and a summary that closes them. Summaries are added up. Pure.
 */
import type { TestCounts } from '../../domain/evidence/evidence';
import type { TestCase } from '../../ports/test-runner';
import { addUp, countsOf, sumOf } from './dialect';
import type { Dialect, Said } from './dialect';

/** A line that names a test that ran; undefined for any other line. */
export type ReadTest = (line: string) => (Omit<TestCase, 'file'> & { file?: string }) | undefined;

export interface Summary {
  runner: string;
  /** One for each source: a line may mean more after another. */
  test?: () => ReadTest;
  /** The first group is the name of a test that failed, in a list that is printed beside the tests. */
  failing?: RegExp;
  /** One for each source: gives the counts when the summary is whole. */
  counts: () => (line: string) => TestCounts | undefined;
  /** Lines that say that something failed which is no test, such as a file that cannot be loaded. The first group is its name. */
  broken?: RegExp;
  /** The names alone are a report: there may be no summary. */
  isNamed?: true;
}

/** More are counted and not named. */
const NAMED_LIMIT = 200_000;

export function summaryDialect({ runner, test, counts, failing, broken, isNamed }: Summary): Dialect {
  return {
    runner,
    open() {
      const readTest = test?.();
      const readCounts = counts();
      const segments: Said[] = [];
      let tests: TestCase[] = [];
      let listed: TestCase[] = [];
      const close = (found: TestCounts): void => {
        segments.push(segmentOf(found, tests, listed));
        [tests, listed] = [[], []];
      };
      return {
        read(line) {
          const one = readTest?.(line);
          if (one !== undefined && tests.length < NAMED_LIMIT) tests.push({ file: '', ...one });
          const name = failing === undefined ? undefined : nameIn(line, failing);
          if (name !== undefined && listed.length < 1_000) listed.push({ file: '', name, status: 'failed' });
          const found = readCounts(line);
          if (found !== undefined) close(found);
          else if (broken !== undefined && nameIn(line, broken) !== undefined)
            segments.push(brokenSegment(nameIn(line, broken) ?? ''));
        },
        close() {
          // A summary of several lines is whole at the first line that is none of them.
          const last = readCounts('');
          if (last !== undefined) close(last);
          if (isNamed === true && tests.length > 0) close(countsOf(tests));
          return joined(segments, listed);
        },
      };
    },
  };
}

/** Names are believed where there are as many as were counted. */
function segmentOf(counts: TestCounts, tests: TestCase[], listed: TestCase[]): Said {
  const own = countsOf(tests);
  const isWhole = own.total === counts.total && own.failed === counts.failed;
  const failed = tests.filter(({ status }) => status === 'failed');
  return { counts, tests: isWhole ? tests : [], failed: failed.length > 0 ? failed : listed };
}

function brokenSegment(name: string): Said {
  const test: TestCase = { file: name, name: '(file)', status: 'failed' };
  return { counts: sumOf(0, 1, 0), tests: [test], failed: [test] };
}

/** A list of failing tests may stand after the summary. */
function joined(segments: Said[], listed: TestCase[]): Said | null {
  if (segments.length === 0) return null;
  const counts = addUp(segments.map((one) => one.counts));
  const failed = [...segments.flatMap((one) => one.failed), ...listed];
  const keys = new Map(failed.map((one) => [`${one.file}\n${one.name}`, one]));
  return { counts, tests: segments.flatMap((one) => one.tests), failed: [...keys.values()] };
}

function nameIn(line: string, pattern: RegExp): string | undefined {
  const found = pattern.exec(line);
  return found === null ? undefined : tidy(found[1] ?? '');
}

export function tidy(name: string): string {
  return name.replace(/:$/, '').replace(/\s+/g, ' ').trim();
}

/** Counts that stand on one line. */
export function onOneLine(pattern: RegExp, read: (found: RegExpExecArray) => TestCounts): Summary['counts'] {
  return () => (line) => {
    const found = pattern.exec(line);
    return found === null ? undefined : read(found);
  };
}

/** Suites by their indentation: gives the titles above a line that is indented so far. */
export function createTitles() {
  let open: Array<{ indent: number; title: string }> = [];
  const above = (indent: number): string[] => {
    open = open.filter((one) => one.indent < indent);
    return open.map(({ title }) => title);
  };
  return {
    above,
    add(indent: number, title: string): void {
      above(indent);
      if (open.length < 50) open.push({ indent, title });
    },
    /** True where a suite of this title is open at this indentation: the line closes it. */
    has: (indent: number, title: string): boolean => open.some((one) => one.indent === indent && one.title === title),
    clear: () => void (open = []),
  };
}
