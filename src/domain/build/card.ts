/**
 * The card of a build: a copy of what `status` answers that fits into a workflow's memo (below 2 KiB).
 *
 * The API answers `status` and lists from the card, which needs neither a worker nor a replay.
 */
import { trailCounts } from './archive';
import type { BuildState } from './state';
import { moneyCardOf } from './money-card';
import type { MoneyCard } from './money-card';
import { waitOf } from './wait';
import type { Wait } from './wait';
import { releaseStateOf } from './pending-effects';
import type { ReleaseState } from './pending-effects';
import type { SurveySummary } from '../repository-report';
import type { Phase } from '../roles';
import { STATES, phaseOf } from '../states';
import type { State } from '../states';
import { completedPhases, statusOf } from './status';
import type { BuildStatus } from './status';
import { expectationOf } from './expects';
import type { Expectation } from './expects';

/** A small copy of everything that `status` answers. */
export interface BuildCard {
  title: string;
  userId: string;
  request: string;
  /** A copy of `BuildState.requestKey`, which is part of the branch name. Absent in builds that began before it existed. */
  requestKey?: string;
  state: State;
  status: BuildStatus;
  generation: number;
  attempt: number;
  revision: number;
  createdAt: string;
  updatedAt: string;
  completedAt: string | null;
  completedPhases: Phase[];
  expects: Expectation;
  failure: { type: string; message: string; phase: Phase; detailsDigest?: string } | null;
  /** The wait that a provider asks for; `until` is ISO 8601. Absent if the build waits for none. */
  waiting?: Wait;
  /** Digest of the artifact with the output of failing tests in the last measured run. Absent if none failed or printed anything. */
  failuresDigest?: string | undefined;
  /** Digest and summary of the repository report; absent until the report exists. */
  survey?: { digest: string } & SurveySummary;
  release: { number: number; version: string } | null;
  releaseState: ReleaseState;
  /** Absent if no result was wanted, or if it is not due yet. */
  result?: { branch: string; commit: string; reason: string | null };
  refused: { count: number; last: string | null };
  /** Counts of calls, input tokens, output tokens, input tokens from the provider's cache (null: not reported) and calls without known tokens. Absent in older memos. */
  usage?: [calls: number, input: number, output: number, cached: number | null, unknown?: number];
  /** Caps, spend and forecast. Absent in builds without a budget. */
  money?: MoneyCard;
  handoffCount: number;
  /** The last handoffs: from-state and to-state (indexes in STATES), and milliseconds since `createdAt`. */
  handoffs: Array<[number, number, number]>;
}

/** Stays below Temporal's limit of 2 KiB for a memo, with room for member names and encoding. */
const CARD_LIMIT_BYTES = 1_900;
/** How much the card shows, from the most to the least; the first size that fits is used. UTF-8 text may take 4 bytes a character. */
const SIZES = [
  { handoffs: 30, textChars: 240, spendRows: 12 },
  { handoffs: 20, textChars: 160, spendRows: 9 },
  { handoffs: 12, textChars: 100, spendRows: 7 },
  { handoffs: 6, textChars: 50, spendRows: 4 },
  { handoffs: 0, textChars: 20, spendRows: 0 },
] as const;
type Size = (typeof SIZES)[number];

export function cardOf(build: BuildState): BuildCard {
  for (const size of SIZES) {
    const card = cardOfSize(build, size);
    if (jsonBytes(card) <= CARD_LIMIT_BYTES) return card;
  }
  return cardOfSize(build, SIZES[SIZES.length - 1] as Size);
}

function cardOfSize(build: BuildState, { handoffs, textChars, spendRows }: Size): BuildCard {
  const { request, state, generation, revision, createdAt, updatedAt, completedAt } = build;
  const phase = phaseOf(state);
  const lastRefusal = build.events.findLast((event) => event.type === 'refused');
  const expects = expectationOf(build);
  const money = moneyCardOf(build, spendRows);
  const start = Date.parse(createdAt);
  return {
    ...{ request, state, generation, revision, createdAt, updatedAt, completedAt },
    // Optional members are left out when they are not set: recorded histories contain cards without them.
    ...(build.requestKey === undefined ? {} : { requestKey: build.requestKey }),
    title: build.title.slice(0, textChars),
    userId: build.userId.slice(0, textChars),
    status: statusOf(build),
    attempt: phase === null ? 0 : build.attempts[phase],
    completedPhases: completedPhases(build),
    expects: { ...expects, task: expects.task.slice(0, textChars) },
    failure: build.failure && {
      type: build.failure.type,
      message: build.failure.message.slice(0, textChars),
      phase: build.failure.phase,
      ...(build.failure.detailsDigest === undefined ? {} : { detailsDigest: build.failure.detailsDigest }),
    },
    ...waitIn(build, textChars),
    ...(failuresOf(build) === undefined ? {} : { failuresDigest: failuresOf(build) }),
    ...(build.survey ? { survey: { digest: build.survey.digest, ...build.survey.summary } } : {}),
    release: build.release && { number: build.release.number, version: build.release.version.slice(0, textChars) },
    releaseState: releaseStateOf(build),
    ...resultIn(build, textChars),
    refused: {
      count: build.refused,
      last: lastRefusal ? String(lastRefusal.data.reason).slice(0, textChars) : null,
    },
    usage: usageOf(build),
    ...(money === undefined ? {} : { money }),
    handoffCount: trailCounts(build).handoffs,
    // `slice(-handoffs)` would return all of them if `handoffs` is 0.
    handoffs: build.handoffs
      .slice(build.handoffs.length - Math.min(handoffs, build.handoffs.length))
      .map(({ fromState, toState, at }) => [
        STATES.indexOf(fromState),
        STATES.indexOf(toState),
        Date.parse(at) - start,
      ]),
  };
}

function waitIn(build: BuildState, textChars: number): Pick<BuildCard, 'waiting'> {
  const wait = waitOf(build);
  return wait === null ? {} : { waiting: { until: wait.until, because: wait.because.slice(0, textChars) } };
}

function resultIn({ result }: BuildState, textChars: number): Pick<BuildCard, 'result'> {
  if (result === undefined) return {};
  const { branch, commit, reason } = result;
  return { result: { branch, commit, reason: reason?.slice(0, textChars) ?? null } };
}

function usageOf({ usage }: BuildState): NonNullable<BuildCard['usage']> {
  const { calls, inputTokens, outputTokens, cachedInputTokens = null, unknownCalls } = usage;
  const knownCounts = [calls, inputTokens, outputTokens, cachedInputTokens] as const;
  return unknownCalls === undefined ? [...knownCounts] : [...knownCounts, unknownCalls];
}

/** Reads the digest from the evidence, or, after the work was sent back, from the run that caused it. */
function failuresOf({ evidence, failing }: BuildState): string | undefined {
  return evidence === null ? (failing ?? undefined) : evidence.failuresDigest;
}

/** Counts the UTF-8 bytes of the value's JSON; the workflow sandbox has no Buffer. */
function jsonBytes(value: unknown): number {
  let bytes = 0;
  for (const character of JSON.stringify(value)) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
