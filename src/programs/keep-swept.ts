/**
 * Removes what killed processes and hostile commands have left, at start and every hour, and says in the log what cannot be removed.
 */
import type { Logger } from 'pino';
import { HOUR_MS } from '../adapters/machine/leftovers';
import type { Leftovers } from '../adapters/machine/leftovers';
import { leftBehind } from '../adapters/machine/remove-folder';
import { sweep } from '../adapters/machine/sweep';

/** Gives the function that ends it. */
export function keepSwept(leftovers: Leftovers[], log: Pick<Logger, 'warn'>): () => Promise<void> {
  const say = (left: unknown): void =>
    log.warn(left as object, 'a folder cannot be removed; it is tried again every hour');
  const once = (): void =>
    void sweep(leftovers).catch((error: unknown) => log.warn({ error }, 'the sweep of what was left failed'));
  leftBehind.subscribe(say);
  const timer = setInterval(once, HOUR_MS).unref();
  once();
  return () => {
    clearInterval(timer);
    leftBehind.unsubscribe(say);
    return Promise.resolve();
  };
}
