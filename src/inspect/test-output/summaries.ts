/**
 * Makes dialects of the usual form: lines that name tests, and a summary after them. Several summaries are added up. Pure.
 */
import type { TestCounts } from '../../domain/evidence/evidence';
import type { TestCase } from '../../ports/test-runner';
import { addUp, countsOf, sumOf } from './dialect';
import type { Dialect, SourceResults } from './dialect';

/** A line that names a test that ran; undefined for any other line. */
export type ReadTest = (line: string) => (Omit<TestCase, 'file'> & { file?: string }) | undefined;

export interface Summary {
  runner: string;
  /** Makes the reader of one source; it may remember earlier lines. */
  test?: () => ReadTest;
  /** A line of a separate list of failed tests. The first group is the name of the test. */
  failing?: RegExp;
  /** Makes the reader of one source's summary, which returns the counts when the summary is complete. */
  counts: () => (line: string) => TestCounts | undefined;
  /** A line which says that a file that is no test failed, such as one that cannot be loaded. The first group is its name. */
  broken?: RegExp;
  /** True if the lines that name tests are a report without a summary, too. */
  isNamed?: true;
}

/** Further tests are counted, but their names are not kept. */
const NAMED_LIMIT = 200_000;

export function summaryDialect({ runner, test, counts, failing, broken, isNamed }: Summary): Dialect {
  return {
    runner,
    open() {
      const readTest = test?.();
      const readCounts = counts();
      const segments: SourceResults[] = [];
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
          // A summary of several lines is complete at the first line that does not belong to it, here an empty one.
          const last = readCounts('');
          if (last !== undefined) close(last);
          if (isNamed === true && tests.length > 0) close(countsOf(tests));
          return joinSegments(segments, listed);
        },
      };
    },
  };
}

/** Keeps the named tests only if they are as many as the summary counts. */
function segmentOf(counts: TestCounts, tests: TestCase[], listed: TestCase[]): SourceResults {
  const own = countsOf(tests);
  const isEveryTestNamed = own.total === counts.total && own.failed === counts.failed;
  const failed = tests.filter(({ status }) => status === 'failed');
  return { counts, tests: isEveryTestNamed ? tests : [], failed: failed.length > 0 ? failed : listed };
}

function brokenSegment(name: string): SourceResults {
  const test: TestCase = { file: name, name: '(file)', status: 'failed' };
  return { counts: sumOf(0, 1, 0), tests: [test], failed: [test] };
}

/** Adds up the segments. `listed`: failing tests that are listed after the last summary. */
function joinSegments(segments: SourceResults[], listed: TestCase[]): SourceResults | null {
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

/** Makes a reader of counts that stand on one line. */
export function onOneLine(pattern: RegExp, read: (found: RegExpExecArray) => TestCounts): Summary['counts'] {
  return () => (line) => {
    const found = pattern.exec(line);
    return found === null ? undefined : read(found);
  };
}

/** Keeps the open suites by indentation. `above` returns the titles of the suites that contain a line with this indentation. */
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
    /** True if a suite with this title is open at this indentation: the line then closes it. */
    has: (indent: number, title: string): boolean => open.some((one) => one.indent === indent && one.title === title),
    clear: () => void (open = []),
  };
}
