/**
 * Defines the settings of models: the access to providers, and the limits of time and bytes for a call.
 *
 * The programs read the values from the environment and pass them in; this folder never reads the environment.
 */
import type { ProviderAccess } from './providers';
import type { RoutingSettings } from './routing';
import type { ModelTunings } from './tuning';

export interface CallLimits {
  /** Limit for one call of one model. Each model of a fallback chain has the full time. */
  timeoutMs: number;
  /** Longest time without a byte from the provider, the wait for the first byte included. */
  idleTimeoutMs: number;
  /** Limit for the bytes of all answers of one call. */
  maxBytes: number;
  /** Default: Node's own `fetch`. */
  fetch?: typeof globalThis.fetch | undefined;
}

export interface ModelSettings extends CallLimits, Omit<RoutingSettings, 'tunings'> {
  providers: ProviderAccess;
  /** Paths of key files, by the variable that the file replaces. */
  keyFiles?: Readonly<Partial<Record<string, string>>>;
  tunings?: ModelTunings;
  /** Logs a line about what a server does not accept. */
  say?: ((line: string) => void) | undefined;
}
