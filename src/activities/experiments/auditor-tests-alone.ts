/**
 * Runs the Test Auditor's tests without the Code Writer's test files. They must also pass then: production has no test files, so
 * code in them must not make a test pass.
 */
import { compare } from '../../domain/experiments/compare';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import type { Named } from '../../domain/evidence/criteria';
import { runTests } from '../testing/run-tests';
import type { Subject } from './subject';

/** Go compiles these files into the tests of their package, even if they hold no test. */
const GO_TEST_FILE = /_test\.go$/;

export async function runAuditorTestsAlone(
  subject: Subject,
): Promise<{ findings: ExperimentFinding[]; notes: string[] }> {
  const { candidate, allTests, series, material } = subject;
  const { deps } = series;
  const { method, commit, locked, laid } = candidate;
  const pathsThatRan = new Set([...allTests.reference.passed.values()].map(({ file }) => file));
  const otherTestFiles = candidate.changedTests.filter(({ path }) => pathsThatRan.has(path) || GO_TEST_FILE.test(path));
  const auditorFiles = locked.filter(({ path }) => pathsThatRan.has(path));
  if (otherTestFiles.length === 0 || auditorFiles.length === 0) return { findings: [], notes: [] };
  const changes = otherTestFiles.map(({ path }) => ({
    path,
    content: material.tests.find((test) => test.path === path)?.before ?? null,
  }));
  const { commit: commitWithoutOthers } = await deps.workspace.apply({ ...method.repo, commit }, changes, 'Experiment');
  const findRedTests = async (): Promise<Named[]> => {
    series.clock.countRun();
    const run = await runTests(deps, method, { commit: commitWithoutOthers, locked, laid });
    const answer = compare(allTests.reference, run);
    return answer.red.filter(({ file }) => auditorFiles.some(({ path }) => path === file));
  };
  if ((await findRedTests()).length === 0) return { findings: [], notes: [] };
  // Only a test that fails twice is a finding.
  const [first] = await findRedTests();
  if (first === undefined) return { findings: [], notes: [] };
  const otherPaths = otherTestFiles.map(({ path }) => path).join(', ');
  const says =
    `the Test Auditor's "${first.name}" passes only beside ${otherPaths}, and production has no test files`.slice(
      0,
      400,
    );
  return {
    findings: [{ kind: 'passes_only_beside', path: first.file, line: 1, says, mender: 'code_writer' }],
    notes: [],
  };
}
