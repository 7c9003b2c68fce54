/**
 * Test tools of this machine that cases need and have no network to install: jest of this repository, pytest of its Python.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { TestRunInput, TestRunners } from '../../src/activities/test-runs';
import { PYTHON_TOOLS } from '../../src/adapters/runners/pytest';
import { copyPytest } from '../adapters/runners/find-pytest';

const NODE_MODULES = join(__dirname, '../../node_modules');

/** Runs that find the tools of their runner. `folder` keeps what is copied. */
export function withTools(runners: TestRunners, folder: string): TestRunners {
  const python = join(folder, 'python-tools');
  const lay: Partial<Record<TestRunInput['choice']['runner'], () => NonNullable<TestRunInput['readOnly']>>> = {
    jest: () => [{ from: NODE_MODULES, to: '/workspace/node_modules' }],
    pytest: () => {
      if (!existsSync(python)) copyPytest(python);
      return [{ from: python, to: PYTHON_TOOLS }];
    },
  };
  return {
    ...runners,
    run: (input) =>
      runners.run({ ...input, readOnly: [...(input.readOnly ?? []), ...(lay[input.choice.runner]?.() ?? [])] }),
  };
}
