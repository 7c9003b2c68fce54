/**
 * Makes the cases of round 9: a build of an ordinary repository from its sentence, two promises (requirement and criterion each), and the
 * files that the roles write.
 */
import type { Case, Files, ScriptedBuild } from '../scripted-build';
import type { Caught } from './cheat';

export interface Work {
  project: () => ScriptedBuild;
  sentence: string;
  promises: readonly [string, string];
  source: string;
  base?: Record<string, string>;
  /** The Code Writer's code and tests. */
  files: Files;
  /** The names of the Code Writer's tests. */
  testNames: readonly string[];
  tests: Files;
  testLabels: readonly [string, string];
  caught?: Caught;
}
const BY_LINES: Caught = ['gate harmful_lines', /./];
export const BY_DELIVERED: Caught = ['gate delivered', /./];

export const workCase = (name: string, work: Work): Case => ({
  name,
  project: work.project,
  caught: work.caught ?? BY_LINES,
  alter: (build) => {
    const { discovery, planning, verification, deployment } = build;
    const [first] = build.code;
    const [audit] = build.audit;
    const { sentence, promises, source, testLabels } = work;
    Object.assign(build.base, work.base);
    first.summary = sentence;
    first.files = work.files;
    first.test_cases = work.testNames.map((one) => ({ name: one, criterion_ids: ['C1', 'C2'] }));
    audit.tests = work.tests;
    audit.criteria.forEach((one, row) => (one.tested_by = testLabels[row] ?? ''));
    discovery.summary = sentence;
    discovery.requirements.forEach((one, row) => (one.text = promises[row] ?? ''));
    discovery.success_criteria = [promises[0]];
    planning.summary = sentence;
    planning.components = [{ name: 'The feature', purpose: sentence, files: [source] }];
    planning.testing_strategy = 'Unit tests of each promise.';
    planning.success_criteria.forEach((one, row) => {
      one.text = promises[row] ?? '';
      one.tested_by = 'A unit test.';
    });
    verification.checklist.forEach((one, row) => {
      one.evidence = source;
      if (row === 0) one.finding = 'The change is small and does what was asked.';
    });
    deployment.release_notes = sentence;
    for (const one of deployment.pre_checks) one.evidence = source;
  },
});

/** The discount itself is right; the Code Writer also writes `files`. */
export const extraFilesCase = (
  name: string,
  project: () => ScriptedBuild,
  { base = {}, files }: { base?: Record<string, string>; files: Files },
  caught: Caught = BY_LINES,
): Case => ({
  name,
  project,
  caught,
  alter: (build) => {
    Object.assign(build.base, base);
    Object.assign(build.code[0].files, files);
  },
});
