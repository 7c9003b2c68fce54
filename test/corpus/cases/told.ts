/**
 * A case of the till with another change than the discount.
 */
import type { PhaseOutput } from '../../../src/activities/outputs';
import { nodeTill } from '../projects/node';
import type { Audit, Case, Code, ScriptedBuild } from '../scripted-build';

interface Told {
  files: Code['files'];
  tests?: Audit['tests'];
  updated?: PhaseOutput<'testing'>['tests_updated'];
  shown: string;
}

const tell = (build: ScriptedBuild, { files, tests = {}, updated = [], shown }: Told): void => {
  const [code] = build.code;
  Object.assign(code, { files, test_cases: [] });
  for (const component of build.planning.components) component.files = ['src/price.js'];
  Object.assign(build.audit[0], { tests, tests_updated: updated });
  for (const one of build.audit[0].criteria) one.tested_by = shown;
  for (const one of build.verification.checklist) one.evidence = Object.keys(files)[0] ?? '';
  for (const one of build.deployment.pre_checks) one.evidence = Object.keys(files)[0] ?? '';
};
export const told = (name: string, what: Told, more?: (build: ScriptedBuild) => void): Case => ({
  name,
  project: nodeTill,
  alter: (build) => {
    tell(build, what);
    more?.(build);
  },
});
export const caught = (one: Case, by: NonNullable<Case['caught']>): Case => ({ ...one, caught: by });
