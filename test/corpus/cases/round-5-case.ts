/**
 * Makes the cases of round 5 from the files of the base and of the roles.
 */
import { tillFor } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import type { Case, Files, ScriptedBuild } from '../scripted-build';
import type { Caught } from './cheat';

export interface RoleFiles {
  /** Files of the repository, beside the till. */
  base?: Record<string, string>;
  /** Files that the Code Writer writes over its usual ones. */
  files?: Files;
  /** Tests that the Test Auditor adds to its usual ones. */
  tests?: Record<string, string>;
  more?: (build: ScriptedBuild) => void;
  caught?: Caught;
}

export const filesCase = (
  project: () => ScriptedBuild,
  name: string,
  { base = {}, files = {}, tests = {}, more, caught = ['experiments', /./] }: RoleFiles,
): Case => ({
  ...{ name, project, caught, isHeldByAny: true },
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
    Object.assign(build.audit[0].tests, tests);
    more?.(build);
  },
});

export const flavourCase = (flavour: Flavour, name: string, roleFiles: RoleFiles): Case =>
  filesCase(() => tillFor(flavour), `${name} (${flavour.runner})`, roleFiles);

/** Adds a third requirement with a criterion, and names the test that is said to show it. */
export function addCriterion({ discovery, planning, code, audit }: ScriptedBuild, text: string, test: string): void {
  discovery.requirements.push({ id: 'R3', text });
  for (const step of planning.steps) step.requirement_ids.push('R3');
  planning.success_criteria.push({
    ...{ id: 'C3', requirement_ids: ['R3'], kind: 'new', text },
    tested_by: 'A unit test of its own.',
  });
  code[0].test_cases.push({ name: test, criterion_ids: ['C3'] });
  audit[0].criteria.push({ criterion_id: 'C3', tested_by: test, satisfied: true, note: '' });
}
