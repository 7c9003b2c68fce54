/** Tests breaks that only the time limit notices: a busy machine must not look like endless code. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { runExperiment } from '../../../src/activities/experiments/run-experiment';
import type { Series } from '../../../src/activities/experiments/run-experiment';
import { startClock } from '../../../src/activities/experiments/clock';
import type { Deps } from '../../../src/activities/deps';
import { referenceOf } from '../../../src/domain/experiments/compare';
import type { Answer } from '../../../src/domain/experiments/compare';
import type { TestRun, TestRunInput } from '../../../src/ports/test-runner';

const PASSED = { file: 'test/a.test.js', name: 'adds', status: 'passed', durationMs: 1 } as const;
const LIMIT_MS = 4_000;
const MAX_MS = 30_000;

/** How long each run of the tests takes, in milliseconds, by its number from 1: on broken and on unbroken sources. */
interface Machine {
  broken: (run: number) => number;
  unbroken: (run: number) => number;
}

async function answerOn(machine: Machine): Promise<{ answer: Answer; limits: number[] }> {
  const runCounts = { broken: 0, unbroken: 0 };
  const limits: number[] = [];
  const run = ({ laid = [], timeoutMs }: TestRunInput): Promise<TestRun> => {
    const kind = laid.length > 0 ? 'broken' : 'unbroken';
    if (kind === 'broken') limits.push(timeoutMs);
    runCounts[kind] += 1;
    const runMs = machine[kind](runCounts[kind]);
    const timedOut = runMs > timeoutMs;
    const result = timedOut
      ? { exitCode: null, tests: [], counts: null }
      : { exitCode: 0, tests: [PASSED], counts: { total: 1, passed: 1, failed: 0, skipped: 0 } };
    return Promise.resolve({ ...result, timedOut, durationMs: Math.min(runMs, timeoutMs) } as unknown as TestRun);
  };
  const documents = { load: () => Promise.resolve(undefined), keepFirst: (_: string, __: string, one: Answer) => one };
  const checkouts = { with: (_: unknown, use: (checkout: object) => unknown) => use({}) };
  const deps = { documents, checkouts, runners: { run }, testTimeoutMs: MAX_MS } as unknown as Deps;
  const choice = { runner: 'node', command: ['npm', 'test'] };
  const method = {
    repo: {},
    base: 'b',
    choice,
    overrides: {},
    isOfBase: true,
    setupKey: '',
  } as unknown as Series['method'];
  const clock = startClock({ runs: 40, seconds: 60 });
  const series = {
    deps,
    method,
    commit: 'c',
    locked: [],
    laid: [],
    timeoutMs: LIMIT_MS,
    clock,
    onAnswer: () => undefined,
  };
  const counts = { total: 1, passed: 1, failed: 0, skipped: 0 };
  const reference = referenceOf({ exitCode: 0, timedOut: false, tests: [PASSED], counts }, []);
  const broken = [{ path: 'src/a.js', text: 'broken' }];
  const answer = await new MockActivityEnvironment().run(() => runExperiment(series, reference, broken));
  return { answer: answer as Answer, limits };
}

const always = (ms: number) => () => ms;

test('a break that makes the code endless is noticed if the unbroken tests end in time', async () => {
  const { answer, limits } = await answerOn({ broken: always(Infinity), unbroken: always(500) });
  expect(answer).toMatchObject({ outcome: 'noticed', red: [] });
  expect(limits).toEqual([LIMIT_MS, LIMIT_MS]);
});

test('a break that no test notices does not count as noticed because the machine was busy for a moment', async () => {
  const { answer } = await answerOn({ broken: (run) => (run === 1 ? 5_000 : 600), unbroken: always(500) });
  expect(answer).toMatchObject({ outcome: 'unnoticed' });
});

test('on a machine that stays busy the limit becomes longer until a run ends in time', async () => {
  const { answer, limits } = await answerOn({ broken: always(10_000), unbroken: always(9_000) });
  expect(answer).toMatchObject({ outcome: 'unnoticed' });
  expect(limits).toEqual([LIMIT_MS, LIMIT_MS, 12_000]);
});

test('if the unbroken tests do not end either, the experiment has no result', async () => {
  const { answer, limits } = await answerOn({ broken: always(Infinity), unbroken: always(Infinity) });
  expect(answer).toMatchObject({ outcome: 'not_run' });
  expect(limits.at(-1)).toBe(MAX_MS);
});

test('a run that ends in time is run once', async () => {
  const { answer, limits } = await answerOn({ broken: always(600), unbroken: always(500) });
  expect(answer).toMatchObject({ outcome: 'unnoticed' });
  expect(limits).toEqual([LIMIT_MS]);
});
