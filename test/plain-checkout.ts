/**
 * Checkouts without install steps, for tests of what follows a checkout.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkouts, PreparedCheckout, ProjectSetup } from '../src/ports/checkouts';
import type { Sandbox, SandboxRun } from '../src/ports/sandbox';
import type { Workspace } from '../src/ports/workspace';

type Packages = NonNullable<SandboxRun['readOnly']>;

const SETUP: ProjectSetup = { workdir: '', steps: [], key: '', notes: [] };

/** `packages`: folders of this machine that every run sees. */
export function plainCheckouts(
  { workspace, sandbox }: { workspace: Workspace; sandbox: Sandbox },
  packages: Packages = [],
): Checkouts {
  return {
    look: () => Promise.resolve(SETUP),
    with: ({ at }, use) =>
      sandbox.withScratch(async (folder) => {
        await workspace.checkout(at, folder);
        return use(await plainCheckout(sandbox, folder, packages));
      }),
  };
}

export async function plainCheckout(
  sandbox: Sandbox,
  folder: string,
  packages: Packages = [],
): Promise<PreparedCheckout> {
  return {
    ...{ folder, setup: SETUP, path: await sandbox.path(), shown: { readOnly: packages } },
    has: (path) =>
      Promise.resolve(
        existsSync(join(folder, path)) ||
          packages.some(({ from, to }) => path.startsWith(`${to}/`) && existsSync(join(from, path.slice(to.length)))),
      ),
    removeMountPoints: () => Promise.resolve(),
    run: (run) => sandbox.run({ ...run, folder, readOnly: [...packages, ...(run.readOnly ?? [])] }),
  };
}
