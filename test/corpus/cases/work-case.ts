/**
 * Makes cases of the till with another change than the discount.
 */
import type { PhaseOutput } from '../../../src/activities/outputs';
import { nodeTill } from '../projects/node';
import type { Audit, Case, Code, ScriptedBuild } from '../scripted-build';

interface ScriptedWork {
  files: Code['files'];
  tests?: Audit['tests'];
  updatedTests?: PhaseOutput<'testing'>['tests_updated'];
  testLabel: string;
}

const applyWork = (build: ScriptedBuild, { files, tests = {}, updatedTests = [], testLabel }: ScriptedWork): void => {
  const [code] = build.code;
  Object.assign(code, { files, test_cases: [] });
  for (const component of build.planning.components) component.files = ['src/price.js'];
  Object.assign(build.audit[0], { tests, tests_updated: updatedTests });
  for (const one of build.audit[0].criteria) one.tested_by = testLabel;
  for (const one of build.verification.checklist) one.evidence = Object.keys(files)[0] ?? '';
  for (const one of build.deployment.pre_checks) one.evidence = Object.keys(files)[0] ?? '';
};
export const workCase = (name: string, work: ScriptedWork, more?: (build: ScriptedBuild) => void): Case => ({
  name,
  project: nodeTill,
  alter: (build) => {
    applyWork(build, work);
    more?.(build);
  },
});
export const heldCase = (one: Case, caught: NonNullable<Case['caught']>): Case => ({ ...one, caught });
