/**
 * The summary of a repository report counts tests, also where the lists of the report are cut.
 */
import { summaryOf } from '../../src/domain/repository-report';
import type { BaseTests, RepositoryReport } from '../../src/domain/repository-report';

const report = (tests: Partial<BaseTests>): RepositoryReport => {
  const given = { status: 'red', runner: 'pytest', total: 900, seconds: 3, red: [], flaky: [], ...tests };
  return { tests: given, notes: [], not_measured: [] } as unknown as RepositoryReport;
};

test('P6: red and flaky tests are counted in full where the lists are cut and name files', () => {
  const counted = { red_entries: 61, red_tests: 213, flaky_tests: 70 };
  const red = Array.from({ length: 50 }, (_, n) => `tests/test_${n}.py`);
  const flaky = red.map((path) => `${path} sways`);
  expect(summaryOf(report({ red, flaky, counted }))).toMatchObject({ red: 213, flaky: 70 });
});

test('a report of before the counts is summed up by its lists', () => {
  expect(summaryOf(report({ red: ['test/a.test.js'], flaky: ['b', 'c'] }))).toMatchObject({ red: 1, flaky: 2 });
});
