/**
 * The document store: small JSON values by collection and key. `Collections` lists the type of each collection.
 *
 * Documents stay on disk for years, so a type may get new optional members but never change.
 */
import type { Downloads } from '../domain/fetched';
import type { BuildState } from '../domain/build/state';
import type { TestCounts } from '../domain/evidence/evidence';
import type { Answer } from '../domain/experiments/compare';
import type { ReplayVerdict } from '../domain/experiments/judge-replay';
import type { AccountedWork } from '../domain/gates/facts';
import type { GuideRef } from '../domain/guides';
import type { GrantDocument } from '../domain/money/grants';
import type { GateVerdict } from '../domain/gates/gate';
import type { BaseTests } from '../domain/repository-report';
import type { PaidCalls } from '../domain/money/spend';
import type { SpendSample } from '../domain/money/forecast';
import type { RegistryAnswer } from '../domain/packages/facts';
import type { ModelReply } from './model';
import type { StoredSettings } from './project-settings';
import type { Position, ReleaseIntent, ReleaseVerdict, RestoreNote } from './release-documents';
import type { TestCase } from './test-runner';

export interface Collections {
  /** Model calls that were answered, by `callKeyOf`. */
  calls: StoredCall;
  /** Answers of roles with findings that a person must decide, by `callKeyOf` of the first call of their attempt. */
  'held-answers': HeldAnswer;
  /** The number of incomplete answers to a call that were paid for, by `callKeyOf`. */
  'failed-calls': { paid: number };
  /** Reservations of money for model requests, by `callKeyOf` and an id of the request. */
  reservations: StoredReservation;
  /** What the newest completed builds of a project have spent, by project. */
  'spend-histories': { samples: SpendSample[] };
  /** Redactions of builds, by workflow id and the redaction's own id. */
  redactions: KeptRedaction;
  /** Final states of finished builds, by workflow id. (The name is old: the portable record is made from such a state.) */
  records: BuildState;
  /** The time (ISO 8601) at which a reset in Temporal reopened an ended build: an earlier record of the build is void. */
  reopened: { at: string };
  /** The Code Writer's accounts, by `accountKeyOf`. */
  accounts: AccountedWork;
  /** Commits that passed all gates, by the SHA-256 of `verificationText`; older documents have no `gates`. */
  verified: { at: string; gates?: GateVerdict[] };
  /** Test runs on base commits with their own tests. */
  baselines: BaseRunResult;
  /** Test runs on base commits with the tests of a change. */
  controls: BaseRunResult;
  /** Answers of experiments, by test method and the digest of commit, tests and broken files. */
  experiments: Answer;
  /** Results of replays, by test method and the digest of commit, tests and sources. (The name is old, and it is stored.) */
  guises: ReplayVerdict;
  /** Results of installing and testing base commits, by commit and settings. */
  surveys: MeasuredBase;
  /** The build and request for which an `Idempotency-Key` of `start` was first used. */
  'start-keys': { buildId: string; request: string };
  /** The id of this data folder. It stays the same when the folder moves to another path or machine. */
  installation: { id: string };
  /** What builds may spend of their project's money, by workflow id. */
  grants: GrantDocument;
  /** Versions of the settings of projects, by project id and version. `writer` tells two that were stored at once apart. */
  settings: StoredSettings & { writer: string };
  /** Signing keys: PKCS 8, PEM. */
  keys: { private_key: string };
  /** Keys of proofs: base64. */
  'proof-keys': { key: string };
  /** Answers of package registries; `at` is in milliseconds since 1970. */
  packages: { at: number; answer: RegistryAnswer };
  /** Releases, by project and release id. */
  releases: ReleaseIntent;
  /** The next documents are stored by project and release number. */
  'release-numbers': ReleaseIntent;
  'release-previous': { previous: Position | null };
  'release-live': { live: true };
  'release-undone': { undone: true };
  /** The copy of the release was removed to make room. */
  'release-reclaimed': { at: string };
  /** A deployment that may stop halfway was begun; by project and release number. */
  'release-begun': { begun: true };
  /** A deployment that stopped halfway was rolled back; by project and release number. */
  'release-taken-back': { takenBack: true };
  /** The highest number in use, by project. */
  'release-mark': { number: number };
  /** The turn before which a build's releases are void, by project and build. */
  'release-fences': { turn: number };
  /** The release to which the target `command` last moved production, by project. */
  'release-production': { position: Position | null };
  /** The release number of a commit, by project and commit. */
  'release-commits': { number: number };
  /** The release to which production was last moved, by project; absent if older versions made the last move. */
  'release-current': { number: number | null };
  /** Restores of earlier releases, by project and restore id. */
  'release-restores': RestoreNote;
  /** The release that was live before a restore. */
  'release-returns': { from: Position | null };
  /** Results of smoke tests, by project and release id. */
  'release-verdicts': ReleaseVerdict;
}

