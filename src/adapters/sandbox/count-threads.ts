/** The threads that this process's user has on this machine: the kernel counts them where a limit of processes is set for a run. */
import { readFile, readdir } from 'node:fs/promises';

export async function countThreads(): Promise<number> {
  const mine = `Uid:\t${process.getuid?.()}\t`;
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const statuses = await Promise.all(all.map((pid) => readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')));
  return statuses
    .filter((text) => text.includes(mine))
    .reduce((sum, text) => sum + Number(/^Threads:\s+(\d+)/m.exec(text)?.[1] ?? 0), 0);
}
