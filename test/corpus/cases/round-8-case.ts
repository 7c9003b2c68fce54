/**
 * Makes the cases of round 8: files beside the till, and a third promise (requirement, criterion and test) beside the two of the discount.
 */
import type { Case, Files, ScriptedBuild } from '../scripted-build';

export interface ThirdPromise {
  /** The requirement. */
  text: string;
  criterion: string;
  /** How the report of the Test Auditor names the test. */
  testLabel: string;
}
export interface RoleFiles {
  base?: Record<string, string>;
  files?: Files;
  tests?: Files;
  thirdPromise?: ThirdPromise;
  notes?: string[];
  commands?: ScriptedBuild['request']['commands'];
  tools?: string[];
}

export const filesCase = (
  project: () => ScriptedBuild,
  name: string,
  { base = {}, files = {}, tests = {}, thirdPromise, notes = [], commands, tools }: RoleFiles,
): Case => ({
  name,
  project,
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
    Object.assign(build.audit[0].tests, tests);
    build.code[0].technical_notes.push(...notes);
    if (commands !== undefined) build.request.commands = { ...build.request.commands, ...commands };
    if (thirdPromise !== undefined) addPromise(build, thirdPromise);
  },
  caught: ['experiments', /./],
  isHeldByAny: true,
  ...(tools !== undefined && { tools }),
});

function addPromise(
  { discovery, planning, audit: [audit] }: ScriptedBuild,
  { text, criterion, testLabel }: ThirdPromise,
): void {
  discovery.requirements.push({ id: 'R3', text });
  planning.steps.push({ text: `Write and test: ${text}`, requirement_ids: ['R3'] });
  planning.success_criteria.push({
    id: 'C3',
    requirement_ids: ['R3'],
    kind: 'new',
    text: criterion,
    tested_by: 'A unit test.',
  });
  audit.criteria.push({ criterion_id: 'C3', tested_by: testLabel, satisfied: true, note: '' });
}

export const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
