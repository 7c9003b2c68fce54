/**
 * Build caches: filled once, by compiling the base's tests without network, and lent to each run as a copy of its own.
 */
import { lstat, mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from '../machine/processes/run-program';
import type { Warm } from '../../inspect/packages/install';
import type { CheckoutRun } from '../../ports/checkouts';
import type { SandboxResult } from '../../ports/sandbox';
import type { KeptRecord } from './package-cache';

export interface WarmRun {
  warm: Warm;
  /** The folder of the install step in the tree. */
  folder: string;
  /** The base's checkout, made ready. */
  checkout: { folder: string; beside: string; run(run: CheckoutRun): Promise<SandboxResult> };
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** What cannot be compiled leaves what could; the run of the tests says why. */
export async function fillBuildCache(input: WarmRun, aside: string): Promise<KeptRecord> {
  const { warm, folder, checkout, timeoutMs, signal } = input;
  const places = warm.keeps.map((to) => ({
    to: to.startsWith('/') ? to : join(folder, to),
    from: to.startsWith('/')
      ? join(checkout.beside, `warm${to.replaceAll('/', '-')}`)
      : join(checkout.folder, folder, to),
    isOutside: to.startsWith('/'),
  }));
  for (const { from, isOutside } of places) if (isOutside) await mkdir(from, { recursive: true });
  const writable = places.filter(({ isOutside }) => isOutside).map(({ from, to }) => ({ from, to }));
  for (const command of warm.commands) {
    await checkout.run({ command, timeoutMs, signal, writable });
  }
  const lends: KeptRecord['lends'] = [];
  for (const [index, { from, to }] of places.entries()) {
    const there = await lstat(from).catch(() => undefined);
    if (there?.isDirectory() !== true) continue;
    await rename(from, join(aside, `lend-${index}`));
    lends.push({ name: `lend-${index}`, to });
  }
  return { mounts: [], lends, carried: null, notes: [] };
}

/**
 * A copy for one run. Where this process is root, files of a cache outside of the tree are shared by hard links, since the
 * sandbox's user can neither write them nor change their mode; it owns the folders, and so may put others in their place.
 */
export async function lend(from: string, to: string, { shares }: { shares: boolean }): Promise<void> {
  const { uid, gid } = await stat(join(to, '..'));
  if (!shares || process.getuid?.() !== 0 || uid === 0) {
    await runProgram('/bin/cp', ['-a', '--reflink=auto', '--', from, to]);
    if (process.getuid?.() === 0) await runProgram('/bin/chown', ['-R', '-h', '-P', `${uid}:${gid}`, '--', to]);
    return;
  }
  await runProgram('/bin/cp', ['-al', '--', from, to]);
  await runProgram('/usr/bin/find', [to, '-type', 'd', '-exec', '/bin/chown', '-h', `${uid}:${gid}`, '{}', '+']);
}

/** Copies files that set-up made into the tree; what the commit has stays. */
export async function carry(from: string, tree: string): Promise<void> {
  if ((await readdir(from)).length === 0) return;
  await runProgram('/bin/cp', ['-a', '-n', '--no-preserve=ownership', '--', `${from}/.`, tree]);
}
