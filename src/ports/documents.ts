/**
 * The document store: small JSON values by collection and key, and what each collection holds.
 *
 * A new collection is one line in `Collections`. Documents stay on disk for years: their shapes may grow, never change.
 */
import type { Fetched } from '../domain/fetched';
import type { BuildState } from '../domain/build/state';
import type { TestCounts } from '../domain/evidence/evidence';
import type { Answer } from '../domain/experiments/compare';
import type { Replayed } from '../domain/experiments/judge-replay';
import type { AccountedWork } from '../domain/gates/facts';
import type { GuideRef } from '../domain/guides';
import type { GateVerdict } from '../domain/gates/gate';
import type { BaseTests } from '../domain/repository-report';
import type { RegistryAnswer } from '../domain/packages/facts';
import type { ModelReply } from './model';
import type { Position, ReleaseIntent, ReleaseVerdict, RestoreNote } from './release-documents';
import type { TestCase } from './test-runner';

export interface Collections {
  /** Model calls that were answered, by `callKeyOf`. */
  calls: KeptCall;
  /** Answers of roles that findings hold until a person has decided, by `callKeyOf` the first call of their attempt. */
  'held-answers': HeldAnswer;
  /** Answers to a call that were paid and broke off, by `callKeyOf`. */
  'failed-calls': { paid: number };
  /** What was taken out of builds later, by workflow id and an id of its own. */
  redactions: KeptRedaction;
  /** Finished builds, by workflow id. */
  records: BuildState;
  /** Ended builds that a reset in Temporal has opened again, and when (ISO 8601): a record of before that is void. */
  reopened: { at: string };
  /** The Code Writer's accounts, by `accountKeyOf`. */
  accounts: AccountedWork;
  /** What has passed all gates, by the sha256 of `judgedText`; the table of the gates is absent in older ones. */
  verified: { at: string; gates?: GateVerdict[] };
  /** Test runs over base commits, without and with the locked tests. */
  baselines: AtBase;
  controls: AtBase;
  /** Answers of experiments, by way and by the digest of commit, tests and what was broken. */
  experiments: Answer;
  /** The outcome of replays (the name is stored, from when a replay was called another guise), by way and by the digest of commit, tests and sources. */
  guises: Replayed;
  /** What installing and testing a base commit came to, by commit and way. */
  surveys: MeasuredBase;
  /** What an `Idempotency-Key` of `start` was first used for. */
  'start-keys': { buildId: string; request: string };
  /** Which data folder this is, whatever its path and machine: one id. */
  installation: { id: string };
  /** Signing keys: PKCS 8, PEM. */
  keys: { private_key: string };
  /** Keys of proofs: base64. */
  'proof-keys': { key: string };
  /** Answers of package registries; `at` is in milliseconds since 1970. */
  packages: { at: number; answer: RegistryAnswer };
  /** Releases, by project and release id. */
  releases: ReleaseIntent;
  /** The following: by project and release number. */
  'release-numbers': ReleaseIntent;
  'release-previous': { previous: Position | null };
  'release-live': { live: true };
  'release-undone': { undone: true };
  /** The copy of the release was removed to make room. */
  'release-reclaimed': { at: string };
  /** A move whose effects come one by one was begun, and what it left half was taken back; by project and release number. */
  'release-begun': { begun: true };
  'release-taken-back': { takenBack: true };
  /** The highest number in use, by project. */
  'release-mark': { number: number };
  /** The turn before which releases are void, by project and build. */
  'release-fences': { turn: number };
  /** What the target `command` last moved production to, by project. */
  'release-production': { position: Position | null };
  /** The release number of a commit, by project and commit. */
  'release-commits': { number: number };
  /** What was last moved to, by project; absent where nothing was since this is written down. */
  'release-current': { number: number | null };
  /** Earlier releases made live again, by project and id of the restore; and what was live before each. */
  'release-restores': RestoreNote;
  'release-returns': { from: Position | null };
  /** Whether a release was good, by project and release id. */
  'release-verdicts': ReleaseVerdict;
}

export interface KeptRedaction {
  at: string;
  by: string;
  reason: string;
  /** Knows the text without being it; null where whole contents were taken out. */
  mark: TextMark | null;
  /** Artifacts that were exchanged. */
  contents: Array<{ digest: string; redactedDigest: string }>;
}

/** `hash`: sha256 of salt and text, in hex; `sum`: of its character codes, modulo 65536. */
export interface TextMark {
  salt: string;
  hash: string;
  length: number;
  sum: number;
}

export interface KeptCall {
  reply: ModelReply;
  promptDigest: string;
  at: string;
  /** Files for agents whose text the request showed. Absent where the activity showed none: a later step, or an older worker. */
  guides?: GuideRef[];
}

/** Which call gave the answer, and what it answered. */
export interface HeldAnswer {
  /** Of the call, as `callKeyOf` counts it. */
  step: number;
  /** The commit that was judged. */
  commit: string | null;
  /** Digest of all that the role was asked about. */
  asked: string;
  /** Judged again after an approval, and not taken. */
  isRefused?: true;
}

export interface MeasuredBase {
  /** Null where nothing was installed. */
  installSeconds: number | null;
  /** What the install steps fetched; absent where it is not known. */
  fetched?: Fetched;
  tests: BaseTests;
  /** One sentence each. */
  notMeasured: string[];
}

export interface AtBase {
  passed: TestCase[];
  /** Files in which something failed. */
  red: string[];
  /** The following are absent in documents of before they were kept. Tests that failed each time; tests that did not come out alike twice. */
  failed?: TestCase[];
  flaky?: TestCase[];
  /** Of `failed`: those that say that a name is missing, such as an export of the change, and not what they assert. */
  missing?: TestCase[];
  counts?: TestCounts | null;
  exitCode?: number | null;
  /** A run ended before it had said everything: a test that it does not name may not have had its turn. */
  isCutOff?: true;
  /** Sources of the tree that the runs wrote. */
  rewritten?: string[];
  /** Names of the runners that reported. */
  runner?: string;
  /** Of the last run, in milliseconds. */
  durationMs?: number;
}

/** Small JSON documents by key, written whole or not at all (temporary file, fsync, link or rename). */
export interface DocumentStore<All extends object = Collections> {
  /** Undefined where nothing was kept under the key. */
  load<C extends keyof All & string>(collection: C, key: string): Promise<All[C] | undefined>;
  /** First writer wins: returns what is kept under the key afterwards, ours or the earlier one's. */
  keepFirst<C extends keyof All & string>(collection: C, key: string, value: All[C]): Promise<All[C]>;
  /** Keys that begin with `prefix`, sorted. */
  list(collection: keyof All & string, prefix: string): Promise<string[]>;
  /** Last writer wins. */
  replace<C extends keyof All & string>(collection: C, key: string, value: All[C]): Promise<void>;
}
