/**
 * Makes the base commit of a build ready and runs its own tests, once for each commit and way.
 *
 * Past the limit of time the build goes on, and the report says what is missing. What cannot run ends the survey.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../../domain/failures';
import { isTestSetting } from '../../domain/files';
import type { BaseTests } from '../../domain/repository-report';
import { sha256 } from '../../inspect/digest';
import { judgeBase, lastLines } from '../../inspect/project/tests-at-base';
import type { BaseVerdict } from '../../inspect/project/tests-at-base';
import type { AtBase, MeasuredBase } from '../../ports/documents';
import type { TestCase, TestChoice, TestRun } from '../../ports/test-runner';
import type { TreeAt } from '../../ports/workspace';
import { wishOf } from '../../requests/start-request';
import type { Deps } from '../deps';
import { runAtBase } from '../testing/base-runs';
import { keyOfWay } from '../testing/measure';
import type { Asked } from './make-report';

interface Base {
  at: TreeAt;
  asked: Asked;
  files: ReadonlyArray<{ path: string }>;
  workdir: string;
}
interface Ran {
  run: TestRun;
  installSeconds: number;
}

const NOTHING: BaseTests = {
  ...{ status: 'none', runner: null, command: null, settings: [], total: null, passed: null, failed: null },
  ...{ skipped: null, seconds: null, red: [], flaky: [] },
};
const SHOWN = 50;

/** Throws Failure `Environment.*`. */
export async function measureBase(deps: Deps, base: Base): Promise<MeasuredBase> {
  const { at, asked, files, workdir } = base;
  if (files.length === 0)
    return without(NOTHING, 'the repository is empty: there is nothing to install or to test yet');
  const key = `${at.commit}.${sha256(JSON.stringify([workdir, asked.commands ?? null])).slice(0, 16)}`;
  const kept = await deps.documents.load('surveys', key);
  if (kept !== undefined) return kept;
  const choice = await chooseAt(deps, base);
  const limit = AbortSignal.timeout(deps.surveyTimeoutMs);
  try {
    const measured =
      choice === undefined ? await installOnly(deps, base, limit) : await runTests(deps, base, { choice, limit });
    // What was cut off says nothing that should be kept.
    return measured.tests.status === 'not_run' ? measured : await deps.documents.keepFirst('surveys', key, measured);
  } catch (error) {
    if (!limit.aborted || Context.current().cancellationSignal.aborted) throw error;
    const seconds = Math.round(deps.surveyTimeoutMs / 1_000);
    return without(
      { ...NOTHING, ...(choice && chosen(choice)), status: 'not_run' },
      `the base was not made ready and tested within ${seconds} s (setting SURVEY_TIMEOUT_S): which of its tests are red is not known`,
    );
  }
}

const NO_COMMAND =
  'no test command was found in the repository, so its tests were not run; commands.test names one, or the build brings a way to test';

function without(tests: BaseTests, why: string): MeasuredBase {
  return { installSeconds: null, tests, notMeasured: [why] };
}

/** The tree below the project's folder, as the runners see it. */
async function chooseAt(deps: Deps, { at, asked, files, workdir }: Base): Promise<TestChoice | undefined> {
  const below = workdir === '' ? '' : `${workdir}/`;
  const names = files.flatMap(({ path }) => (path.startsWith(below) ? [path.slice(below.length)] : []));
  const read = async (path: string) => (names.includes(path) ? deps.workspace.read(at, `${below}${path}`) : undefined);
  return deps.runners.choose({ files: names, read }, asked.commands?.test);
}

/** What cannot be installed is no less in the way where there is nothing to test yet. */
async function installOnly(deps: Deps, { at, asked }: Base, limit: AbortSignal): Promise<MeasuredBase> {
  const begun = performance.now();
  const signal = AbortSignal.any([Context.current().cancellationSignal, limit]);
  await deps.checkouts.with({ at, base: at.commit, wish: wishOf(asked), signal }, () => Promise.resolve());
  return { ...without(NOTHING, NO_COMMAND), installSeconds: seconds(performance.now() - begun) };
}

async function runTests(
  deps: Deps,
  base: Base,
  { choice, limit }: { choice: TestChoice; limit: AbortSignal },
): Promise<MeasuredBase> {
  const { at, asked, files } = base;
  const paths = files.map(({ path }) => path);
  const wish = wishOf(asked);
  const signal = AbortSignal.any([Context.current().cancellationSignal, limit]);
  let ran: Ran | undefined;
  const run = async (): Promise<TestRun> => {
    ran = await runOnce(deps, { at, wish, choice, signal });
    // Thrown, so that it is not kept: a person mends the cause, and the same commit is tried again.
    const verdict = judgeBase(ran.run, paths);
    if (verdict.kind === 'cannot_run') throw cannotRun(ran.run, verdict);
    return ran.run;
  };
  const key = `${at.commit}.${keyOfWay({ choice, setup: wish.setup })}`;
  const atBase = await runAtBase(deps, { collection: 'baselines', key }, run);
  // Kept by a build that did not say what it kept: tests that ran, or none.
  if (ran === undefined && atBase.passed.length + atBase.red.length === 0) await run();
  const settings = await settingsIn(deps, base);
  return { ...reportOn(atBase, { ran, choice, settings }, paths), installSeconds: ran?.installSeconds ?? null };
}

