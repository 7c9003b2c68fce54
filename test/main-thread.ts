/**
 * Measures the longest blockage of this process's main thread while work runs.
 */
import { readFileSync } from 'node:fs';

/**
 * Gives the longest processor time, in milliseconds, that the main thread used between two rounds of its event loop. It does not count
 * other threads and other programs.
 */
export async function longestStopMs(work: () => Promise<unknown>): Promise<number> {
  let isDone = false;
  let longest = 0;
  let last = mainThreadMs();
  const measure = (): void => {
    const now = mainThreadMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setTimeout(measure, 1);
  };
  measure();
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 1));
  } finally {
    isDone = true;
  }
  return longest;
}

function mainThreadMs(): number {
  const [runNs = '0'] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(runNs) / 1e6;
}
