/**
 * Gives sandboxes the test tool that cases need and do not install: pytest, from the Python of this machine.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRun } from '../../src/ports/sandbox';
import type { TestRunners } from '../../src/ports/test-runner';
import { copyPytest, userSite } from '../adapters/runners/test-tools';

/** Wraps the runners so that projects without a package.json find pytest. `folder` is where pytest is copied to. */
export function withTools(runners: TestRunners, folder: string): TestRunners {
  const python = join(folder, 'python-tools');
  const sitePackages = userSite();
  const toolsOf = (tree: string): NonNullable<SandboxRun['readOnly']> => {
    if (existsSync(join(tree, 'package.json'))) return [];
    if (!existsSync(python)) copyPytest(python);
    return [{ from: python, to: sitePackages }];
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
