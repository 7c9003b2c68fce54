/** The processes of one user of this machine, as the kernel tells of them. */
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Their threads: the kernel counts them where a limit of processes is set for a run. */
export async function countThreads(uid: number): Promise<number> {
  const statuses = await statusesOf(uid);
  return statuses.reduce((sum, { text }) => sum + Number(/^Threads:\s+(\d+)/m.exec(text)?.[1] ?? 0), 0);
}

export async function hasProcesses(uid: number): Promise<boolean> {
  return (await livingOf(uid)).length > 0;
}

const EVERY_MS = 20;

/**
 * Waits until no process has the user. None is killed here: another worker in a container of this machine may use the same id. False where
 * some are left after that time.
 */
export async function becomesFree(uid: number, withinMs: number): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (await hasProcesses(uid)) {
    if (performance.now() > deadline) return false;
    await delay(EVERY_MS, undefined, { ref: false });
  }
  return true;
}

/** A process that has ended, and whose parent has not asked for its exit code, is none. */
async function livingOf(uid: number): Promise<string[]> {
  return (await statusesOf(uid)).filter(({ text }) => !/^State:\s+[ZX]/m.test(text)).map(({ pid }) => pid);
}

/** By the real user id. */
async function statusesOf(uid: number): Promise<Array<{ pid: string; text: string }>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = pids.map(async (pid) => ({ pid, text: await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '') }));
  return (await Promise.all(all)).filter(({ text }) => text.includes(`Uid:\t${uid}\t`));
}
