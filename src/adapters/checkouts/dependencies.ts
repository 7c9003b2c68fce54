/**
 * Dependencies: `commands.setup` is run apart, with network and without install scripts, and what it installed is kept.
 *
 * It sees the manifests, the lock files and the files that the command names, and nothing else: what is kept under their
 * digest can depend on nothing that the digest leaves out, so no build can slip another one a changed package.
 */
import { constants } from 'node:fs';
import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sha256 } from '../../inspect/digest';
import { Failure } from '../../domain/failures';
import type { ArtifactStore } from '../../ports/artifacts';
import type { DependencyCache } from '../../ports/dependency-cache';
import type { Sandbox, SandboxRun } from '../../ports/sandbox';
import { isSetupFile } from '../../inspect/packages/managers';

interface Needed {
  artifacts: ArtifactStore;
  dependencies: DependencyCache;
  sandbox: Sandbox;
  testTimeoutMs: number;
}
interface Input {
  /** A checkout in which no command has run yet. */
  folder: string;
  setup: string[] | undefined;
  signal?: AbortSignal | undefined;
}
interface Manifest {
  path: string;
  bytes: Buffer;
  isExecutable: boolean;
}

/** What a run on the checkout is given to see the dependencies. Throws Failure `Workspace.SetupFailed`. */
export async function withDependencies(deps: Needed, input: Input): Promise<Pick<SandboxRun, 'readOnly'>> {
  const { folder, setup, signal } = input;
  if (setup === undefined) return {};
  const manifests = await readManifests(folder, setup);
  const key = keyOf(setup, manifests);
  if ((await deps.dependencies.find(key)) === undefined) await install(deps, key, { setup, manifests, signal });
  return { readOnly: (await deps.dependencies.find(key)) ?? [] };
}

async function install(
  deps: Needed,
  key: string,
  { setup, manifests, signal }: { setup: string[]; manifests: Manifest[]; signal: AbortSignal | undefined },
): Promise<void> {
  await deps.sandbox.withScratch(async (folder) => {
    for (const { path, bytes, isExecutable } of manifests) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), bytes, { flag: 'wx', mode: isExecutable ? 0o755 : 0o644 });
    }
    const run = { folder, command: setup, timeoutMs: deps.testTimeoutMs, signal, network: true };
    const { exitCode, output } = await deps.sandbox.run(run);
    if (exitCode !== 0) {
      const { digest } = await deps.artifacts.put(output);
      const named = setup.join(' ').slice(0, 200);
      throw new Failure(
        'Workspace.SetupFailed',
        `${named} ended with ${exitCode ?? 'a kill'}; its output is ${digest}`,
      );
    }
    await deps.dependencies.keep(key, folder);
  });
}

/** By no link: the tree is a model's. */
async function readManifests(folder: string, setup: string[]): Promise<Manifest[]> {
  const named = new Set(setup.map((word) => word.replace(/^\.\//, '')));
  const found: Manifest[] = [];
  for (const path of await filesBelow(folder, '')) {
    if (!isSetupFile(path) && !named.has(path)) continue;
    const file = await open(join(folder, path), constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      found.push({ path, bytes: await file.readFile(), isExecutable: ((await file.stat()).mode & 0o111) !== 0 });
    } finally {
      await file.close();
    }
  }
  return found;
}

async function filesBelow(folder: string, below: string): Promise<string[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true });
  const nested = entries.map(async (entry) => {
    const path = join(below, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesBelow(folder, path);
    return entry.isFile() ? [path] : [];
  });
  return (await Promise.all(nested)).flat().sort();
}

/** Compiled packages fit one processor and one version of node. */
function keyOf(setup: string[], manifests: Manifest[]): string {
  const files = manifests.map(({ path, bytes, isExecutable }) => [path, isExecutable, sha256(bytes)]);
  return sha256(JSON.stringify([1, process.arch, process.versions.modules, setup, files]));
}
