/**
 * Whether a release works: what an activity asks after each deploy. Types only; `src/adapters/releases/health.ts` has the real one.
 */
import type { StartRequest } from '../requests/start-request';
import type { SandboxRun } from './sandbox';

/** Checks a release as often as its streak says; a check that fails is an answer, and only cancellation throws. */
export type WatchHealth = (order: HealthOrder) => Promise<Health>;

export interface HealthOrder extends Pick<StartRequest['release'], 'smoke' | 'streak'> {
  /** The release's own folder. */
  folder: string;
  /** Of one check. */
  timeoutMs?: number | undefined;
  /** What a smoke command may have beside its folder. */
  beyond?:
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
