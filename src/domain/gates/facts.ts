/**
 * What the gates judge: everything that was found out about a change, as plain data. Gathered by `activities/gather-facts`.
 *
 * Nothing in here was asked of a model, except what stands under `account` and `criteria.report`: those are the words
 * that are held against the rest.
 */
import type { LiveRelease } from '../build/live-release';
import type { DeliveredOfFile } from '../delivered';
import type { WithoutChange } from '../evidence/control';
import type { Claim, Named } from '../evidence/criteria';
import type { Asked, Evidence } from '../evidence/evidence';
import type { Altered } from '../evidence/executable';
import type { ReplacedTests, TouchedFile } from '../evidence/tampering';
import type { Approval } from '../findings';
import type { HarmFacts, ReleaserFacts } from '../harm';
import type { OriginsOfFile } from '../origins';
import type { Phase } from '../roles';
import type { ChecklistEntry, KnownThings } from './known-things';
import type { DependencyFact, ImportFact } from '../packages/facts';

/** All that gates judge, each under the name by which a gate asks for it. */
export interface Facts {
  /** The build itself at the end of a phase. */
  state: StateFacts;
  answer_of_planner: {
    /** Ids of the requirements, and of those that the plan's criteria name. */
    required: string[];
    covered: string[];
    /** Ids of the criteria, in their order. */
    criteria: string[];
    /** Files that the plan names and no role may write, each with the reason. */
    unwritable: string[];
  };
  answer_of_coder: {
    /** Paths that the attempt changed. */
    changed: string[];
    /** A person has approved something, and the build has a change already. */
    mayStand: boolean;
  };
  /** What a change does to the things that it is judged by. */
  touched_judges: TouchedJudges;
  /** Where its code comes from, in forms that are not known to be safe. */
  origins: OriginFacts;
  answer_of_auditor: AuditFacts;
  /** What experiments on the measured commit found. */
  experiments: ExperimentFacts;
  change: ChangeFacts;
  answer_of_overseer: ChecklistFacts;
  answer_of_releaser: ReleaserFacts;
}
export type Subject = keyof Facts;

/** `commit` is empty where the build has none. */
export interface StateFacts extends Asked {
  evidence: Evidence | null;
  release: LiveRelease | null;
}

export interface TouchedJudges {
  found: TouchedFile[];
  /** Digests that all of it had together, as findings once named them: approvals of that time lift it whole. */
  wholeDigests: string[];
  approvals: Approval[];
  /** The phase that looks. */
  phase: Phase;
  /** What the Test Auditor does to old tests that the change did not turn red; absent where another role is looked at. */
  replaced?: ReplacedTests[];
}

export interface OriginFacts {
  files: OriginsOfFile[];
  approvals: Approval[];
  /** The phase that looks. */
  phase: Phase;
}

export interface ExperimentFacts {
  evidence: Pick<Evidence, 'experiments'> | null;
  /** What persons have let pass. */
  approvals: Approval[];
  /** The phase that looks. */
  phase: Phase;
}

export interface AuditFacts {
  /** Ids of the plan's criteria, and of those among them that promise something new. */
  criteria: string[];
  newCriteria: string[];
  report: {
    verdict: 'pass' | 'fail';
    objections: string[];
    criteria: Array<Claim & { satisfied: boolean; note: string }>;
  };
  /** What it would add that is no test, lines that leave other tests out, and why its tests could not be written. */
  added: { foreign: string[]; leftOut?: string[]; refused: string | null };
  evidence: Evidence;
  /** The tests that ran; null where the run only counted them. */
  tests: Array<Named & { status: string }> | null;
  /** What each test did without the change; null where that is not known. */
  without: WithoutChange | null;
  /** One that passed was not there before the change. */
  isNew: boolean;
  /** The plan promises nothing new. */
  keepsAll: boolean;
  /** What the change alters beside tests. */
  alters: Altered;
}

export interface ChecklistFacts {
  approved: boolean;
  checklist: Array<ChecklistEntry & { severity: string; finding: string }>;
  /** What an entry may stand on. */
  known: KnownThings;
}

