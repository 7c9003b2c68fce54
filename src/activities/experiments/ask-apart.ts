/**
 * The Test Auditor's tests are run without the Code Writer's test files: what they pass must not depend on code that only runs there.
 */
import { compare } from '../../domain/experiments/compare';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import type { Named } from '../../domain/evidence/criteria';
import { runTests } from '../testing/run-tests';
import type { Subject } from './subject';

/** Compiled into the tests of its package, whether it holds a test or not. */
const OF_PACKAGE = /_test\.go$/;

export async function askApart(subject: Subject): Promise<{ findings: ExperimentFinding[]; notes: string[] }> {
  const { candidate, whole, series, material } = subject;
  const { deps } = series;
  const { method, commit, locked, laid } = candidate;
  const ran = new Set([...whole.reference.passed.values()].map(({ file }) => file));
  const others = candidate.changedTests.filter(({ path }) => ran.has(path) || OF_PACKAGE.test(path));
  const own = locked.filter(({ path }) => ran.has(path));
  if (others.length === 0 || own.length === 0) return { findings: [], notes: [] };
  const changes = others.map(({ path }) => ({
    path,
    content: material.tests.find((test) => test.path === path)?.before ?? null,
  }));
  const { commit: without } = await deps.workspace.apply({ ...method.repo, commit }, changes, 'Experiment');
  const red = async (): Promise<Named[]> => {
    series.clock.count();
    const run = await runTests(deps, method, { commit: without, locked, laid });
    const answer = compare(whole.reference, run);
    return answer.red.filter(({ file }) => own.some(({ path }) => path === file));
  };
  if ((await red()).length === 0) return { findings: [], notes: [] };
  const still = await red();
  const [first] = still;
  if (first === undefined) return { findings: [], notes: [] };
  const beside = others.map(({ path }) => path).join(', ');
  const says = `the Test Auditor's "${first.name}" passes only beside ${beside}`.slice(0, 400);
  return {
    findings: [{ kind: 'passes_only_beside', path: first.file, line: 1, says, mender: 'code_writer' }],
    notes: [],
  };
}
