/**
 * The project's ledger: how reports and surveys change its counts.
 */
import { beginProject, statsOf, applySurvey, applyReport } from '../../src/domain/project';
import { projectInputProblem, readReports } from '../../src/domain/project-input';
import type { BuildReport } from '../../src/domain/project';
import { reportOf } from '../../src/domain/build/report';
import { buildIn } from './a-build';

const report = (buildId: string, sequence: number, kind: BuildReport['kind'], more: Partial<BuildReport> = {}) => ({
  ...{ buildId, sequence, kind },
  ...more,
});
const statsAfter = (...reports: BuildReport[]) => statsOf(reports.reduce(applyReport, beginProject('shop')));
const END = { durationMs: 60_000, handoffs: 10 };

test.each<[string, BuildReport[], object]>([
  ['nothing', [], { total: 0, successRatePercent: 0, averageDurationMs: null, averageHandoffs: 0 }],
  ['a start', [report('a', 0, 'started')], { total: 1, inProgress: 1, failed: 0 }],
  ['a completion as the first report', [report('a', 9, 'completed', END)], { total: 1, completed: 1 }],
  [
    'an error',
    [report('a', 0, 'started'), report('a', 4, 'failed', { failures: { testing: 1 } })],
    { total: 1, inProgress: 0, failed: 1, mostCommonFailurePoint: 'testing' },
  ],
  [
    'a recovery',
    [report('a', 4, 'failed', { failures: { testing: 1 } }), report('a', 5, 'recovered')],
    { inProgress: 1, failed: 0, mostCommonFailurePoint: 'testing' },
  ],
  [
    'an error that only the report of its recovery counts',
    [report('a', 0, 'started'), report('a', 5, 'recovered', { failures: { testing: 1 } })],
    { inProgress: 1, failed: 0, mostCommonFailurePoint: 'testing' },
  ],
  [
    'two errors that only the last report counts',
    [
      report('a', 4, 'failed', { failures: { testing: 1 } }),
      report('a', 9, 'cancelled', { failures: { planning: 2 } }),
    ],
    { inProgress: 0, failed: 1, mostCommonFailurePoint: 'planning' },
  ],
  [
    'a late report of an earlier revision',
    [report('a', 5, 'recovered'), report('a', 4, 'failed', { failures: { testing: 1 } })],
    { inProgress: 1, failed: 0, mostCommonFailurePoint: null },
  ],
  [
    'a completion and a cancellation',
    [report('a', 9, 'completed', END), report('b', 1, 'cancelled', { durationMs: 5, handoffs: 1 })],
    { completed: 1, failed: 1, successRatePercent: 50, averageDurationMs: 60_000, averageHandoffs: 5.5 },
  ],
  [
    'R19: a completion of which nothing went live, beside a release and a cancellation',
    [
      report('a', 9, 'completed', { ...END, released: false }),
      report('b', 9, 'completed', { ...END, released: true }),
      report('c', 1, 'cancelled', { durationMs: 5, handoffs: 1 }),
    ],
    {
      ...{ total: 3, completed: 1, completedWithoutRelease: 1, failed: 1, inProgress: 0 },
      ...{ successRatePercent: 50, averageDurationMs: 60_000, averageHandoffs: 7 },
    },
  ],
  [
    'a build named like a prototype',
    [report('__proto__', 0, 'started'), report('constructor', 0, 'started'), report('__proto__', 1, 'completed', END)],
    { total: 2, completed: 1, inProgress: 1 },
  ],
])('after %s', (_what, reports, stats) => {
  expect(statsAfter(...reports)).toMatchObject(stats);
  // All reports once more, in order: nothing is counted twice.
  expect(statsAfter(...reports, ...reports)).toMatchObject(stats);
});

test('the ledger keeps the ids of only the last 1,000 of 10,000 ended builds', () => {
  let project = beginProject('shop');
  for (let n = 0; n < 10_000; n++) project = applyReport(project, report(`b${n}`, 1, 'completed', END));
  expect(project.ended).toHaveLength(1_000);
  expect(statsOf(project)).toMatchObject({ total: 10_000, completed: 10_000, successRatePercent: 100 });
});

