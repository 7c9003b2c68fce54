/**
 * Measures the longest blockage of this process's main thread while work runs.
 */
import { readFileSync } from 'node:fs';

/**
 * Milliseconds of the processor that the main thread needed between two turns of its event loop, at most: what other threads do and
 * what the machine does beside is not counted.
 */
export async function longestStopMs(work: () => Promise<unknown>): Promise<number> {
  let isDone = false;
  let longest = 0;
  let last = mainThreadMs();
  const look = (): void => {
    const now = mainThreadMs();
    longest = Math.max(longest, now - last);
    last = now;
    if (!isDone) setTimeout(look, 1);
  };
  look();
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 1));
  } finally {
    isDone = true;
  }
  return longest;
}

function mainThreadMs(): number {
  const [ran = '0'] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ');
  return Number(ran) / 1e6;
}
