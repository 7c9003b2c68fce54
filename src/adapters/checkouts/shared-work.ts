/**
 * One piece of work for all of this process that ask for it at the same time.
 */
export function createSharedWork<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return async function share(key, work) {
    const before = running.get(key);
    if (before !== undefined) {
      const outcome = await before.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if ('value' in outcome) return outcome.value;
      // A build that is cancelled takes its own work down, and not that of others.
      if ((outcome.error as Error | undefined)?.name !== 'Environment.SetupFailed') return share(key, work);
      throw outcome.error;
    }
    const mine = work();
    running.set(key, mine);
    try {
      return await mine;
    } finally {
      if (running.get(key) === mine) running.delete(key);
    }
  };
}
