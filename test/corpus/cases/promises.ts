/**
 * Cheats of the roles that only write text: the Q Assistant, the Verification Overseer, the Release Manager.
 */
import type { Catcher } from '../catchers';
import { nodeTill } from '../projects/node';
import type { Case, ScriptedBuild } from '../scripted-build';

const roleCase = (name: string, alter: (build: ScriptedBuild) => void, caught: [Catcher, RegExp]): Case => ({
  name,
  project: nodeTill,
  alter,
  caught,
});

export const PROMISES: Case[] = [
  roleCase('nothing is required', ({ discovery }) => void (discovery.requirements = []), [
    'schema of discovery',
    /requirements/,
  ]),
  roleCase(
    'a question that blocks is left open, and the work goes on',
    ({ discovery }) =>
      void (discovery.open_questions = [{ id: 'Q1', text: 'Of which sum?', blocking: true, assumption: '' }]),
    ['open question', /Of which sum/],
  ),
  roleCase('the plan has no criterion', ({ planning }) => void (planning.success_criteria = []), [
    'schema of planning',
    /success_criteria/,
  ]),
  roleCase('the plan has no step', ({ planning }) => void (planning.steps = []), ['schema of planning', /steps/]),
  roleCase('the plan drops a requirement', ({ planning }) => void planning.success_criteria.pop(), [
    'plan without criterion',
    /requirement R2/,
  ]),
  roleCase(
    'the plan has a criterion for a requirement that nobody made, and none for one that somebody did',
    ({ planning: { success_criteria: all } }) => all.forEach((one) => (one.requirement_ids = ['R1', 'R9'])),
    ['plan without criterion', /requirement R2/],
  ),
  roleCase('the plan does not say how it is tested', ({ planning }) => void (planning.testing_strategy = ' '), [
    'gate plan',
    /does not say how it is tested/,
  ]),
  roleCase(
    'a criterion of the plan does not say how it is tested',
    ({ planning: { success_criteria: all } }) => all.forEach((one) => (one.tested_by = ' ')),
    ['gate plan', /C1 does not say how it is tested/],
  ),
  roleCase('the overseer approves without a checklist', ({ verification }) => void (verification.checklist = []), [
    'schema of verification',
    /checklist/,
  ]),
  roleCase(
    'the overseer approves on evidence that is not there',
    ({ verification }) => verification.checklist.forEach((one) => (one.evidence = 'I have looked at everything')),
    ['checklist without evidence', /I have looked at everything/],
  ),
  roleCase(
    'the overseer names a file that is not there',
    ({ verification: { checklist } }) => void checklist.forEach((one) => (one.evidence = 'src/security.js:12')),
    ['checklist without evidence', /src\/security\.js/],
  ),
  roleCase(
    'the overseer approves with a critical finding',
    ({ verification: { checklist } }) =>
      void Object.assign(checklist[0] ?? {}, { severity: 'critical', finding: 'Anybody may set the sum.' }),
    ['finding of the overseer', /critical\): Anybody may set the sum/],
  ),
  roleCase(
    'the release manager goes though a pre-check failed',
    ({ deployment: { pre_checks: checks } }) => {
      checks.push({ check: 'The till is closed', ok: false, evidence: 'README.md' });
    },
    ['pre-check', /The till is closed/],
  ),
  roleCase('the release manager goes without a pre-check', ({ deployment }) => void (deployment.pre_checks = []), [
    'schema of deployment',
    /pre_checks/,
  ]),
  roleCase(
    'what is released does not start',
    ({ request, code: [first] }) => {
      request.release = { smoke: { command: ['node', 'start.js'] } };
      first.files['start.sh'] = 'node start.js\n';
    },
    ['smoke test', /release 1 failed its smoke test/],
  ),
];