export interface ChangeFacts {
  /** 40 hex digits. */
  commit: string;
  /** ISO 8601: the moment that ages are counted to. */
  now: string;
  /** All that differs between the build's base and `commit`. */
  files: ChangedFile[];
  /** Paths of `files` that a package manager writes. */
  locks: string[];
  plan: PlanFacts;
  evidence: Evidence | null;
  /** What persons have let pass. */
  approvals: Approval[];
  /** The phase that looks. */
  phase: Phase;
  /** Digest of the locked tests that must have been laid over; null where none is locked. */
  lockedDigest: string | null;
  /** Where the build asks for another share of the changed lines than the default. */
  coverageFloorPercent?: number | undefined;
  /** `without`: where the tests were run for this judgement; absent where testing has judged them. */
  criteria: { report: CriterionReport[]; tests: TestResult[] | null; without?: WithoutChange | null };
  checks: CheckFact[];
  account: AccountFacts;
  secrets: { findings: SecretFinding[]; isWhole: boolean };
  /** Added lines that ask whether the program is tested; `phase` is the one that looks. */
  questions: { files: QuestionsOfFile[]; approvals: Approval[]; phase: Phase };
  /** Places where another thing may be delivered than was tested; `phase` is the one that looks. */
  delivered: { files: DeliveredOfFile[]; notes: string[]; approvals: Approval[]; phase: Phase };
  harm: HarmFacts;
  dependencies: {
    changed: DependencyFact[];
    undeclared: ImportFact[];
    /** Manifests and locks that could not be read, with the reason. */
    unreadable: Array<{ path: string; why: string }>;
  };
}

export interface ChangedFile {
  path: string;
  status: 'added' | 'modified' | 'deleted';
  added: number;
  removed: number;
  binary: boolean;
  /** Size after the change; 0 where deleted. */
  bytes: number;
  /** git's names of the content before and after; null where there is none. */
  before: string | null;
  after: string | null;
  /** Lines before the change, where they had to be counted. */
  linesBefore: number | null;
  /** Different words before and after, and those of before that are still there; only where most lines went. */
  words?: { before: number; after: number; kept: number };
}

export interface PlanFacts {
  /** `kind`: `new` where it is absent. */
  criteria: Array<{ id: string; testedBy: string; kind?: 'new' | 'kept' }>;
  testingStrategy: string;
  /** Paths that the plan's components name. */
  paths: string[];
}

/** What the Test Auditor says of a criterion. */
export interface CriterionReport {
  id: string;
  testedBy: string;
  satisfied: boolean;
}
export interface TestResult {
  file: string;
  name: string;
  passed: boolean;
}

/** One check of the code: what ran and what it found, or why it did not run. */
export type CheckFact = { kind: 'syntax' | 'types' | 'build' } & (
  | {
      run: Evidence;
      /** One entry a place: `src/a.js:3: unexpected token`. */
      findings: string[];
    }
  | { run: null; notRun: string }
);

/** The Code Writer's account of its work, beside what git shows. */
export interface AccountFacts {
  commits: Array<{
    commit: string;
    /** From the commit's closing trailer; null where it carries none of this build. */
    phase: string | null;
    paths: string[];
    /** Paths that were written or deleted by the tools or handed over; null where no account is kept. */
    accounted: string[] | null;
  }>;
  /** Files handed over with the last answer, by git's name of their content; null: deleted. */
  handedOver: Array<{ path: string; blob: string | null }>;
  /** Paths that the last answer lists as changed. */
  listed: string[];
  /** Summary, technical notes and what was fixed, of every attempt on this line. */
  said: string;
}

/** What the Code Writer said of one attempt, as it is kept beside the commit that came of it. */
export interface AccountedWork {
  /** Files handed over with the answer, by git's name of their content; null: deleted. */
  files: Array<{ path: string; blob: string | null }>;
  /** Paths of the write calls that were carried out. */
  written: string[];
  said: string;
}

/** Added lines of one file that ask whether the program is tested. */
export interface QuestionsOfFile {
  path: string;
  /** `asks` ends a sentence: `asks for a global of a test runner`. */
  lines: Array<{ line: number; asks: string; text: string }>;
  /** Of the artifact that shows them. */
  digest: string;
}

/** Where a secret stands and which rule knew it. Never the secret. */
export interface SecretFinding {
  path: string;
  line: number;
  rule: string;
  /** Absent for an added line. `mark`: a scanner is told to look away; `message`: `path` names a commit. */
  of?: 'file' | 'mark' | 'message';
}
