/**
 * Kubernetes resources that never start are found, unless the request or the plan asks for it.
 */
import { findingsIn } from './set-up-trees';

const job = (specLines: string, kind = 'CronJob'): string =>
  `apiVersion: batch/v1\nkind: ${kind}\nmetadata:\n  name: totals\nspec:\n  schedule: '30 3 * * *'\n${specLines}`;
const COUNT = { 'deploy/count.yaml': job('').replace('totals', 'count') };
const PLAN = { text: 'Each night a CronJob adds up.', paths: ['deploy/totals.yaml'] };
const NEVER = /deploy\/totals\.yaml:7 delivers a resource to the cluster that never starts/;

test.each([
  ['a job', job('  suspend: true\n')],
  ['a job behind another one', `${job('')}---\n${job('  suspend: true\n')}`],
  ['a deployment', job('  paused: true\n', 'Deployment')],
])('%s that never starts is found', (name, text) => {
  const found = findingsIn({ base: COUNT, files: { 'deploy/totals.yaml': text }, asked: PLAN }).join('\n');
  expect(found).toMatch(name.includes('behind') ? /totals\.yaml:14 delivers/ : NEVER);
});

test.each([
  ['a job that runs', job('  suspend: false\n'), PLAN.text],
  ['a comment', job('  # suspend: true\n'), PLAN.text],
  ['a job that the request wants suspended', job('  suspend: true\n'), 'The CronJob is suspended until May.'],
  ['another kind', job('  paused: true\n', 'ConfigMap'), PLAN.text],
])('%s is not found', (_, text, planText) => {
  const asked = { ...PLAN, text: planText };
  expect(findingsIn({ base: COUNT, files: { 'deploy/totals.yaml': text }, asked }).join()).not.toMatch(/never starts/);
});

test('a job that was suspended before the change is not found', () => {
  const files = { 'deploy/totals.yaml': job('  suspend: true\n').replace('30 3', '40 3') };
  const base = { ...COUNT, 'deploy/totals.yaml': job('  suspend: true\n') };
  expect(findingsIn({ base, files, asked: PLAN }).join()).not.toMatch(/never starts/);
});
