/**
 * Installs the base commit of a build and runs its own tests, once for each commit and test method.
 *
 * After the time limit the build goes on, and the report names what was not measured. Tests that cannot run at all fail the survey.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../../domain/failures';
import type { Downloads } from '../../domain/fetched';
import { isTestSetting } from '../../domain/files';
import type { BaseTests } from '../../domain/repository-report';
import { sha256 } from '../../inspect/digest';
import { lastLines } from '../../inspect/last-lines';
import { judgeBase } from '../../inspect/project/tests-at-base';
import type { BaseVerdict } from '../../inspect/project/tests-at-base';
import type { BaseRunResult, MeasuredBase } from '../../ports/documents';
import type { TestChoice, TestRun } from '../../ports/test-runner';
import type { TreeAt } from '../../ports/workspace';
import { overridesOf } from '../../requests/start-request';
import type { Deps } from '../deps';
import { runAtBase } from '../testing/base-runs';
import { findTestMethod, testMethodKey } from '../testing/run-tests';
import type { TestMethod } from '../testing/run-tests';
import type { SurveyRequest } from './make-report';

interface BaseToMeasure {
  at: TreeAt;
  request: SurveyRequest;
  files: ReadonlyArray<{ path: string }>;
  workdir: string;
}
interface BaseTestRun {
  run: TestRun;
  installSeconds: number;
  fetched: Downloads | undefined;
}

const NO_TESTS: BaseTests = {
  ...{ status: 'none', runner: null, command: null, settings: [], total: null, passed: null, failed: null },
  ...{ skipped: null, seconds: null, red: [], flaky: [] },
};
const MAX_ENTRIES = 50;

/** Gives the stored measurement, or measures now. Throws Failure `Environment.*` where the base cannot be installed or tested. */
export async function measureBase(deps: Deps, base: BaseToMeasure): Promise<MeasuredBase> {
  const { at, request, files, workdir } = base;
  if (files.length === 0)
    return unmeasuredBase(NO_TESTS, 'the repository is empty: there is nothing to install or to test yet');
  const key = `${at.commit}.${sha256(JSON.stringify([workdir, request.commands ?? null])).slice(0, 16)}`;
  const storedMeasurement = await deps.documents.load('surveys', key);
  if (storedMeasurement !== undefined) return storedMeasurement;
  const method = await findTestMethod(deps, {
    repo: at,
    base: at.commit,
    commit: at.commit,
    commands: request.commands,
    overrides: overridesOf(request),
  });
  const limit = AbortSignal.timeout(deps.surveyTimeoutMs);
  try {
    const measured =
      method === undefined ? await installOnly(deps, base, limit) : await testBase(deps, base, { method, limit });
    // A measurement that the time limit ended is not stored.
    return measured.tests.status === 'not_run' ? measured : await deps.documents.keepFirst('surveys', key, measured);
  } catch (error) {
    if (!limit.aborted || Context.current().cancellationSignal.aborted) throw error;
    const seconds = Math.round(deps.surveyTimeoutMs / 1_000);
    return unmeasuredBase(
      { ...NO_TESTS, ...(method && runnerAndCommand(method.choice)), status: 'not_run' },
      `the base was not installed and tested within ${seconds} s (setting SURVEY_TIMEOUT_S), so it is not known which of its tests fail`,
    );
  }
}

const NO_COMMAND =
  'no test command was found in the repository, so its tests were not run; name one by commands.test, or let the build add tests with a command';

function unmeasuredBase(tests: BaseTests, why: string): MeasuredBase {
  return { installSeconds: null, tests, notMeasured: [why] };
}

