/**
 * The trusted runs of a project's tests: one adapter a runner, one way to speak of what happened.
 */
import type { Sandbox, SandboxRun } from '../../ports/sandbox';
import type { RunnerName, TestRun, TestRunners } from '../../ports/test-runner';
import { chooseRunner } from '../../inspect/commands/choose-runner';
import { runGeneric } from './generic';
import { runJest } from './jest';
import { withCoverage } from './coverage-command';
import { runMocha } from './mocha';
import { runNodeTests } from './node-test';
import { runPytest } from './pytest';
import { runVitest } from './vitest';
import type { Bench } from './watched-run';

export interface RunnersOptions {
  sandbox: Sandbox;
  /** Folders of tools that every run sees, read-only. */
  readOnly?: NonNullable<SandboxRun['readOnly']>;
}

const ADAPTERS: Record<RunnerName, (bench: Bench) => Promise<TestRun>> = {
  'node-test': runNodeTests,
  jest: runJest,
  vitest: runVitest,
  mocha: runMocha,
  pytest: runPytest,
  generic: runGeneric,
};

export function createTestRunners({ sandbox, readOnly = [] }: RunnersOptions): TestRunners {
  return {
    choose: chooseRunner,
    async run(input) {
      const startedAt = performance.now();
      const bench = { sandbox, input, readOnly: [...readOnly, ...(input.readOnly ?? [])] };
      const ran = await ADAPTERS[input.choice.runner](bench);
      const { coverage, coverageCommand } = input;
      const isAsked = coverage && ran.coverage === null && !ran.timedOut;
      const run = isAsked && coverageCommand !== undefined ? await withCoverage(bench, ran, coverageCommand) : ran;
      // Processes beside each other are not waited for one after the other.
      return { ...run, durationMs: Math.round(performance.now() - startedAt) };
    },
  };
}
