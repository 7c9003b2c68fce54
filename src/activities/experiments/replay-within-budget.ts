/**
 * Runs the replay within the budget of experiments: it makes the calls that tests made of changed sources again, outside of tests.
 */
import type { ExperimentFinding } from '../../domain/experiments/judge';
import type { ReplayFinding } from '../../domain/experiments/judge-replay';
import { sha256 } from '../../inspect/digest';
import type { LaidFile } from '../../ports/test-runner';
import { runReader } from '../run-reader';
import { testMethodKey } from '../testing/run-tests';
import type { Series } from './run-experiment';
import { replayCalls } from './replay-calls';
import type { Subject } from './subject';

/**
 * Seconds that the replay may take in addition to a default budget, for one run with recorders and for its processes. The replay has
 * its own time, so that a change with many units cannot use it up.
 */
const EXTRA_SECONDS = 10;

export async function replayWithinBudget({ candidate, material, allTests }: Subject) {
  const { clock } = allTests.series;
  const changedSources = material.sources.map(({ path, after }) => ({ path, text: after }));
  const noReplay = { findings: [] as ExperimentFinding[], notes: [] as string[], isUsable: false };
  if (changedSources.length === 0) return noReplay;
  const texts = material.sources.map(({ path, before, after }) => ({ path, before, text: after }));
  const notesOnUnreplayed = await runReader(allTests.series.deps, 'unasked', texts);
  const neededS =
    candidate.run.durationMs / 1_000 +
    (candidate.overrides?.seconds === undefined ? -EXTRA_SECONDS : EXTRA_SECONDS / 2);
  if (clock.seconds() + neededS > clock.budget.seconds)
    return {
      ...noReplay,
      notes: [
        ...notesOnUnreplayed,
        'the calls that tests made were not made again outside of tests: the budget was used up',
      ],
    };
  const { findings, notes, asked } = await loadOrReplay(
    allTests.series,
    changedSources,
    material.tests.map(({ path, after }) => ({ path, text: after })),
  );
  const count = asked === 0 ? [] : [`${asked} calls that tests made were made again outside of tests`];
  return { findings: findings.map(toFinding), notes: [...count, ...notesOnUnreplayed, ...notes], isUsable: asked > 0 };
}

/** Loads the stored replay of the commit, or makes it and stores it, so that another worker need not repeat it. */
async function loadOrReplay(series: Series, changedSources: LaidFile[], tests: LaidFile[]) {
  const { deps, method, commit, locked, laid, clock } = series;
  const key = `${testMethodKey(method)}.${sha256(JSON.stringify([commit, locked, laid, changedSources]))}`;
  const storedReplay = await deps.documents.load('guises', key);
  if (storedReplay !== undefined) return storedReplay;
  clock.countRun();
  const newReplay = await replayCalls(deps, { method, commit, locked, laid, changedSources, tests });
  return deps.documents.keepFirst('guises', key, newReplay);
}

function toFinding({ path, line, name, args, recorded, answered, under, calls }: ReplayFinding): ExperimentFinding {
  const otherCalls = calls > 1 ? `, and ${calls - 1} calls more` : '';
  const says = `${name}(${args}) answers tests ${recorded}, and ${answered} ${under}${otherCalls}: it must answer the same outside of tests`;
  return { kind: 'answers_differ', path, line, says: says.slice(0, 400), mender: 'code_writer' };
}
