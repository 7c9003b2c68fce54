/**
 * The pace of a provider or a model: at most so many calls and tokens in any 60 seconds.
 *
 * Each call gets a place in time, first come, first served. A caller whose place is far away leaves and comes back with the same key;
 * the place is kept for it. The places are in memory: each worker process keeps its own pace.
 */
export interface PaceLimits {
  callsPerMinute?: number | undefined;
  /** Input and output together. The output is counted when it is known. */
  tokensPerMinute?: number | undefined;
}

export interface Place {
  /** When the call may be sent, in milliseconds of the clock; not later than now: it may be sent at once. */
  at: number;
  /** Counts the call as sent now. */
  take(): void;
  /** Replaces the estimated tokens by the measured ones. */
  measure(tokens: number): void;
}

export interface Pace {
  /**
   * Gives the place of a call. `key` names the call, so that it finds its place when it comes back. `keepsPlace` is false for a caller
   * that calls another provider instead of coming back.
   */
  placeOf(call: { key: string; tokens: number; keepsPlace: boolean }): Place;
}

const MINUTE_MS = 60_000;

interface Entry {
  key: string;
  at: number;
  tokens: number;
  isSent: boolean;
}

/** `now`: milliseconds. */
export function createPace(limits: PaceLimits, now: () => number = Date.now): Pace {
  const { callsPerMinute = Infinity, tokensPerMinute = Infinity } = limits;
  /** In the order of `at`. */
  let entries: Entry[] = [];

  function earliest(tokens: number): number {
    const last = entries.at(-1);
    const afterOthers = last === undefined || last.isSent ? now() : Math.max(now(), last.at);
    const oldestOfMinute = entries.at(-callsPerMinute);
    const byCalls = oldestOfMinute === undefined ? 0 : oldestOfMinute.at + MINUTE_MS;
    return Math.max(afterOthers, byCalls, whenTokensFit(tokens));
  }

  /** A call with more tokens than a minute allows is sent when no other call is in its minute. */
  function whenTokensFit(tokens: number): number {
    let room = tokensPerMinute - tokens;
    for (const entry of entries.toReversed()) {
      room -= entry.tokens;
      if (room < 0) return entry.at + MINUTE_MS;
    }
    return 0;
  }

  function forgetOld(): void {
    const minuteAgo = now() - MINUTE_MS;
    entries = entries.filter(({ at }) => at > minuteAgo);
  }

  function placeFor(entry: Entry, isKept: boolean): Place {
    return {
      at: entry.at,
      take() {
        if (!isKept) entries.push(entry);
        entry.isSent = true;
        entry.at = Math.max(entry.at, now());
        entries.sort((a, b) => a.at - b.at);
      },
      measure(tokens) {
        entry.tokens = tokens;
      },
    };
  }

  return {
    placeOf({ key, tokens, keepsPlace }) {
      forgetOld();
      const kept = entries.find((entry) => entry.key === key && !entry.isSent);
      if (kept !== undefined) return placeFor(kept, true);
      const entry: Entry = { key, at: earliest(tokens), tokens, isSent: false };
      if (keepsPlace) entries.push(entry);
      return placeFor(entry, keepsPlace);
    },
  };
}
