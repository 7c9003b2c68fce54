/**
 * The accidents that can happen to a machine with builds. The seed decides their kind and time; the moment decides which build
 * they affect.
 */
import { closeSync, existsSync, openSync, readdirSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Part, Site } from './site';

export interface Accident {
  name: string;
  /** Returns false if there is nothing to affect, or if this machine cannot have the accident. */
  cause(site: Site, random: () => number): Promise<boolean>;
}

export const ACCIDENTS: Accident[] = [
  ...(['worker', 'host', 'api'] as const).map((part) => ({
    name: `kill -9 of the ${part}`,
    cause: async (site: Site) => signal(site.pidOf(part), 'SIGKILL'),
  })),
  { name: 'kill -9 of the Temporal server', cause: async (site) => signal(await site.serverPid(), 'SIGKILL') },
  ...(['worker', 'host'] as const).map((part) => ({
    name: `stop of the ${part} for seconds`,
    cause: (site: Site, random: () => number) => stopForSeconds(site.pidOf(part), random),
  })),
  {
    name: 'stop of the Temporal server for seconds',
    cause: async (site, random) => stopForSeconds(await site.serverPid(), random),
  },
  { name: 'out-of-memory of a sandbox', cause: async (site, random) => killInSandbox(site, random) },
  { name: 'full disk for seconds', cause: fillDisk },
  { name: 'a checkout is removed', cause: async (site) => removeCheckout(site) },
  { name: 'the link of the live release is removed', cause: async (site) => removeLink(site) },
];
/** Rare, because it costs a build, which then waits for a person. */
export const LOSS: Accident = {
  name: 'artifacts are removed',
  cause: async (site, random) => removeArtifact(site, random),
};

function signal(pid: number | undefined, name: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

async function stopForSeconds(pid: number | undefined, random: () => number): Promise<boolean> {
  if (!signal(pid, 'SIGSTOP')) return false;
  await delay(2_000 + random() * 6_000);
  signal(pid, 'SIGCONT');
  return true;
}

/** Kills any process in a sandbox, as the kernel kills a process when memory runs out. */
function killInSandbox(site: Site, random: () => number): boolean {
  const sandboxProcesses = site.processes().filter(({ command }) => /(^|\/)bwrap /.test(command));
  return signal(sandboxProcesses[Math.floor(random() * sandboxProcesses.length)]?.pid, 'SIGKILL');
}

async function fillDisk({ dataDir, hasOwnDisk }: Site): Promise<boolean> {
  if (!hasOwnDisk) return false;
  const file = join(dataDir, 'filler');
  const filler = openSync(file, 'w');
  const block = Buffer.alloc(4 * 1024 ** 2, 1);
  try {
    // Fills the disk to its last page.
    for (let size = block.length; size >= 4_096;) {
      try {
        if (writeSync(filler, block, 0, size) < size) size = Math.floor(size / 2);
      } catch {
        size = Math.floor(size / 2);
      }
      await delay(0);
    }
    await delay(4_000);
  } finally {
    closeSync(filler);
    rmSync(file, { force: true });
  }
  return true;
}

function removeCheckout(site: Site): boolean {
  const parts: Part[] = ['worker', 'host'];
  const pids = parts.map((part) => site.pidOf(part));
  const scratchFolder = readdirSync(tmpdir()).find((name) =>
    pids.some((pid) => new RegExp(`^q-scratch-\\d+\\.${pid}\\.`).test(name)),
  );
  if (scratchFolder === undefined) return false;
  rmSync(join(tmpdir(), scratchFolder), { recursive: true, force: true, maxRetries: 2 });
  return true;
}

function removeLink({ dataDir }: Site): boolean {
  const root = join(dataDir, 'releases');
  const link = existsSync(root)
    ? readdirSync(root)
        .map((project) => join(root, project, 'current'))
        .find(existsSync)
    : undefined;
  if (link === undefined) return false;
  rmSync(link);
  return true;
}

function removeArtifact({ dataDir }: Site, random: () => number): boolean {
  const root = join(dataDir, 'artifacts');
  if (!existsSync(root)) return false;
  const all = readdirSync(root, { recursive: true })
    .map(String)
    .filter((name) => /\/[0-9a-f]{64}$/.test(name));
  const name = all[Math.floor(random() * all.length)];
  if (name === undefined) return false;
  rmSync(join(root, name), { force: true });
  return true;
}

/** Makes the random generator mulberry32, which gives the same numbers on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
