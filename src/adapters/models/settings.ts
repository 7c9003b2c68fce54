/**
 * What a model needs to be reached, and how much of its time and bytes a call may take.
 *
 * Plain values: the configuration reads the environment, nothing in this folder does.
 */

export interface ModelSettings {
  anthropicApiKey?: string | undefined;
  anthropicBaseUrl?: string | undefined;
  openaiApiKey?: string | undefined;
  openaiBaseUrl?: string | undefined;
  /** Optional: a server in the own network often has none. */
  compatibleApiKey?: string | undefined;
  compatibleBaseUrl?: string | undefined;
  /** For one call of one model, its repair turns included. A fallback chain may take it once for each model. */
  totalTimeoutMs?: number | undefined;
  /** Longest silence on the wire, the wait for the first byte included. */
  idleTimeoutMs?: number | undefined;
  /** Bytes of all answers of one call, as they come off the wire. */
  maxBytes?: number | undefined;
  /** Where it is not given, the provider's own limit for the model holds. */
  maxOutputTokens?: number | undefined;
}

export interface CallLimits {
  totalTimeoutMs: number;
  idleTimeoutMs: number;
  maxBytes: number;
}

/** A reasoning model may be silent for minutes and answer with a whole program: generous, but never endless. */
const DEFAULTS: CallLimits = { totalTimeoutMs: 15 * 60_000, idleTimeoutMs: 3 * 60_000, maxBytes: 32 * 1024 * 1024 };

export function callLimits(settings: ModelSettings): CallLimits {
  return {
    totalTimeoutMs: settings.totalTimeoutMs ?? DEFAULTS.totalTimeoutMs,
    idleTimeoutMs: settings.idleTimeoutMs ?? DEFAULTS.idleTimeoutMs,
    maxBytes: settings.maxBytes ?? DEFAULTS.maxBytes,
  };
}
