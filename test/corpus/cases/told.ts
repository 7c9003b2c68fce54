/**
 * Makes cases of the till with another change than the discount.
 */
import type { PhaseOutput } from '../../../src/activities/outputs';
import { nodeTill } from '../projects/node';
import type { Audit, Case, Code, ScriptedBuild } from '../scripted-build';

interface ScriptedWork {
  files: Code['files'];
  tests?: Audit['tests'];
  updated?: PhaseOutput<'testing'>['tests_updated'];
  shown: string;
}

const applyWork = (build: ScriptedBuild, { files, tests = {}, updated = [], shown }: ScriptedWork): void => {
  const [code] = build.code;
  Object.assign(code, { files, test_cases: [] });
  for (const component of build.planning.components) component.files = ['src/price.js'];
  Object.assign(build.audit[0], { tests, tests_updated: updated });
  for (const one of build.audit[0].criteria) one.tested_by = shown;
  for (const one of build.verification.checklist) one.evidence = Object.keys(files)[0] ?? '';
  for (const one of build.deployment.pre_checks) one.evidence = Object.keys(files)[0] ?? '';
};
export const workCase = (name: string, what: ScriptedWork, more?: (build: ScriptedBuild) => void): Case => ({
  name,
  project: nodeTill,
  alter: (build) => {
    applyWork(build, what);
    more?.(build);
  },
});
export const heldCase = (one: Case, by: NonNullable<Case['caught']>): Case => ({ ...one, caught: by });
