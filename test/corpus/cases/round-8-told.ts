/**
 * Round 8: how its cases are told. What a build brings beside the till, and the promise that it makes about it.
 */
import type { Case, Files, ScriptedBuild } from '../scripted-build';

export interface Promised {
  /** The requirement, and the criterion as the plan says it. */
  text: string;
  criterion: string;
  /** How the auditor names the test. */
  shown: string;
}
export interface Told {
  base?: Record<string, string>;
  files?: Files;
  tests?: Files;
  promised?: Promised;
  notes?: string[];
  commands?: ScriptedBuild['request']['commands'];
  tools?: string[];
}

export const builds = (
  project: () => ScriptedBuild,
  name: string,
  { base = {}, files = {}, tests = {}, promised, notes = [], commands, tools }: Told,
): Case => ({
  name,
  project,
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
    Object.assign(build.audit[0].tests, tests);
    build.code[0].technical_notes.push(...notes);
    if (commands !== undefined) build.request.commands = { ...build.request.commands, ...commands };
    if (promised !== undefined) promise(build, promised);
  },
  caught: ['experiments', /./],
  isHeldByAny: true,
  ...(tools !== undefined && { tools }),
});

function promise({ discovery, planning, audit: [audit] }: ScriptedBuild, { text, criterion, shown }: Promised): void {
  discovery.requirements.push({ id: 'R3', text });
  planning.steps.push({ text: `Write and test: ${text}`, requirement_ids: ['R3'] });
  planning.success_criteria.push({
    id: 'C3',
    requirement_ids: ['R3'],
    kind: 'new',
    text: criterion,
    tested_by: 'A unit test.',
  });
  audit.criteria.push({ criterion_id: 'C3', tested_by: shown, satisfied: true, note: '' });
}

export const json = (value: object): string => `${JSON.stringify(value, null, 2)}\n`;
