/**
 * Groups the points of a tape report by headings: tape prints a comment with the name of a test above the points of its assertions.
 * Pure.
 *
 * A report of tape has a comment right after the version line. Other programs use comments to explain points.
 */
import type { TestCase } from '../../ports/test-runner';

const COMMENT =
  /^# (?!Subtest: |(?:tests|suites|pass|fail|cancelled|skipped|skip|todo|duration_ms|time=?) |ok$)(.*\S)\s*$/;

export function createHeadings() {
  let lines = 0;
  let isTape = false;
  let current: { name: string } | undefined;
  const headings = new Map<TestCase, { name: string }>();
  return {
    /** Called after the version line. */
    begin(): void {
      lines = 1;
    },
    read(line: string): void {
      const name = COMMENT.exec(line)?.[1];
      if (name !== undefined) current = { name };
      if (name !== undefined && lines === 1) isTape = true;
      if (lines > 0) lines += 1;
    },
    /** Assigns the point to the last comment. */
    own(test: TestCase): void {
      if (current !== undefined) headings.set(test, current);
    },
    /** Returns one test for each comment, failed if one of its points failed. Points without a comment stay as they are. */
    group(tests: TestCase[]): TestCase[] {
      if (!isTape) return tests;
      const grouped = new Map<object, TestCase>();
      for (const test of tests) {
        const heading = headings.get(test);
        const before = heading === undefined ? undefined : grouped.get(heading);
        if (heading === undefined || before === undefined)
          grouped.set(heading ?? test, heading === undefined ? test : named(test, heading.name));
        else add(before, test);
      }
      return [...grouped.values()];
    },
  };
}

function named(test: TestCase, name: string): TestCase {
  return test.status === 'failed' ? { ...test, name, message: messageOf(test) } : { ...test, name };
}

function add(before: TestCase, test: TestCase): void {
  if (test.status === 'failed' && before.status !== 'failed') before.message = messageOf(test);
  if (before.status === 'skipped' || test.status === 'failed') before.status = test.status;
}

function messageOf({ name, message }: TestCase): string {
  return message === undefined ? name : `${name}\n${message}`;
}
