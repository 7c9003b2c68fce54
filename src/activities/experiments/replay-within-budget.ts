/**
 * Runs the replay of calls within the budget of experiments: it repeats, outside of a test run, the calls that tests made to changed
 * sources.
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
 * Seconds by which the replay may exceed the default budget: for one test run that records calls, then for the processes that repeat
 * them. The replay has its own time, so that a change with many units cannot use it up.
 */
const EXTRA_SECONDS = 10;

export async function replayWithinBudget({ candidate, material, allTests }: Subject) {
  const { clock } = allTests.series;
  const changedSources = material.sources.map(({ path, after }) => ({ path, text: after }));
  const noReplay = { findings: [] as ExperimentFinding[], notes: [] as string[], isUsable: false };
  if (changedSources.length === 0) return noReplay;
  const texts = material.sources.map(({ path, before, after }) => ({ path, before, text: after }));
  const notesOnCallsNotReplayed = await runReader(allTests.series.deps, 'unasked', texts);
  // The default budget may be exceeded by the extra seconds. A budget that the start request sets may not: the recording run and about
  // half of the extra seconds, for the processes, must fit into it.
  const neededS =
    candidate.run.durationMs / 1_000 +
    (candidate.overrides?.seconds === undefined ? -EXTRA_SECONDS : EXTRA_SECONDS / 2);
  if (clock.seconds() + neededS > clock.budget.seconds)
    return {
      ...noReplay,
      notes: [
        ...notesOnCallsNotReplayed,
        'the calls that tests made were not repeated outside of a test run: the budget was used up',
      ],
    };
  const { findings, notes, asked } = await loadOrReplay(
    allTests.series,
    changedSources,
    material.tests.map(({ path, after }) => ({ path, text: after })),
  );
  const count = asked === 0 ? [] : [`${asked} calls that tests made were repeated outside of a test run`];
  return {
    findings: findings.map(toFinding),
    notes: [...count, ...notesOnCallsNotReplayed, ...notes],
    isUsable: asked > 0,
  };
}

/** Loads the stored replay of the commit, or makes it and stores it, so that another worker need not repeat it. */
async function loadOrReplay(series: Series, changedSources: LaidFile[], tests: LaidFile[]) {
  const { deps, method, commit, locked, laid, clock } = series;
  const key = `${testMethodKey(method)}.${sha256(JSON.stringify([commit, locked, laid, changedSources]))}`;
  // 'guises' is the name of the stored series of replays. It stays, so that replays of earlier versions are found.
  const storedReplay = await deps.documents.load('guises', key);
  if (storedReplay !== undefined) return storedReplay;
  clock.countRun();
  const newReplay = await replayCalls(deps, { method, commit, locked, laid, changedSources, tests });
  return deps.documents.keepFirst('guises', key, newReplay);
}

function toFinding({ path, line, name, args, recorded, answered, under, calls }: ReplayFinding): ExperimentFinding {
  const otherCalls = calls > 1 ? `, and ${calls - 1} more calls differ` : '';
  const answers = `${describeAnswer(recorded)} in a test run and ${describeAnswer(answered)} ${under}${otherCalls}`;
  const says = `${name}(${args}) ${answers}: it must give the same answer outside of a test run`;
  return { kind: 'answers_differ', path, line, says: says.slice(0, 400), mender: 'code_writer' };
}

/** Turns a recorded answer, `value <json>` or `threw <name of the error>`, into the predicate of a sentence. */
function describeAnswer(answer: string): string {
  if (answer.startsWith('value ')) return answer.replace('value ', 'returns ');
  return answer.startsWith('threw ') ? answer.replace('threw ', 'throws ') : `answers ${answer}`;
}
