/**
 * Fills build caches, by compiling the base's tests without network, and copies results into a run's sandbox.
 *
 * A plan's `warm` part names the commands that compile and the folders that they fill.
 */
import { lstat, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../machine/processes/run-program';
import type { Warm } from '../../inspect/packages/install';
import type { CheckoutRun } from '../../ports/checkouts';
import type { SandboxResult } from '../../ports/sandbox';
import type { ResultRecord } from './package-cache';

export interface BuildCacheRun {
  warm: Warm;
  /** The folder of the install step in the tree. */
  folder: string;
  /** The prepared checkout of the base. */
  checkout: { folder: string; scratchFolder: string; run(run: CheckoutRun): Promise<SandboxResult> };
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Ignores the exit code: a partly filled cache is still of use, and the later run of the tests reports what does not compile. */
export async function fillBuildCache(input: BuildCacheRun, resultFolder: string): Promise<ResultRecord> {
  const { warm, folder, checkout, timeoutMs, signal } = input;
  const places = warm.sharedFolders.map((to) => ({
    to: to.startsWith('/') ? to : join(folder, to),
    from: to.startsWith('/')
      ? join(checkout.scratchFolder, `warm${to.replaceAll('/', '-')}`)
      : join(checkout.folder, folder, to),
    isOutside: to.startsWith('/'),
  }));
  for (const { from, isOutside } of places) if (isOutside) await mkdir(from, { recursive: true });
  const writable = places.filter(({ isOutside }) => isOutside).map(({ from, to }) => ({ from, to }));
  for (const command of warm.commands) {
    await checkout.run({ command, timeoutMs, signal, writable });
  }
  const lends: ResultRecord['lends'] = [];
  for (const [index, { from, to }] of places.entries()) {
    const stats = await lstat(from).catch(() => undefined);
    if (stats?.isDirectory() !== true) continue;
    await rename(from, join(resultFolder, `lend-${index}`));
    lends.push({ name: `lend-${index}`, to });
  }
  return { mounts: [], lends, carried: null, notes: [] };
}

/**
 * Copies a folder for one run. If this process is root and `shares` is set, files become hard links: the sandbox's user cannot write
 * them or change their mode. That user owns the folders, so it can replace files.
 */
export async function copyForRun(
  from: string,
  to: string,
  { usesHardLinks }: { usesHardLinks: boolean },
): Promise<void> {
  const { uid, gid } = await stat(join(to, '..'));
  if (!usesHardLinks || process.getuid?.() !== 0 || uid === 0) {
    await runProgram('/bin/cp', ['-a', '--reflink=auto', '--', from, to]);
    if (process.getuid?.() === 0) await runProgram('/bin/chown', ['-R', '-h', '-P', `${uid}:${gid}`, '--', to]);
    return;
  }
  await runProgram('/bin/cp', ['-al', '--', from, to]);
  await runProgram('/usr/bin/find', [to, '-type', 'd', '-exec', '/bin/chown', '-h', `${uid}:${gid}`, '{}', '+']);
}

/** Copies files that a setup step produced into the tree. Files of the commit are not replaced. */
export async function copyIntoTree(from: string, tree: string): Promise<void> {
  if ((await readdir(from)).length === 0) return;
  await runProgram('/bin/cp', ['-a', '-n', '--no-preserve=ownership', '--', `${from}/.`, tree]);
}