test.each([null, 7, 'x', [], {}, { buildId: 'a' }, { ...report('a', 0, 'started'), kind: 'toString' }])(
  '%j is no report',
  (value) => {
    expect(readReports([value])).toEqual([]);
  },
);

test.each([
  { durationMs: '5' },
  { durationMs: -1 },
  { durationMs: 1e308 },
  { sequence: 1e308 },
  { buildId: 'x'.repeat(65) },
  { buildId: 'a.b' },
  { failures: { testing: 1e308 } },
  { handoffs: null },
  { failures: { lunch: 1 } },
  { failures: { testing: '1' } },
  { failures: 7 },
  { released: 'yes' },
])('a report with %j is no report', (more) => {
  expect(readReports([{ ...report('a', 0, 'completed'), ...more }])).toEqual([]);
});

test('a build whose start time is later than its end time is counted', () => {
  const buildReport = reportOf({ ...buildIn('complete'), createdAt: '2027-01-01T00:00:00.000Z' });
  expect(readReports([buildReport])).toEqual([JSON.parse(JSON.stringify(buildReport))]);
  expect(statsAfter({ ...buildReport, released: true })).toMatchObject({
    total: 1,
    completed: 1,
    averageDurationMs: 0,
  });
});

describe('a survey of Temporal and the records', () => {
  const known = [
    report('open', 3, 'failed', { failures: { testing: 1 }, run: 'r1' }),
    report('done', 9, 'completed', { ...END, run: 'r2' }),
  ].reduce(applyReport, beginProject('shop'));
  const surveyed = (...all: Parameters<typeof applySurvey>[1][]) => all.reduce(applySurvey, known);

  test('S11: removes a deleted build and its failures from the counts', () => {
    const stats = statsOf(surveyed({ kind: 'gone', buildId: 'open' }, { kind: 'gone', buildId: 'open' }));
    expect(stats).toMatchObject({ total: 1, completed: 1, inProgress: 0, failed: 0 });
    expect(surveyed({ kind: 'gone', buildId: 'open' }).failurePoints).toEqual({ testing: 0 });
  });

  test('S11: accepts a new run after a reset although its revision is lower, and ignores the earlier run', () => {
    const reset = surveyed({ kind: 'standing', report: report('open', 1, 'started', { run: 'r9' }) });
    expect(statsOf(reset)).toMatchObject({ total: 2, inProgress: 1, failed: 0 });
    expect(applyReport(reset, report('open', 4, 'failed', { run: 'r1' }))).toEqual(reset);
    expect(statsOf(applyReport(reset, report('open', 2, 'failed', { run: 'r9' })))).toMatchObject({ failed: 1 });
  });

  test('S11: subtracts the end of a build that is open again from every sum', () => {
    const counted = report('done', 9, 'completed', END);
    const reopened = { kind: 'standing' as const, report: report('done', 2, 'started', { run: 'r3' }), counted };
    for (const times of [[reopened], [reopened, reopened]]) {
      const stats = statsOf(surveyed(...times));
      expect(stats).toMatchObject({
        total: 2,
        completed: 0,
        inProgress: 1,
        averageHandoffs: 0,
        averageDurationMs: null,
      });
    }
    const ends = applyReport(surveyed(reopened), report('done', 5, 'cancelled', { run: 'r3', handoffs: 2 }));
    expect(statsOf(ends)).toMatchObject({ total: 2, completed: 0, failed: 2, averageHandoffs: 2 });
  });
});

test('S13: an invalid ledger input is refused with the name of the member', () => {
  const whole = applyReport(beginProject('shop'), report('a', 1, 'started', { run: 'r' }));
  expect(projectInputProblem({ resumed: whole })).toBeNull();
  expect(projectInputProblem({ resumed: { ...whole, total: -1 } })).toMatch(/^resumed\.total must be a whole number/);
  expect(projectInputProblem({ resumed: { ...whole, open: { a: {} } } })).toMatch(/^resumed\.open\.a\.sequence/);
  expect(projectInputProblem({ projectId: 'a b' })).toMatch(/^projectId must be/);
});