async function runOnce(
  deps: Deps,
  {
    at,
    wish,
    choice,
    signal,
  }: { at: TreeAt; wish: ReturnType<typeof wishOf>; choice: TestChoice; signal: AbortSignal },
): Promise<Ran> {
  const begun = performance.now();
  return deps.checkouts.with({ at, base: at.commit, wish, signal }, async (checkout) => {
    const installSeconds = seconds(performance.now() - begun);
    const run = await deps.runners.run({
      ...{ checkout, choice, coverage: false },
      ...{ timeoutMs: Math.min(deps.testTimeoutMs, deps.surveyTimeoutMs), signal },
    });
    return { run, installSeconds };
  });
}

function cannotRun(run: TestRun, { missing }: Extract<BaseVerdict, { kind: 'cannot_run' }>): Failure {
  const command = run.command.join(' ').slice(0, 200);
  const ended = run.exitCode === null ? 'was killed' : `ended with exit code ${run.exitCode}`;
  const what = `the tests of the base commit cannot run: "${command}" ${ended} and no test was counted`;
  const log = lastLines(run.output) || '(it printed nothing)';
  return new Failure(
    'Environment.TestsCannotRun',
    `${what}. ${REMEDIES[missing ?? 'other']}. Last lines of its log:\n${log}`,
  );
}

const REMEDIES = {
  program: 'Install the program where the worker runs, install it by commands.setup, or name another commands.test',
  module: 'Give commands.setup, the argument list that installs what is missing, or name another commands.test',
  other: 'Give commands.test, and where it needs something installed commands.setup; or repair the base',
} as const;

interface Seen {
  ran: Ran | undefined;
  choice: TestChoice;
  settings: string[];
}

function reportOn(
  atBase: AtBase & { flaky?: ReadonlyArray<TestCase | string> },
  { ran, choice, settings }: Seen,
  files: readonly string[],
): Omit<MeasuredBase, 'installSeconds'> {
  const common = { ...chosen(choice), settings };
  const verdict = ran && judgeBase(ran.run, files);
  if (verdict?.kind === 'none') return { tests: { ...NOTHING, ...common }, notMeasured: [verdict.why] };
  if (verdict?.kind === 'cut_off') {
    const why = `the tests of the base were ended after ${seconds(ran?.run.durationMs ?? 0)} s (settings TEST_TIMEOUT_S, SURVEY_TIMEOUT_S): which of them are red is not known`;
    return { tests: { ...NOTHING, ...common, status: 'not_run' }, notMeasured: [why] };
  }
  const { passed, red, flaky = [] } = atBase;
  const counts = ran?.run.counts ?? null;
  const redNames = red.length > 0 ? red : (ran?.run.failing ?? []);
  const isRed = redNames.length > 0 || (counts?.failed ?? 0) > 0;
  const known = ran === undefined ? passed.length : (counts?.passed ?? passed.length);
  return {
    tests: {
      ...common,
      status: isRed ? 'red' : 'green',
      total: counts?.total ?? (ran === undefined ? null : ran.run.tests.length),
      passed: known,
      failed: counts?.failed ?? null,
      skipped: counts?.skipped ?? null,
      seconds: ran === undefined ? null : seconds(ran.run.durationMs),
      red: redNames.slice(0, SHOWN),
      flaky: flaky.map((one) => (typeof one === 'string' ? one : `${one.file} ${one.name}`.trim())).slice(0, SHOWN),
    },
    notMeasured:
      ran !== undefined && ran.run.tests.length === 0
        ? ['the runner only counts its tests and names none: which test shows what cannot be told by name']
        : [],
  };
}

/** Where the way to test comes from, and the files that configure it. */
async function settingsIn(deps: Deps, { asked, files, workdir }: Base): Promise<string[]> {
  const source = asked.commands?.test === undefined ? 'manifests of the repository' : 'commands.test of the request';
  const named = files.map(({ path }) => path).filter((path) => isTestSetting(path, deps.runners));
  const near = named.filter((path) => path.startsWith(workdir === '' ? '' : `${workdir}/`));
  return [source, ...near.filter((path) => !path.includes('node_modules/')).slice(0, SHOWN)];
}

function chosen({ runner, command }: TestChoice): Pick<BaseTests, 'runner' | 'command'> {
  return { runner, command };
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
