/**
 * What a model needs to be reached, and how much of its time and bytes a call may take.
 *
 * Plain values in the shape in which the programs read them; nothing in this folder reads the environment.
 */
import type { ProviderAccess } from './providers';
import type { ModelTunings } from './tuning';

export interface CallLimits {
  /** For one call of one model. A fallback chain may take it once for each model. */
  timeoutMs: number;
  /** Longest silence on the wire, the wait for the first byte included. */
  idleTimeoutMs: number;
  /** Bytes of all answers of one call, as they come off the wire. */
  maxBytes: number;
  /** Node's own, if not given. */
  fetch?: typeof globalThis.fetch | undefined;
}

export interface ModelSettings extends CallLimits {
  providers: ProviderAccess;
  /** Files of keys, by the variable whose place they take. */
  keyFiles?: Readonly<Partial<Record<string, string>>>;
  tunings?: ModelTunings;
  /** Is told in one line what was learned of a server. */
  say?: ((line: string) => void) | undefined;
}
