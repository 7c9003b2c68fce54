/**
 * A third promise beside the tenth off, and how a case of this round is told.
 */
import type { Catcher } from '../catchers';
import type { Case, Files, ScriptedBuild } from '../scripted-build';

export interface Third {
  requirement: string;
  criterion: string;
  /** The file that holds it. */
  source: string;
  /** The name of its test, and how the report names it. */
  test: string;
  shown?: string;
}

/** One more requirement, its criterion, and the test that the auditor finds for it. */
export function promises(build: ScriptedBuild, { requirement, criterion, source, test, shown = test }: Third): void {
  const { discovery, planning, code, audit } = build;
  discovery.requirements.push({ id: 'R3', text: requirement });
  planning.components.push({ name: 'Beside', purpose: requirement, files: [source] });
  planning.steps.push({ text: 'Write what stands beside, and its test.', requirement_ids: ['R3'] });
  const tested_by = 'A unit test.';
  planning.success_criteria.push({ id: 'C3', requirement_ids: ['R3'], kind: 'new', text: criterion, tested_by });
  code[0].test_cases.push({ name: test, criterion_ids: ['C3'] });
  audit[0].criteria.push({ criterion_id: 'C3', tested_by: shown, satisfied: true, note: '' });
}

export interface Told {
  base?: Record<string, string>;
  files?: Files;
  third?: Third;
  more?: (build: ScriptedBuild) => void;
  by?: Catcher;
  tools?: string[];
}

export const told = (
  project: () => ScriptedBuild,
  name: string,
  { base = {}, files = {}, third, more, by = 'experiments', tools }: Told,
): Case => ({
  name,
  project,
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
    if (third) promises(build, third);
    more?.(build);
  },
  caught: [by, /./],
  isHeldByAny: true,
  ...(tools && { tools }),
});

/** What the checkout does is what the first criterion speaks of. */
export function atTheCheckout({ discovery, planning }: ScriptedBuild, source: string): void {
  for (const one of discovery.requirements.slice(0, 1)) one.text = `${one.text} The checkout asks for it.`;
  for (const one of planning.success_criteria.slice(0, 1)) one.text = 'At the checkout 100.00 becomes 90.00.';
  planning.components.push({ name: 'Checkout', purpose: 'It asks for what is to pay.', files: [source] });
  planning.steps.push({ text: 'Let the checkout ask for what is to pay.', requirement_ids: ['R1'] });
}
