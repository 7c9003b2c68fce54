/**
 * How the builds of the fifth round are told: what the base has more, and what the cheating role writes.
 */
import { tillOf } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import type { Case, Files, ScriptedBuild } from '../scripted-build';
import type { Caught } from './cheat';

export interface Told {
  /** Of the repository, beside the till. */
  base?: Record<string, string>;
  /** By the Code Writer, over its usual files. */
  files?: Files;
  /** By the Test Auditor. */
  tests?: Record<string, string>;
  more?: (build: ScriptedBuild) => void;
  caught?: Caught;
}

export const told = (
  project: () => ScriptedBuild,
  name: string,
  { base = {}, files = {}, tests = {}, more, caught = ['experiments', /./] }: Told,
): Case => ({
  ...{ name, project, caught, isHeldByAny: true },
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
    Object.assign(build.audit[0].tests, tests);
    more?.(build);
  },
});

export const on = (flavour: Flavour, name: string, how: Told): Case =>
  told(() => tillOf(flavour), `${name} (${flavour.runner})`, how);

/** A third thing that the sentence asks for, and the test that is said to show it. */
export function promise({ discovery, planning, code, audit }: ScriptedBuild, text: string, test: string): void {
  discovery.requirements.push({ id: 'R3', text });
  for (const step of planning.steps) step.requirement_ids.push('R3');
  planning.success_criteria.push({
    ...{ id: 'C3', requirement_ids: ['R3'], kind: 'new', text },
    tested_by: 'A unit test of its own.',
  });
  code[0].test_cases.push({ name: test, criterion_ids: ['C3'] });
  audit[0].criteria.push({ criterion_id: 'C3', tested_by: test, satisfied: true, note: '' });
}
