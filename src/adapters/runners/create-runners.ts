/**
 * The trusted runs of a project's tests: one record a runner, one way to speak of what happened.
 */
import type { SandboxRun } from '../../ports/sandbox';
import type { TestRunners } from '../../ports/test-runner';
import { chooseRunner } from '../../inspect/commands/choose-runner';
import { CONVENTIONS, GENERIC, RUNNER_PACKAGES, runnerOf, RUNNERS } from './all-runners';
import { withCoverage } from './coverage-command';

export interface RunnersOptions {
  /** Folders of tools that every run sees, read-only. */
  readOnly?: NonNullable<SandboxRun['readOnly']>;
}

export function createTestRunners({ readOnly = [] }: RunnersOptions = {}): TestRunners {
  return {
    ...CONVENTIONS,
    packages: RUNNER_PACKAGES,
    choose: (tree, command) => chooseRunner({ runners: RUNNERS, otherwise: GENERIC.name }, tree, command),
    async run(input) {
      const startedAt = performance.now();
      const bench = { input, readOnly };
      const ran = await runnerOf(input.choice.runner).run(bench);
      const { coverage, coverageCommand } = input;
      const isAsked = coverage && ran.coverage === null && !ran.timedOut;
      const run = isAsked && coverageCommand !== undefined ? await withCoverage(bench, ran, coverageCommand) : ran;
      // Processes beside each other are not waited for one after the other.
      return { ...run, durationMs: Math.round(performance.now() - startedAt) };
    },
  };
}
