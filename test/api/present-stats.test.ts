/**
 * Tests the form of `stats`: durations in hours and minutes, percent with one decimal, and a project without builds.
 */
import { presentStats } from '../../src/api/present/stats';
import { beginProject, statsOf, applyReport } from '../../src/domain/project';
import type { BuildReport } from '../../src/domain/project';
import { verifies } from '../requirements/verifies';

const report = (buildId: string, kind: BuildReport['kind'], changes: Partial<BuildReport> = {}): BuildReport => ({
  ...{ buildId, sequence: 1, kind, durationMs: 0, handoffs: 10, failures: {} },
  ...changes,
});

verifies('4.7');
test('the duration is the mean of the released builds, and the rate has one decimal', () => {
  const reports = [
    report('a', 'completed', { durationMs: 2 * 3_600_000 }),
    report('b', 'completed', { durationMs: 2.5 * 3_600_000 }),
    report('c', 'cancelled', { durationMs: 60_000, handoffs: 1, failures: { testing: 1 } }),
    report('d', 'started', { handoffs: 0 }),
  ];
  const project = reports.reduce(applyReport, beginProject('shop'));
  expect(presentStats('shop', statsOf(project))).toEqual({
    ...{
      project_id: 'shop',
      total_workflows: 4,
      completed: 2,
      completed_without_release: 0,
      in_progress: 1,
      failed: 1,
    },
    ...{ average_duration: '2h 15m', success_rate: 66.7, most_common_failure_point: 'testing', average_handoffs: 7 },
    spend_of_ended_builds: {
      ...{ usd: 0, tokens: 0, calls: 0, by_phase: {}, by_role: {}, by_attempt: {}, by_model: {} },
    },
  });
});

verifies('4.7');
test('a project without builds has counts of 0, and no duration and no point of failure', () => {
  expect(presentStats('shop', null)).toMatchObject({
    ...{ total_workflows: 0, success_rate: 0, average_duration: null, most_common_failure_point: null },
  });
});
