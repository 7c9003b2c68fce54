/** Counts the processes and threads of one user of this machine, by the files of /proc. */
import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Counts the user's threads: the kernel counts them against a run's limit of processes. */
export async function countThreads(uid: number): Promise<number> {
  const statuses = await statusesOf(uid);
  return statuses.reduce((sum, { text }) => sum + Number(/^Threads:\s+(\d+)/m.exec(text)?.[1] ?? 0), 0);
}

export async function hasProcesses(uid: number): Promise<boolean> {
  return (await livingOf(uid)).length > 0;
}

const POLL_MS = 20;

/**
 * Waits until the user has no process; false if some are left after `timeoutMs`. It kills none, as another worker in a container
 * of this machine may use the same id.
 */
export async function waitUntilFree(uid: number, timeoutMs: number): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (await hasProcesses(uid)) {
    if (performance.now() > deadline) return false;
    await delay(POLL_MS, undefined, { ref: false });
  }
  return true;
}

/** Lists the user's processes without zombies: those have ended, and only wait until their parent reads the exit code. */
async function livingOf(uid: number): Promise<string[]> {
  return (await statusesOf(uid)).filter(({ text }) => !/^State:\s+[ZX]/m.test(text)).map(({ pid }) => pid);
}

/** Reads the status of each process with this real user id. */
async function statusesOf(uid: number): Promise<Array<{ pid: string; text: string }>> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const all = pids.map(async (pid) => ({ pid, text: await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '') }));
  return (await Promise.all(all)).filter(({ text }) => text.includes(`Uid:\t${uid}\t`));
}
