/**
 * The dependencies of the activities: one port each. `src/adapters` has the implementations.
 *
 * `createActivities(deps)` injects them, so that a test can use its own.
 */
import type { Role } from '../domain/roles';
import type { ArtifactExchange, ArtifactStore } from '../ports/artifacts';
import type { Checkouts } from '../ports/checkouts';
import type { GrantCaps } from '../domain/money/room';
import type { DocumentStore } from '../ports/documents';
import type { Grants } from '../ports/grants';
import type { WatchHealth } from '../ports/health';
import type { RoleModel } from '../ports/model';
import type { AnswerJournals } from '../ports/answer-journal';
import type { NoticeOutbox, NoticeProofs, Notifier } from '../ports/notifier';
import type { BuildLookup, Ledger } from '../ports/project-ledger';
import type { Prices } from '../ports/prices';
import type { ProjectSettingsStore } from '../ports/project-settings';
import type { Prompts } from '../ports/prompts';
import type { Readers } from '../ports/readers';
import type { PackageRegistry } from '../ports/registry';
import type { ReportProofs } from '../ports/report-proofs';
import type { ReleaseSettings, ReleaseTarget } from '../ports/release-target';
import type { Sandbox } from '../ports/sandbox';
import type { TestRunners } from '../ports/test-runner';
import type { Workspace } from '../ports/workspace';
import type { CallsInFlight } from './steps/calls-in-flight';
import type { TaskPurse } from './steps/purse';

export interface Deps {
  artifacts: ArtifactStore & Partial<ArtifactExchange>;
  documents: DocumentStore;
  journals: AnswerJournals;
  modelCalls: CallsInFlight;
  workspace: Workspace;
  sandbox: Sandbox;
  runners: TestRunners;
  checkouts: Checkouts;
  /** Throws Failure `Release.Refused` where this installation does not support the settings. */
  releaseTarget(settings: ReleaseSettings): ReleaseTarget;
  watchHealth: WatchHealth;
  ledger: Ledger;
  projectSettings: ProjectSettingsStore;
  /** Reads the caps of a project that hold now. */
  projectCaps(projectId: string): Promise<GrantCaps>;
  builds: BuildLookup;
  proofs: ReportProofs;
  notifier: Notifier;
  noticeOutbox: NoticeOutbox;
  noticeProofs: NoticeProofs;
  registry: PackageRegistry;
  /** Readers of foreign text, each in its own thread. */
  readers: Readers;
  prompts: Prompts;
  /** Throws Failure `Model.NotConfigured` where no model is configured for the role. */
  modelFor(role: Role): RoleModel;
  prices: Prices;
  /** Absent: no cap of the project limits its builds. */
  grants?: Grants | undefined;
  /** The output tokens of a call whose model has no limit in its settings: it bounds what the call can cost. */
  outputTokensLimit: number;
  /** The purse of the running activity; absent outside of a role's activity, and for a build without a budget. */
  purse?: TaskPurse;
  /** The stronger model of a role, for a build that is stuck; undefined where none is configured. Absent: no role has one. */
  strongerModelFor?(role: Role): RoleModel | undefined;
  testTimeoutMs: number;
  /** The time limit of the survey, which installs and tests the base commit before the first role works. */
  surveyTimeoutMs: number;
  /** The most experiment runs of a build that asks for no other number; 0: no experiments. */
  experimentRuns: number;
}
