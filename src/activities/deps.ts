/**
 * What the activities need from the world: one port each; `src/adapters` has the real ones.
 *
 * Injected by closure (`createActivities(deps)`), so that a test can hand in its own.
 */
import type { Role } from '../domain/roles';
import type { ArtifactExchange, ArtifactStore } from '../ports/artifacts';
import type { Checkouts } from '../ports/checkouts';
import type { DocumentStore } from '../ports/documents';
import type { WatchHealth } from '../ports/health';
import type { RoleModel } from '../ports/model';
import type { AnswerJournals } from '../ports/answer-journal';
import type { BuildsThere, Ledger } from '../ports/project-ledger';
import type { Prompts } from '../ports/prompts';
import type { Readers } from '../ports/readers';
import type { PackageRegistry } from '../ports/registry';
import type { ReportProofs } from '../ports/report-proofs';
import type { ReleaseSettings, ReleaseTarget } from '../ports/release-target';
import type { Sandbox } from '../ports/sandbox';
import type { TestRunners } from '../ports/test-runner';
import type { Workspace } from '../ports/workspace';

export interface Deps {
  artifacts: ArtifactStore & Partial<ArtifactExchange>;
  documents: DocumentStore;
  journals: AnswerJournals;
  workspace: Workspace;
  sandbox: Sandbox;
  runners: TestRunners;
  checkouts: Checkouts;
  /** Throws Failure `Release.Refused` where the settings cannot be served here. */
  releaseTarget(settings: ReleaseSettings): ReleaseTarget;
  watchHealth: WatchHealth;
  ledger: Ledger;
  builds: BuildsThere;
  proofs: ReportProofs;
  registry: PackageRegistry;
  /** Foreign text is read by these, in threads of their own. */
  readers: Readers;
  prompts: Prompts;
  /** Throws Failure `Model.NotConfigured` where the role has none. */
  modelFor(role: Role): RoleModel;
  testTimeoutMs: number;
  /** Most that installing and testing the base of a build may take before a role is asked. */
  surveyTimeoutMs: number;
  /** Most runs for experiments, where a build asks for no other number; 0: none are made. */
  experimentRuns: number;
}
