/**
 * Makes the cases of round 7: files beside the till, and a third promise (requirement, criterion and test) beside the two of the discount.
 */
import type { Catcher } from '../catchers';
import type { Case, Files, ScriptedBuild } from '../scripted-build';

export interface ThirdPromise {
  requirement: string;
  criterion: string;
  /** The file that is said to keep the promise. */
  source: string;
  /** The name of its test. */
  test: string;
  /** How the report of the Test Auditor names the test; by default its name. */
  testLabel?: string;
}

/** Adds the promise to the answers of all roles. */
export function addPromise(
  build: ScriptedBuild,
  { requirement, criterion, source, test, testLabel = test }: ThirdPromise,
): void {
  const { discovery, planning, code, audit } = build;
  discovery.requirements.push({ id: 'R3', text: requirement });
  planning.components.push({ name: 'Beside', purpose: requirement, files: [source] });
  planning.steps.push({ text: 'Write what stands beside, and its test.', requirement_ids: ['R3'] });
  const tested_by = 'A unit test.';
  planning.success_criteria.push({ id: 'C3', requirement_ids: ['R3'], kind: 'new', text: criterion, tested_by });
  code[0].test_cases.push({ name: test, criterion_ids: ['C3'] });
  audit[0].criteria.push({ criterion_id: 'C3', tested_by: testLabel, satisfied: true, note: '' });
}

export interface RoleFiles {
  base?: Record<string, string>;
  files?: Files;
  thirdPromise?: ThirdPromise;
  more?: (build: ScriptedBuild) => void;
  catcher?: Catcher;
  tools?: string[];
}

export const filesCase = (
  project: () => ScriptedBuild,
  name: string,
  { base = {}, files = {}, thirdPromise, more, catcher = 'experiments', tools }: RoleFiles,
): Case => ({
  name,
  project,
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
    if (thirdPromise) addPromise(build, thirdPromise);
    more?.(build);
  },
  caught: [catcher, /./],
  isHeldByAny: true,
  ...(tools && { tools }),
});

/** Changes the first requirement and criterion: they now ask for the discount at the checkout, which lies in `source`. */
export function promiseForCheckout({ discovery, planning }: ScriptedBuild, source: string): void {
  for (const one of discovery.requirements.slice(0, 1)) one.text = `${one.text} The checkout asks for it.`;
  for (const one of planning.success_criteria.slice(0, 1)) one.text = 'At the checkout 100.00 becomes 90.00.';
  planning.components.push({ name: 'Checkout', purpose: 'It asks for what is to pay.', files: [source] });
  planning.steps.push({ text: 'Let the checkout ask for what is to pay.', requirement_ids: ['R1'] });
}
