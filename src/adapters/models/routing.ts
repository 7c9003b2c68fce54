/**
 * Decides for each HTTP request to a provider whether it may be sent now: by the provider's breaker and by its pace.
 *
 * A short wait is spent here. For a longer one the request is not sent, and the failure says until when it is held: a fallback chain
 * goes on to its next link, and a build waits with a durable timer. `docs/routing.md` has the table of failures.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleepFor } from 'node:timers/promises';
import { Failure } from '../../domain/failures';
import type { ModelRequest } from '../../ports/model';
import type { Outcome } from './ask-once';
import { createBreaker, endOf } from './breaker';
import type { Breaker, BreakerOptions } from './breaker';
import { nameOf } from './model-spec';
import type { ModelSpec } from './model-spec';
import { createPace } from './pace';
import type { Pace, PaceLimits, Place } from './pace';
import type { ModelTunings } from './tuning';
import { estimateTokens } from './window';

/** The longest wait that an activity makes itself. Operators see a longer one as the wait of the build. */
const MAX_WAIT_INSIDE_MS = 5_000;

/** The clock of breakers and paces; tests have their own. */
export interface Clock {
  /** Milliseconds. */
  now(): number;
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}
const REAL_CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => sleepFor(ms, undefined, { signal }),
};

export interface RoutingSettings {
  /** Absent: no breaker. */
  breaker?: BreakerOptions | undefined;
  /** The pace of each provider that has none of its own in `tunings`. */
  pace?: PaceLimits | undefined;
  tunings?: ModelTunings | undefined;
  clock?: Clock | undefined;
}

/** The way of one model's requests. */
export interface Route {
  /**
   * Sends one request by `ask`. Throws Failure `Model.Unavailable` (open breaker) or `Model.RateLimited` (pace), with `isHeld` and
   * `retryAfterMs`, where the request is not sent.
   */
  send(request: ModelRequest, ask: () => Promise<Outcome>): Promise<Outcome>;
}

interface Lane {
  id: string;
  provider: string;
  breaker: Breaker | undefined;
  paces: Pace[];
  clock: Clock;
}

/** Returns a function that gives the route of a model. Models of one provider share its breaker and its pace. */
export function createRoutes(settings: RoutingSettings): (spec: ModelSpec) => Route {
  const { clock = REAL_CLOCK, tunings = {}, breaker: options } = settings;
  const now = () => clock.now();
  const breakers = new Map<string, Breaker>();
  const paces = new Map<string, Pace>();
  const breakerOf = (provider: string) =>
    options === undefined ? undefined : getOrMake(breakers, provider, () => createBreaker(options, now));
  const paceOf = (name: string, limits: PaceLimits) =>
    limits.callsPerMinute === undefined && limits.tokensPerMinute === undefined
      ? []
      : [getOrMake(paces, name, () => createPace(limits, now))];
  return (spec) => {
    const { provider } = spec;
    const ofProvider = { ...settings.pace, ...definedPace(tunings[`${provider}:*`]) };
    const ofModel = definedPace(tunings[nameOf(spec)]);
    const lane: Lane = {
      ...{ id: nameOf(spec), provider, breaker: breakerOf(provider), clock },
      paces: [...paceOf(provider, ofProvider), ...paceOf(nameOf(spec), ofModel)],
    };
    return { send: (request, ask) => send(lane, request, ask) };
  };
}

async function send(lane: Lane, request: ModelRequest, ask: () => Promise<Outcome>): Promise<Outcome> {
  const admission = lane.breaker?.enter();
  if (admission?.kind === 'open') {
    const why = `the last ${admission.failures} calls to ${lane.provider} failed in a row`;
    throw heldFailure(lane, { type: 'Model.Unavailable', until: admission.until, why });
  }
  try {
    const places = await takePlaces(lane, request);
    const outcome = await ask();
    admission?.end('turn' in outcome ? 'answered' : endOf(outcome.failure));
    const tokens = tokensOf(outcome);
    if (tokens !== undefined) for (const place of places) place.measure(tokens);
    return outcome;
  } catch (error) {
    // The request was not sent, or its caller has given it up.
    admission?.end('undecided');
    throw error;
  }
}

/** Waits for the place of the request in each pace. Throws Failure `Model.RateLimited` if the wait is too long. */
async function takePlaces(lane: Lane, request: ModelRequest): Promise<Place[]> {
  if (lane.paces.length === 0) return [];
  const { clock } = lane;
  const call = {
    key: request.idempotencyKey ?? randomUUID(),
    tokens: estimateTokens(request),
    keepsPlace: request.hasNext !== true,
  };
  const places = lane.paces.map((pace) => pace.placeOf(call));
  const until = Math.max(...places.map(({ at }) => at));
  const waitMs = until - clock.now();
  if (waitMs > MAX_WAIT_INSIDE_MS) {
    const why = 'its calls or tokens of a minute are used up';
    throw heldFailure(lane, { type: 'Model.RateLimited', until, why });
  }
  if (waitMs > 0) {
    await clock.sleep(waitMs, request.signal).catch((error: unknown) => {
      request.signal.throwIfAborted();
      throw error;
    });
  }
  for (const place of places) place.take();
  return places;
}

function heldFailure(
  { id, clock }: Lane,
  { type, until, why }: { type: 'Model.Unavailable' | 'Model.RateLimited'; until: number; why: string },
): Failure {
  const message = `${id}: not called before ${new Date(until).toISOString()}: ${why}`;
  return new Failure(type, message, { retryAfterMs: Math.max(1, until - clock.now()), isHeld: true });
}

/** The tokens of an answer; undefined if the provider gave no number, or if no answer came. */
function tokensOf(outcome: Outcome): number | undefined {
  if (!('turn' in outcome)) return undefined;
  const { inputTokens, outputTokens } = outcome.turn.usage;
  return inputTokens === null || outputTokens === null ? undefined : inputTokens + outputTokens;
}

function definedPace(tuning: PaceLimits = {}): PaceLimits {
  const { callsPerMinute, tokensPerMinute } = tuning;
  return {
    ...(callsPerMinute === undefined ? {} : { callsPerMinute }),
    ...(tokensPerMinute === undefined ? {} : { tokensPerMinute }),
  };
}

function getOrMake<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
