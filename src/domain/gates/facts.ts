/**
 * The facts that gates judge: everything measured about a change, as plain data. `activities/gather-facts` collects them.
 *
 * No fact comes from a model, except `account` and `criteria.report`: those are claims that gates compare with the other
 * facts.
 */
import type { LiveRelease } from '../build/live-release';
import type { DeliveredOfFile } from '../delivered';
import type { WithoutChange } from '../evidence/control';
import type { Claim, Named } from '../evidence/criteria';
import type { TestRequirements, Evidence } from '../evidence/evidence';
import type { Alteration } from '../evidence/executable';
import type { ReplacedTests, TouchedFile } from '../evidence/tampering';
import type { Approval } from '../findings';
import type { HarmFacts, ReleaserFacts } from '../harm';
import type { OriginsOfFile } from '../origins';
import type { Phase } from '../roles';
import type { ChecklistEntry, KnownThings } from './known-things';
import type { DependencyFact, ImportFact } from '../packages/facts';

/** All subjects that gates judge, by the name that a gate uses in `judges`. */
export interface Facts {
  /** The build at the end of a phase. */
  state: StateFacts;
  answer_of_planner: {
    /** Ids of the requirements, and of the requirements that the plan's criteria name. */
    required: string[];
    covered: string[];
    /** Ids of the criteria, in order. */
    criteria: string[];
    /** Files that the plan names but no role may write, each with the reason. */
    unwritable: string[];
  };
  answer_of_coder: {
    /** Paths that the attempt changed. */
    changed: string[];
    /** True if the build already has a change and a person has approved something, so the attempt may change nothing. */
    mayStand: boolean;
  };
  /** The change's effects on the tests and settings that judge it. */
  touched_judges: TouchedJudges;
  /** Code origins of the change that are not known to be safe. */
  origins: OriginFacts;
  answer_of_auditor: AuditFacts;
  /** The experiments' findings on the measured commit. */
  experiments: ExperimentFacts;
  change: ChangeFacts;
  answer_of_overseer: ChecklistFacts;
  answer_of_releaser: ReleaserFacts;
}
export type Subject = keyof Facts;

/** `commit` is empty if the build has none. */
export interface StateFacts extends TestRequirements {
  evidence: Evidence | null;
  release: LiveRelease | null;
}

export interface TouchedJudges {
  found: TouchedFile[];
  /** Digests of all touched files together, as older findings named them: an old approval covers them all. */
  wholeDigests: string[];
  approvals: Approval[];
  /** The phase in which the gate judges. */
  phase: Phase;
  /** The Test Auditor's changes to old tests that the change did not make fail; absent for other roles. */
  replaced?: ReplacedTests[];
}

export interface OriginFacts {
  files: OriginsOfFile[];
  approvals: Approval[];
  /** The phase in which the gate judges. */
  phase: Phase;
}

export interface ExperimentFacts {
  evidence: Pick<Evidence, 'experiments'> | null;
  /** The approvals of persons. */
  approvals: Approval[];
  /** The phase in which the gate judges. */
  phase: Phase;
}

export interface AuditFacts {
  /** Ids of the plan's criteria, and of those that promise something new. */
  criteria: string[];
  newCriteria: string[];
  report: {
    verdict: 'pass' | 'fail';
    objections: string[];
    criteria: Array<Claim & { satisfied: boolean; note: string }>;
  };
  /** Added files that are not tests, added lines that exclude other tests, and why its tests could not be written. */
  added: { foreign: string[]; leftOut?: string[]; refused: string | null };
  evidence: Evidence;
  /** The tests that ran; null if the run only counted them. */
  tests: Array<Named & { status: string }> | null;
  /** The result of each test without the change; null if that is not known. */
  without: WithoutChange | null;
  /** True if a test passed that did not exist before the change. */
  isNew: boolean;
  /** True if the plan promises nothing new. */
  keepsAll: boolean;
  /** The kind of content that the change alters apart from tests. */
  alters: Alteration;
}

export interface ChecklistFacts {
  approved: boolean;
  checklist: Array<ChecklistEntry & { severity: string; finding: string }>;
  /** The things that the evidence of an entry may name. */
  known: KnownThings;
}

