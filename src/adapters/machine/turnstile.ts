/**
 * A turnstile: at most so many at once, the rest wait in the order they came.
 *
 * Child processes are started and read by the one JavaScript thread; hundreds at once would hold up its heartbeats.
 */
export type Turnstile = <T>(use: () => Promise<T>) => Promise<T>;

export function createTurnstile(places: number): Turnstile {
  let free = places;
  const waiting: Array<() => void> = [];
  return async (use) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await use();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    }
  };
}
