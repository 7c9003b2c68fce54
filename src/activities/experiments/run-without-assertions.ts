/**
 * Runs the tests without the assertions on the changed lines, because production runs without assertions. A test that fails then shows
 * code that needs its assertions. Tests that expect an assertion to fail do not count.
 */
import { createFinding } from '../../domain/experiments/asked-units';
import type { ExperimentFinding } from '../../domain/experiments/judge';
import { runExperiment, runExperimentOnCommit } from './run-experiment';
import type { Subject } from './subject';

export async function runWithoutAssertions({
  material,
  series,
  reference,
  allTests,
  candidate,
}: Subject): Promise<{ findings: ExperimentFinding[] }> {
  const { unasserted } = material;
  const [first] = unasserted;
  if (first === undefined) return { findings: [] };
  const broken = unasserted.map(({ path, text }) => ({ path, text }));
  const answer = await runExperiment(series, reference, broken);
  if (answer.outcome !== 'noticed') return { findings: [] };
  const texts = await series.deps.workspace.contents(
    { ...candidate.method.repo, commit: series.commit },
    [...new Set(answer.red.map(({ file }) => file))].filter((file) => file !== ''),
  );
  const changedTests = material.tests.map(({ after }) => after);
  if (
    [...changedTests, ...texts.values()].some((text) =>
      /\bAssertionError\b|\bSIGABRT\b|should_panic|EXPECT_DEATH/.test(text),
    )
  )
    return { findings: [] };
  const repeated = await runExperimentOnCommit(allTests.series, allTests.reference, broken);
  if (repeated.outcome !== 'noticed') return { findings: [] };
  const says =
    'the code needs assertions: without the assertions on the changed lines a test fails, and production runs without assertions';
  return { findings: [createFinding('needs_assertions', first, says)] };
}
