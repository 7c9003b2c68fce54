/** Creates checkouts for a test, with a real repository, a real sandbox and a separate cache. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createFileArtifacts } from '../../../src/adapters/artifacts/file-store';
import { createCheckouts } from '../../../src/adapters/checkouts/create-checkouts';
import type { SetupOptions } from '../../../src/adapters/checkouts/options';
import { createPackageCache } from '../../../src/adapters/checkouts/package-cache';
import { createGitWorkspace } from '../../../src/adapters/workspace/git-workspace';
import { readConfig } from '../../../src/programs/config';
import type { CheckoutInput, PreparedCheckout } from '../../../src/ports/checkouts';
import type { TreeAt } from '../../../src/ports/workspace';
import { workerSandbox } from '../../with-tool';

export type Files = Record<string, string>;

export function createPlace(setup: Partial<SetupOptions> = {}, sandbox = workerSandbox()) {
  // The sandbox's user must be able to reach the cache.
  const folder = mkdtempSync(join(tmpdir(), 'q-checkouts-'));
  chmodSync(folder, 0o755);
  const env = process.env as Record<string, string>;
  const artifacts = createFileArtifacts(join(folder, 'artifacts'));
  const workspace = createGitWorkspace({ root: join(folder, 'repositories') });
  const cacheRoot = join(folder, 'cache');
  const cache = createPackageCache(cacheRoot);
  const setupOptions = { ...readConfig(env).setup, timeoutMs: 300_000, ...setup };
  const checkouts = createCheckouts({ artifacts, workspace, sandbox, cache, setup: setupOptions });
  let repositories = 0;

  /** Makes a repository with one commit of the files, and prepares it as the base of a build. `below`: the folder for repository.path. */
  async function commit(files: Files, below = ''): Promise<TreeAt> {
    const path = join(folder, `repository-${(repositories += 1)}`);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(path, name)), { recursive: true });
      writeFileSync(join(path, name), text);
    }
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: path });
    git('init', '--quiet');
    git('add', '-A');
    git('commit', '--quiet', '--message', 'first');
    const build = { projectId: `p${repositories}`, buildId: 'b' };
    return { ...build, ...(await workspace.prepare({ ...build, repository: { path: join(path, below) } })) };
  }

  const use = <T>(at: TreeAt, run: (checkout: PreparedCheckout) => Promise<T>, options: Partial<CheckoutInput> = {}) =>
    checkouts.with({ at, base: at.commit, overrides: {}, ...options }, run);
  /** Returns the output of a command in a checkout of the commit. By default the commit is its own base. */
  const outputOf = (at: TreeAt, command: string[], options: Partial<CheckoutInput> = {}): Promise<string> =>
    use(at, async (checkout) => (await checkout.run({ command, timeoutMs: 120_000 })).output, options);
  const change = async (at: TreeAt, files: Files): Promise<TreeAt> => {
    const changes = Object.entries(files).map(([path, content]) => ({ path, content }));
    return { ...at, ...(await workspace.apply(at, changes, 'change')) };
  };
  const stop = () => rmSync(folder, { recursive: true, force: true });
  return { folder, cacheRoot, checkouts, commit, change, outputOf, use, stop };
}
