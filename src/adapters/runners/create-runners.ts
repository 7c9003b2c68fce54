/**
 * The runs of a project's tests: its own command, and what its runners, reports and output say.
 */
import type { SandboxRun } from '../../ports/sandbox';
import type { TestRunners } from '../../ports/test-runner';
import { findTestCommand } from '../../inspect/commands/find-commands';
import { CONVENTIONS, RUNNER_PACKAGES } from './all-runners';
import { withCoverage } from './coverage';
import { byFiles, withLocked } from './locked-alone';
import { runCommand } from './run-command';

export interface RunnersOptions {
  /** Folders of tools that every run sees, read-only. */
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
      const ran = await withLocked(setup, await runCommand(setup));
      const { coverage, coverageCommand } = input;
      const isAsked = coverage && ran.coverage === null && !ran.timedOut;
      const run = isAsked && coverageCommand !== undefined ? await withCoverage(setup, ran, coverageCommand) : ran;
      return { ...run, durationMs: Math.round(performance.now() - startedAt) };
    },
  };
}
