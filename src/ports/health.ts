/**
 * Checks whether a release works, after each deployment. Types only; `src/adapters/releases/health.ts` has the implementation.
 */
import type { StartRequest } from '../requests/start-request';
import type { SandboxRun } from './sandbox';

/** Runs the smoke test as many times as the health streak requires. A failed check is a result; only a cancellation throws. */
export type WatchHealth = (order: HealthOrder) => Promise<Health>;

export interface HealthOrder extends Pick<StartRequest['release'], 'smoke' | 'streak'> {
  /** The release's own folder. */
  folder: string;
  /** Time limit of one check. */
  timeoutMs?: number | undefined;
  /** The mounts, variables and network of a smoke command, in addition to its folder. */
  extraAccess?:
    | Pick<SandboxRun, 'env' | 'network' | 'production' | 'readOnly' | 'scratch' | 'files' | 'reservesMemory'>
    | undefined;
  signal?: AbortSignal | undefined;
  /** Called at every check, so that a test can end the process there. */
  checkpoint?: ((name: string) => void) | undefined;
}
export interface Health {
  ok: boolean;
  /** One line for the record. */
  detail: string;
}
