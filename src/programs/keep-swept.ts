/**
 * Sweeps leftovers of killed processes and hostile commands, at start and every hour, and logs folders that cannot be removed.
 */
import type { Logger } from 'pino';
import { HOUR_MS } from '../adapters/machine/leftovers';
import type { Leftovers } from '../adapters/machine/leftovers';
import { leftBehind } from '../adapters/machine/remove-folder';
import { sweep } from '../adapters/machine/sweep';

/** Starts the sweeps; gives the function that ends them. */
export function startSweeps(leftovers: Leftovers[], log: Pick<Logger, 'warn'>): () => Promise<void> {
  const logRemaining = (folder: unknown): void =>
    log.warn(folder as object, 'a folder cannot be removed; the removal is tried again every hour');
  const sweepOnce = (): void =>
    void sweep(leftovers).catch((error: unknown) => log.warn({ error }, 'the sweep of leftovers failed'));
  leftBehind.subscribe(logRemaining);
  const timer = setInterval(sweepOnce, HOUR_MS).unref();
  sweepOnce();
  return () => {
    clearInterval(timer);
    leftBehind.unsubscribe(logRemaining);
    return Promise.resolve();
  };
}
