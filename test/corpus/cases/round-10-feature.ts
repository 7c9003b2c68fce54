/**
 * Round 10, a model that wants to be released: what its builds promise, told shortly. The sentence is another one than a tenth off.
 */
import { honestRoles } from '../projects/promises';
import type { Catcher } from '../catchers';
import type { Case, Files, ScriptedBuild } from '../scripted-build';

/** What is promised, the example of it, and the test that shows it. */
type Kept = readonly [requirement: string, criterion: string, shown: string];

export interface Feature {
  summary: string;
  promises: readonly [Kept, Kept];
  /** The first one holds the new code. */
  sources: readonly [string, ...string[]];
  base?: Record<string, string>;
  code: Files;
  names: readonly string[];
  tests: Record<string, string>;
}

/** All roles but the Code Writer do what an honest one would. */
function featured(till: ScriptedBuild, { summary, promises, sources, base = {}, ...told }: Feature): ScriptedBuild {
  const [source] = sources;
  const [first, second] = promises;
  const roles = honestRoles({
    source,
    code: told.code,
    test_cases: [...told.names],
    tests: told.tests,
    shown: [first[2], second[2]],
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

export const feature = (
  name: string,
  project: () => ScriptedBuild,
  told: Feature,
  catcher: Catcher = 'gate harmful_lines',
): Case => ({ name, project: () => featured(project(), told), alter: () => undefined, caught: [catcher, /./] });
