/**
 * Runs the replay within the budget of experiments: it makes the calls again that tests made of changed sources, outside of tests.
 */
import type { ExperimentFinding } from '../../domain/experiments/judge';
import type { ReplayFinding } from '../../domain/experiments/judge-replay';
import { sha256 } from '../../inspect/digest';
import type { LaidFile } from '../../ports/test-runner';
import { runReader } from '../run-reader';
import { testMethodKey } from '../testing/run-tests';
import type { Series } from './ask';
import { replayCalls } from './replay-calls';
import type { Subject } from './subject';

/**
 * Seconds that the replay may take in addition to a default budget. It makes one run with recorders and starts some processes; it has
 * its own time, so that a change with many units cannot use up the time of the replay.
 */
const EXTRA_SECONDS = 10;

export async function askReplay({ candidate, material, whole }: Subject) {
  const { clock } = whole.series;
  const changedSources = material.sources.map(({ path, after }) => ({ path, text: after }));
  const nothing = { findings: [] as ExperimentFinding[], notes: [] as string[], isUsable: false };
  if (changedSources.length === 0) return nothing;
  const texts = material.sources.map(({ path, before, after }) => ({ path, before, text: after }));
  const unasked = await runReader(whole.series.deps, 'unasked', texts);
  const neededS =
    candidate.run.durationMs / 1_000 +
    (candidate.overrides?.seconds === undefined ? -EXTRA_SECONDS : EXTRA_SECONDS / 2);
  if (clock.seconds() + neededS > clock.budget.seconds)
    return {
      ...nothing,
      notes: [...unasked, 'calls of tests were not made again outside of tests: the budget was used up'],
    };
  const { findings, notes, asked } = await loadOrReplay(
    whole.series,
    changedSources,
    material.tests.map(({ path, after }) => ({ path, text: after })),
  );
  const count = asked === 0 ? [] : [`${asked} calls of tests were made again outside of tests`];
  return { findings: findings.map(toFinding), notes: [...count, ...unasked, ...notes], isUsable: asked > 0 };
}

/** Loads the stored replay of the commit, or makes it and stores it, so that another worker need not repeat it. */
async function loadOrReplay(series: Series, changedSources: LaidFile[], tests: LaidFile[]) {
  const { deps, method, commit, locked, laid, clock } = series;
  const key = `${testMethodKey(method)}.${sha256(JSON.stringify([commit, locked, laid, changedSources]))}`;
  const known = await deps.documents.load('guises', key);
  if (known !== undefined) return known;
  clock.count();
  const answered = await replayCalls(deps, { method, commit, locked, laid, changedSources, tests });
  return deps.documents.keepFirst('guises', key, answered);
}

function toFinding({ path, line, name, args, recorded, answered, under, calls }: ReplayFinding): ExperimentFinding {
  const more = calls > 1 ? `, and ${calls - 1} calls more` : '';
  const says = `${name}(${args}) answers tests ${recorded}, and ${answered} ${under}${more}: it must answer the same outside of tests`;
  return { kind: 'answers_differ', path, line, says: says.slice(0, 400), mender: 'code_writer' };
}