/** Installs without a test run. A repository that cannot be installed stops the build even if it has no tests yet. */
async function installOnly(deps: Deps, { at, request }: BaseToMeasure, limit: AbortSignal): Promise<MeasuredBase> {
  const startedMs = performance.now();
  const signal = AbortSignal.any([Context.current().cancellationSignal, limit]);
  const fetched = await deps.checkouts.with(
    { at, base: at.commit, overrides: overridesOf(request), signal },
    (checkout) => Promise.resolve(checkout.fetched),
  );
  const installSeconds = seconds(performance.now() - startedMs);
  return { ...unmeasuredBase(NO_TESTS, NO_COMMAND), installSeconds, ...fetchedMember(fetched) };
}

async function testBase(
  deps: Deps,
  base: BaseToMeasure,
  { method, limit }: { method: TestMethod; limit: AbortSignal },
): Promise<MeasuredBase> {
  const paths = base.files.map(({ path }) => path);
  const signal = AbortSignal.any([Context.current().cancellationSignal, limit]);
  const runs: BaseTestRun[] = [];
  const run = async (): Promise<TestRun> => {
    const ran = await runOnce(deps, { at: base.at, method, signal });
    runs.push(ran);
    // The failure is thrown and not stored: after a person has mended the cause, the same commit is tried again.
    const verdict = judgeBase(ran.run, paths);
    if (verdict.kind === 'cannot_run') throw cannotRun(ran.run, verdict);
    return ran.run;
  };
  const atBase = await runAtBase(deps, { collection: 'baselines', key: testMethodKey(method), run });
  // The stored run names no test. Only a new run can tell whether the base has no tests or whether its tests cannot run.
  if (runs.length === 0 && !isCounted(atBase)) await run();
  const verdict = runs.map((ran) => judgeBase(ran.run, paths)).find(({ kind }) => kind !== 'ran');
  const testSettings = { ...runnerAndCommand(method.choice), settings: await settingsIn(deps, base) };
  const installFacts = { installSeconds: runs[0]?.installSeconds ?? null, ...fetchedMember(runs[0]?.fetched) };
  if (verdict?.kind === 'none')
    return { ...installFacts, tests: { ...NO_TESTS, ...testSettings }, notMeasured: [verdict.why] };
  if (verdict?.kind === 'cut_off') {
    const why = `the tests of the base were ended after ${seconds(runs.at(-1)?.run.durationMs ?? 0)} s (settings TEST_TIMEOUT_S, SURVEY_TIMEOUT_S), so it is not known which of them fail`;
    return { ...installFacts, tests: { ...NO_TESTS, ...testSettings, status: 'not_run' }, notMeasured: [why] };
  }
  return { ...installFacts, ...countsOf(atBase, runs.at(-1)?.run, testSettings) };
}

function fetchedMember(fetched: Downloads | undefined): { fetched?: Downloads } {
  return fetched === undefined ? {} : { fetched };
}

function isCounted({ passed, red, counts = null }: BaseRunResult): boolean {
  return passed.length + red.length > 0 || (counts?.total ?? 0) > 0;
}

async function runOnce(
  deps: Deps,
  { at, method, signal }: { at: TreeAt; method: TestMethod; signal: AbortSignal },
): Promise<BaseTestRun> {
  const startedMs = performance.now();
  const { overrides, choice } = method;
  return deps.checkouts.with({ at, base: at.commit, overrides, signal }, async (checkout) => {
    const installSeconds = seconds(performance.now() - startedMs);
    const timeoutMs = Math.min(deps.testTimeoutMs, deps.surveyTimeoutMs);
    const ran = await deps.runners.run({ checkout, choice, coverage: false, timeoutMs, signal });
    return { run: ran, installSeconds, fetched: checkout.fetched };
  });
}

function cannotRun(run: TestRun, { missing }: Extract<BaseVerdict, { kind: 'cannot_run' }>): Failure {
  const command = run.command.join(' ').slice(0, 200);
  const endText = run.exitCode === null ? 'was killed' : `ended with exit code ${run.exitCode}`;
  const problem = `the tests of the base commit cannot run: "${command}" ${endText} and no test was counted`;
  const log = lastLines(run.output) || '(it printed nothing)';
  return new Failure(
    'Environment.TestsCannotRun',
    `${problem}. ${missing === null ? (suggestLastPart(run.output) ?? REMEDIES.other) : REMEDIES[missing]}. Last lines of its log:\n${log}`,
  );
}

