/**
 * Runs a piece of work once for all callers in this process that request it at the same time.
 */
export function createSharedWork<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const running = new Map<string, Promise<T>>();
  return async function share(key, work) {
    const current = running.get(key);
    if (current !== undefined) {
      const outcome = await current.then(
        (value) => ({ value }),
        (error: unknown) => ({ error }),
      );
      if ('value' in outcome) return outcome.value;
      // Only a failed setup is shared. After another error, such as the cancellation of the first build, this caller does the work.
      if ((outcome.error as Error | undefined)?.name !== 'Environment.SetupFailed') return share(key, work);
      throw outcome.error;
    }
    const started = work();
    running.set(key, started);
    try {
      return await started;
    } finally {
      if (running.get(key) === started) running.delete(key);
    }
  };
}
