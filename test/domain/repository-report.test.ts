/**
 * The summary of a repository report counts tests, also if the report's lists are cut.
 */
import { summaryOf } from '../../src/domain/repository-report';
import type { BaseTests, RepositoryReport } from '../../src/domain/repository-report';

const report = (tests: Partial<BaseTests>): RepositoryReport => {
  const baseTests = { status: 'red', runner: 'pytest', total: 900, seconds: 3, red: [], flaky: [], ...tests };
  return { tests: baseTests, notes: [], not_measured: [] } as unknown as RepositoryReport;
};

test('P6: the summary counts all failing and flaky tests although the lists are cut', () => {
  const counted = { red_entries: 61, red_tests: 213, flaky_tests: 70 };
  const red = Array.from({ length: 50 }, (_, n) => `tests/test_${n}.py`);
  const flaky = red.map((path) => `${path} sways`);
  expect(summaryOf(report({ red, flaky, counted }))).toMatchObject({ red: 213, flaky: 70 });
});

test('an older report without counts is counted by its lists', () => {
  expect(summaryOf(report({ red: ['test/a.test.js'], flaky: ['b', 'c'] }))).toMatchObject({ red: 1, flaky: 2 });
});
