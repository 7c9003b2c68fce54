/**
 * Runs a project's tests by its own command, and collects the results from reporters, report files and output.
 */
import type { SandboxRun } from '../../ports/sandbox';
import type { TestRunners } from '../../ports/test-runner';
import { findTestCommand } from '../../inspect/commands/find-commands';
import { CONVENTIONS, RUNNER_PACKAGES } from './all-runners';
import { withCoverage } from './coverage';
import { byFiles, addMissingLockedTests } from './missing-locked-tests';
import { runCommand } from './run-command';

export interface RunnersOptions {
  /** Folders with tools that every run can read. */
  readOnly?: NonNullable<SandboxRun['readOnly']>;
}

export function createTestRunners({ readOnly = [] }: RunnersOptions = {}): TestRunners {
  return {
    ...CONVENTIONS,
    packages: RUNNER_PACKAGES,
    byFiles,
    async choose(tree, wish, workdir = '') {
      const command = wish ?? (await findTestCommand(tree, workdir));
      return command === undefined ? undefined : { runner: 'command', command };
    },
    async run(input) {
      const startedAt = performance.now();
      const setup = { input, readOnly };
      const testRun = await addMissingLockedTests(setup, await runCommand(setup));
      const { coverage, coverageCommand } = input;
      const needsCoverage = coverage && testRun.coverage === null && !testRun.timedOut;
      const measuredRun =
        needsCoverage && coverageCommand !== undefined ? await withCoverage(setup, testRun, coverageCommand) : testRun;
      return { ...measuredRun, durationMs: Math.round(performance.now() - startedAt) };
    },
  };
}
