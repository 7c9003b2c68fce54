/**
 * Test tools of this machine that cases need and have no network to install: jest of this repository, pytest of its Python.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRun } from '../../src/ports/sandbox';
import type { TestRunInput, TestRunners } from '../../src/ports/test-runner';
import { PYTHON_TOOLS } from '../../src/adapters/runners/pytest';
import { copyPackages, copyPytest } from '../adapters/runners/test-tools';

/** Runs that find the tools of their runner. `folder` keeps what is copied. */
export function withTools(runners: TestRunners, folder: string): TestRunners {
  const python = join(folder, 'python-tools');
  const packages = join(folder, 'packages');
  const lay: Partial<Record<TestRunInput['choice']['runner'], () => NonNullable<SandboxRun['readOnly']>>> = {
    jest: () => {
      if (!existsSync(packages)) copyPackages(packages);
      return [{ from: packages, to: '/workspace/node_modules' }];
    },
    pytest: () => {
      if (!existsSync(python)) copyPytest(python);
      return [{ from: python, to: PYTHON_TOOLS }];
    },
  };
  return {
    ...runners,
    run({ checkout, ...input }) {
      const tools = lay[input.choice.runner]?.() ?? [];
      const run: typeof checkout.run = (more) =>
        checkout.run({ ...more, readOnly: [...tools, ...(more.readOnly ?? [])] });
      return runners.run({ ...input, checkout: { ...checkout, run } });
    },
  };
}