/**
 * Suggests to run only the last part of a script such as `standard && tape test/*.js`, whose linter may fail before the tests. Package
 * managers print the script that they run after `> `.
 */
function suggestLastPart(output: string): string | undefined {
  const chain = /^[>$] (.*\S\s*&&\s*\S.*)$/m.exec(output.slice(0, 20_000))?.[1];
  const last = chain?.split('&&').at(-1)?.trim();
  if (last === undefined || last === '') return undefined;
  return `A part before the tests may have failed: commands.test ${JSON.stringify(['npm', 'exec', '-c', last])} runs the last part of "${chain}" alone; or repair the base`;
}

const REMEDIES = {
  program: 'Install the program where the worker runs, install it by commands.setup, or name another commands.test',
  module: 'Give commands.setup, the argument list that installs what is missing, or name another commands.test',
  other: 'Give commands.test, and where it needs something installed commands.setup; or repair the base',
} as const;

function countsOf(
  { passed, failed = [], red, flaky = [], counts = null, durationMs, runner, exitCode = 0 }: BaseRunResult,
  last: TestRun | undefined,
  common: Pick<BaseTests, 'runner' | 'command' | 'settings'>,
): Omit<MeasuredBase, 'installSeconds'> {
  // If the runner names no files, the report lists test names.
  const redFiles = red.filter((file) => file !== '');
  const redNames = redFiles.length > 0 ? redFiles : failed.map(({ name }) => name);
  const hasNoNames = passed.length + failed.length + flaky.length === 0;
  const isRed = failed.length + red.length > 0 || (hasNoNames && (counts?.failed ?? 0) > 0);
  const redEntries = isRed ? (hasNoNames ? (last?.failing ?? []) : redNames) : [];
  // Older documents have only the files of failing tests.
  const redTests = failed.length > 0 ? failed.length : hasNoNames ? (counts?.failed ?? 0) : red.length;
  return {
    tests: {
      ...{ ...common, runner: runner ?? common.runner },
      status: isRed ? 'red' : 'green',
      total: counts?.total ?? null,
      passed: counts?.passed ?? passed.length,
      failed: counts?.failed ?? null,
      skipped: counts?.skipped ?? null,
      seconds: durationMs === undefined ? null : seconds(durationMs),
      red: redEntries.slice(0, MAX_ENTRIES),
      flaky: flaky.map(({ file, name }) => `${file} ${name}`.trim()).slice(0, MAX_ENTRIES),
      counted: { red_entries: redEntries.length, red_tests: isRed ? redTests : 0, flaky_tests: flaky.length },
    },
    notMeasured: [
      ...(hasNoNames
        ? ['the runner counts its tests but does not name them, so no criterion can be matched to a test by name']
        : []),
      ...(isRed || exitCode === 0 || exitCode === null
        ? []
        : [
            `the test command ends with exit code ${exitCode} although no test fails: another part of it fails at the base, and is not judged`,
          ]),
    ],
  };
}

/** Names the source of the test command, and the files that configure the tests. */
async function settingsIn(deps: Deps, { request, files, workdir }: BaseToMeasure): Promise<string[]> {
  const source = request.commands?.test === undefined ? 'manifests of the repository' : 'commands.test of the request';
  const settingPaths = files.map(({ path }) => path).filter((path) => isTestSetting(path, deps.runners));
  const settingsInWorkdir = settingPaths.filter((path) => path.startsWith(workdir === '' ? '' : `${workdir}/`));
  return [source, ...settingsInWorkdir.filter((path) => !path.includes('node_modules/')).slice(0, MAX_ENTRIES)];
}

function runnerAndCommand({ runner, command }: TestChoice): Pick<BaseTests, 'runner' | 'command'> {
  return { runner, command };
}

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
