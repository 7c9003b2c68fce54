/**
 * The one way to make a commit ready for runs of the project's own code.
 */
import type { ArtifactStore } from '../../ports/artifacts';
import type { Checkouts, PreparedCheckout, ProjectSetup, ProjectWish } from '../../ports/checkouts';
import type { DependencyCache } from '../../ports/dependency-cache';
import type { Sandbox } from '../../ports/sandbox';
import type { Workspace } from '../../ports/workspace';
import { sha256 } from '../../inspect/digest';
import { withDependencies } from './dependencies';

export interface CheckoutsOptions {
  artifacts: ArtifactStore;
  workspace: Workspace;
  sandbox: Sandbox;
  dependencies: DependencyCache;
  /** Most that one install step may take. */
  setupTimeoutMs: number;
}

export function createCheckouts(options: CheckoutsOptions): Checkouts {
  const { workspace, sandbox, setupTimeoutMs } = options;
  return {
    look: (_at, wish) => Promise.resolve(setupOf(wish)),
    with: ({ at, wish, signal }, use) =>
      sandbox.withScratch(async (folder) => {
        await workspace.checkout(at, folder);
        const deps = { ...options, testTimeoutMs: setupTimeoutMs };
        const { readOnly = [] } = await withDependencies(deps, { folder, setup: wish.setup, signal });
        const setup = setupOf(wish);
        const run: PreparedCheckout['run'] = (more) =>
          sandbox.run({ ...more, folder, cwd: setup.workdir, readOnly: [...readOnly, ...(more.readOnly ?? [])] });
        return use({ folder, setup, run });
      }),
  };
}

function setupOf({ workdir = '', setup }: ProjectWish): ProjectSetup {
  const steps = setup === undefined ? [] : [{ manager: 'commands.setup', folder: '', command: setup, lock: null }];
  return { workdir, steps, key: sha256(JSON.stringify([workdir, setup ?? null])).slice(0, 16), notes: [] };
}