export interface KeptRedaction {
  at: string;
  by: string;
  reason: string;
  /** Recognises the removed text without containing it; null if whole artifacts were removed. */
  mark: TextMark | null;
  /** Artifacts that were replaced. */
  contents: Array<{ digest: string; redactedDigest: string }>;
}

/** `hash`: SHA-256 of salt and text, in hex. `length`: characters of the text. `sum`: sum of its character codes, modulo 65536. */
export interface TextMark {
  salt: string;
  hash: string;
  length: number;
  sum: number;
}

export interface StoredCall {
  reply: ModelReply;
  promptDigest: string;
  at: string;
  /** Files for agents that the request showed. Absent in later steps and in documents of older workers. */
  guides?: GuideRef[];
  /** What the call has cost, by model, with its failed requests. Absent where nothing was reserved for it. */
  paid?: PaidCalls[];
}

/** What one HTTP request of a model call may cost, or has cost. It is kept until the build has counted it. */
export interface StoredReservation {
  /** `asked`: the request is not sent yet, and may be refused. `sent`: its result is not known. */
  state: 'asked' | 'sent' | 'settled';
  /** The turn of the build, when its activity was scheduled (milliseconds), and its try from 1: later ones make this one void. */
  turn: number;
  scheduledMs: number;
  activityTry: number;
  /** SHA-256 of the request's body. */
  request: string;
  /** What counts: the most that the request can cost, or what it has cost once it is settled. */
  paid: PaidCalls;
  /** ISO 8601. */
  at: string;
  /** The time at which the request has surely ended, ISO 8601. */
  until: string;
}

/** Names the call that gave an answer, and the input of the role. */
export interface HeldAnswer {
  /** The step of the call, as in `callKeyOf`. */
  step: number;
  /** The commit that was judged. */
  commit: string | null;
  /** Digest of everything that the role worked from. */
  asked: string;
  /** Set if the answer was judged again after an approval and was refused. */
  isRefused?: true;
}

export interface MeasuredBase {
  /** Null if nothing was installed. */
  installSeconds: number | null;
  /** The packages that the install steps downloaded; absent if they are not known. */
  fetched?: Downloads;
  tests: BaseTests;
  /** One sentence each. */
  notMeasured: string[];
}

export interface BaseRunResult {
  passed: TestCase[];
  /** Files with failing tests. */
  red: string[];
  /** Tests that failed each time. This and all following members are absent in older documents. */
  failed?: TestCase[];
  /** Tests with different results in two runs. */
  flaky?: TestCase[];
  /** The tests of `failed` that failed because a name is missing, such as an export of the change, and not at an assertion. */
  missing?: TestCase[];
  counts?: TestCounts | null;
  exitCode?: number | null;
  /** Set if a run ended too early, so that a test which it does not name may not have run. */
  isCutOff?: true;
  /** Source files that the runs rewrote. */
  rewritten?: string[];
  /** Names of the runners that reported. */
  runner?: string;
  /** Duration of the last run, in milliseconds. */
  durationMs?: number;
}

/** Stores small JSON documents by key. Each write is atomic (temporary file, fsync, link or rename). */
export interface DocumentStore<All extends object = Collections> {
  /** Gives the document; undefined if there is none under the key. */
  load<C extends keyof All & string>(collection: C, key: string): Promise<All[C] | undefined>;
  /** Stores the value unless the key has one already. Gives the stored value, which may be an earlier one. */
  keepFirst<C extends keyof All & string>(collection: C, key: string, value: All[C]): Promise<All[C]>;
  /** Gives the keys that begin with `prefix`, sorted. */
  list(collection: keyof All & string, prefix: string): Promise<string[]>;
  /** Stores the value in the place of an earlier one. */
  replace<C extends keyof All & string>(collection: C, key: string, value: All[C]): Promise<void>;
  /** Removes the document. Does nothing if there is none under the key. */
  remove(collection: keyof All & string, key: string): Promise<void>;
}