export interface ChangeFacts {
  /** 40 hex digits. */
  commit: string;
  /** The current time, ISO 8601, for the age of packages. */
  now: string;
  /** All files that differ between the build's base and `commit`. */
  files: ChangedFile[];
  /** Paths of `files` that a package manager writes. */
  locks: string[];
  plan: PlanFacts;
  evidence: Evidence | null;
  /** The approvals of persons. */
  approvals: Approval[];
  /** The phase in which the gates judge. */
  phase: Phase;
  /** Digest of the locked tests that must have been copied over the checkout; null if none is locked. */
  lockedDigest: string | null;
  /** The build's own minimum share of changed lines that tests must run, if it has one. */
  coverageFloorPercent?: number | undefined;
  /** `without`: the results without the change, if the tests ran for this judgement; absent if `testing` judged them. */
  criteria: { report: CriterionReport[]; tests: TestResult[] | null; without?: WithoutChange | null };
  checks: CheckFact[];
  account: AccountFacts;
  secrets: { findings: SecretFinding[]; isWhole: boolean };
  /** Added lines that check whether the program is tested; `phase` is the one in which the gate judges. */
  questions: { files: QuestionsOfFile[]; approvals: Approval[]; phase: Phase };
  /** Places where the delivered code may differ from the tested code; `phase` is the one in which the gate judges. */
  delivered: { files: DeliveredOfFile[]; notes: string[]; approvals: Approval[]; phase: Phase };
  harm: HarmFacts;
  dependencies: {
    changed: DependencyFact[];
    undeclared: ImportFact[];
    /** Manifests and lock files that could not be read, with the reason. */
    unreadable: Array<{ path: string; why: string }>;
  };
}

export interface ChangedFile {
  path: string;
  status: 'added' | 'modified' | 'deleted';
  added: number;
  removed: number;
  binary: boolean;
  /** Size after the change; 0 if deleted. */
  bytes: number;
  /** Git's object ids of the content before and after; null if there is none. */
  before: string | null;
  after: string | null;
  /** Number of lines before the change, if they had to be counted. */
  linesBefore: number | null;
  /** Numbers of distinct words before, after, and in both; only if most lines were removed. */
  words?: { before: number; after: number; kept: number };
}

export interface PlanFacts {
  /** `kind`: absent means `new`. */
  criteria: Array<{ id: string; testedBy: string; kind?: 'new' | 'kept' }>;
  testingStrategy: string;
  /** Paths that the plan's components name. */
  paths: string[];
}

/** The Test Auditor's statement about one criterion. */
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

/** One check of the code: its run and findings, or why it did not run. */
export type CheckFact = { kind: 'syntax' | 'types' | 'build' } & (
  | {
      run: Evidence;
      /** One entry for each place: `src/a.js:3: unexpected token`. */
      findings: string[];
    }
  | { run: null; notRun: string }
);

/** The Code Writer's account of its work, and the commits that git shows. */
export interface AccountFacts {
  commits: Array<{
    commit: string;
    /** The phase in the commit's trailer; null if the trailer is missing or of another build. */
    phase: string | null;
    paths: string[];
    /** Paths that the role wrote or deleted by tools or handed over; null if there is no account of the commit. */
    accounted: string[] | null;
  }>;
  /** Files in the last answer, with git's object id of their content; null: deleted. */
  handedOver: Array<{ path: string; blob: string | null }>;
  /** Paths that the last answer lists as changed. */
  listed: string[];
  /** Summaries, technical notes and fixes of every attempt on this branch. */
  said: string;
}

/** The Code Writer's statements about one attempt, stored beside its commit. */
export interface AccountedWork {
  /** Files in the answer, with git's object id of their content; null: deleted. */
  files: Array<{ path: string; blob: string | null }>;
  /** Paths of the successful write calls. */
  written: string[];
  said: string;
}

/** Added lines of one file that check whether the program is tested. */
export interface QuestionsOfFile {
  path: string;
  /** `asks` completes a sentence: `asks for a global of a test runner`. */
  lines: Array<{ line: number; asks: string; text: string }>;
  /** Digest of the artifact that shows the lines. */
  digest: string;
}

/** The place of a secret and the rule that recognized it, never the secret itself. */
export interface SecretFinding {
  path: string;
  line: number;
  rule: string;
  /** Absent for an added line. `mark`: a comment tells a scanner to skip the line. `message`: `path` names a commit. */
  of?: 'file' | 'mark' | 'message';
}
