/**
 * Finds the test tool that cases need from this machine and do not install: pytest for its Python.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRun } from '../../src/ports/sandbox';
import type { TestRunners } from '../../src/ports/test-runner';
import { copyPytest, userSite } from '../adapters/runners/test-tools';

/** Runs that find the tools of their project. `folder` keeps what is copied. */
export function withTools(runners: TestRunners, folder: string): TestRunners {
  const python = join(folder, 'python-tools');
  const site = userSite();
  const toolsOf = (tree: string): NonNullable<SandboxRun['readOnly']> => {
    if (existsSync(join(tree, 'package.json'))) return [];
    if (!existsSync(python)) copyPytest(python);
    return [{ from: python, to: site }];
  };
  return {
    ...runners,
    run({ checkout, ...input }) {
      const tools = toolsOf(checkout.folder);
      const run: typeof checkout.run = (more) =>
        checkout.run({ ...more, readOnly: [...tools, ...(more.readOnly ?? [])] });
      return runners.run({ ...input, checkout: { ...checkout, run } });
    },
  };
}
