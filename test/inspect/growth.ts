/** Measures how the time of a reader grows with the size of what it reads. */
import { processorMs } from '../processor-time';

/** How many times as large the large input is. */
export const TIMES_LARGER = 8;
/** The growth is some 8 if the time is linear, and some 64 if it grows with the square. */
export const MOST_GROWTH = 24;
const TRIES = 3;

/**
 * Returns how many times as long `work` takes for the large input, in processor time: the least of a few tries, since a collection of
 * garbage may fall into any one of them. A small input counts as at least `leastMs`, below which the measure says nothing.
 */
export async function growthOf<T>(
  { small, large }: { small: T; large: T },
  leastMs: number,
  work: (input: T) => unknown,
): Promise<number> {
  // The first call includes the time of the compiler.
  await work(small);
  let least = Infinity;
  for (let tried = 0; tried < TRIES && least >= MOST_GROWTH; tried += 1) {
    const smallMs = await processorMs(() => work(small));
    least = Math.min(least, (await processorMs(() => work(large))) / Math.max(smallMs, leastMs));
  }
  return least;
}
