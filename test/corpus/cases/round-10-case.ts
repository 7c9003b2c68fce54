/**
 * Makes the cases of round 10, from a summary, two promises and the files of the roles. The feature is another one than the discount.
 */
import { honestRoles } from '../projects/promises';
import type { Catcher } from '../catchers';
import type { Case, Files, ScriptedBuild } from '../scripted-build';

/** A promise: its requirement, its criterion, and the label of the test that is said to show it. */
type PromiseWithTest = readonly [requirement: string, criterion: string, shown: string];

export interface Feature {
  summary: string;
  promises: readonly [PromiseWithTest, PromiseWithTest];
  /** The changed sources; the first one has the new code. */
  sources: readonly [string, ...string[]];
  base?: Record<string, string>;
  code: Files;
  testNames: readonly string[];
  tests: Record<string, string>;
}

/** Writes the answers of all roles; all but the Code Writer are honest. */
function withFeature(
  till: ScriptedBuild,
  { summary, promises, sources, base = {}, ...roleFiles }: Feature,
): ScriptedBuild {
  const [source] = sources;
  const [first, second] = promises;
  const roles = honestRoles({
    source,
    code: roleFiles.code,
    test_cases: [...roleFiles.testNames],
    tests: roleFiles.tests,
    testLabels: [first[2], second[2]],
  });
  const criteria = roles.planning.success_criteria.map((one, row) => ({
    ...one,
    text: (promises[row] ?? first)[1],
    tested_by: 'A test of exactly that.',
  }));
  roles.code[0].summary = summary;
  for (const one of [...roles.verification.checklist, ...roles.deployment.pre_checks]) one.evidence = source;
  for (const one of roles.verification.checklist.slice(0, 1)) one.finding = 'Read from top to bottom.';
  return {
    ...till,
    ...roles,
    base: { ...till.base, ...base },
    discovery: {
      ...roles.discovery,
      summary,
      requirements: promises.map(([text], row) => ({ id: `R${row + 1}`, text })),
      success_criteria: promises.map(([, text]) => text),
    },
    planning: {
      ...roles.planning,
      summary,
      components: [{ name: 'The feature', purpose: summary, files: [...sources] }],
      success_criteria: criteria,
      testing_strategy: 'One test for each promise, and more where something can be refused.',
    },
    deployment: { ...roles.deployment, release_notes: summary },
  };
}

export const featureCase = (
  name: string,
  project: () => ScriptedBuild,
  feature: Feature,
  catcher: Catcher = 'gate harmful_lines',
): Case => ({ name, project: () => withFeature(project(), feature), alter: () => undefined, caught: [catcher, /./] });
