/**
 * What the activities need from the world, as interfaces; `src/adapters` has the real ones.
 *
 * Injected by closure (`createActivities(deps)`), so that a test can hand in its own.
 */
import type { z } from 'zod';
import type { Ecosystem, RegistryAnswer } from '../domain/gates/dependency-facts';
import type { ChangedFile } from '../domain/gates/facts';
import type { BuildReport } from '../domain/project';
import type { Phase, Role } from '../domain/roles';
import type { PathChange } from '../domain/tampering';
import type { ReleaseSettings, ReleaseTarget } from './release-target';
import type { TestRunners } from './test-runs';

/** Content-addressed store. A digest is `sha256:` and 64 hex digits. */
export interface ArtifactStore {
  put(content: string | Uint8Array): Promise<ArtifactRef>;
  /** Throws Failure `Artifact.Missing` where the digest is unknown or malformed. */
  get(digest: string): Promise<Buffer>;
}
export interface ArtifactRef {
  digest: string;
  bytes: number;
}

/** Small JSON documents by key, written whole or not at all (temporary file, fsync, link or rename). */
export interface DocumentStore {
  /** Undefined where nothing was kept under the key. */
  load<T>(collection: string, key: string): Promise<T | undefined>;
  /** First writer wins: returns what is kept under the key afterwards, ours or the earlier one's. */
  keepFirst<T>(collection: string, key: string, value: T): Promise<T>;
  /** Keys that begin with `prefix`, sorted. */
  list(collection: string, prefix: string): Promise<string[]>;
  /** Last writer wins. */
  replace<T>(collection: string, key: string, value: T): Promise<void>;
}

export interface FileChange {
  path: string;
  /** New content (UTF-8 text); null deletes the file. */
  content: string | null;
}

/** Where git keeps a build's line of work. Every operation goes from commit to commit; no work tree is shared. */
export interface Workspace {
  /** Makes the project's bare repository where it is missing, takes in `repository`, and gives the build's base commit. Idempotent. */
  prepare(input: {
    projectId: string;
    buildId: string;
    repository?: RepositorySource | undefined;
  }): Promise<{ commit: string }>;
  list(at: TreeAt): Promise<Array<{ path: string; bytes: number }>>;
  /** Throws Failure `Workspace.PathRefused` for a path that is not in the tree or not allowed. */
  read(at: TreeAt, path: string): Promise<string>;
  search(at: TreeAt, text: string): Promise<Array<{ path: string; line: number; text: string }>>;
  /** Applies changes to the tree of `at.commit` and gives a commit object that no branch points to yet. */
  apply(at: TreeAt, changes: FileChange[], message: string): Promise<{ commit: string; changed: string[] }>;
  /**
   * Publishes a phase's work: one commit on the build's branch with the tree of `tree` and the parent `at.commit`,
   * with a trailer naming build, phase, generation and attempt. Adopts the commit where the branch already has one
   * with that trailer. Throws Failure `Workspace.Overtaken` where the branch has moved elsewhere.
   */
  publish(
    at: TreeAt,
    input: { tree: string; message: string; mark: WorkMark },
  ): Promise<{ commit: string; changed: string[] }>;
  diff(repo: RepoId, from: string, to: string): Promise<string>;
  /** Every path that differs between two commits; a moved file is one deleted and one added. */
  changes(repo: RepoId, from: string, to: string): Promise<ChangedFile[]>;
  /** The same with git's id of the content on either side. */
  contentChanges(repo: RepoId, from: string, to: string): Promise<PathChange[]>;
  /** Lines that the change adds, with their numbers after it, from files of every kind; `isWhole` is false where a limit cut them. */
  addedLines(repo: RepoId, from: string, to: string): Promise<{ lines: AddedLine[]; isWhole: boolean }>;
  /** Commits after `from` up to `to`, oldest first, with the paths that each changed. */
  line(repo: RepoId, from: string, to: string): Promise<Array<{ commit: string; message: string; paths: string[] }>>;
  /** Texts of regular files of at most 16 MiB; what is missing, larger or no text is left out. */
  contents(at: TreeAt, paths: string[]): Promise<Map<string, string>>;
  /** Writes the tree of the commit into an empty folder. */
  checkout(at: TreeAt, folder: string): Promise<void>;
  /**
   * Puts the build's branch back to `commit`. `generation` is the one that is left: its line stays reachable under
   * `refs/parked/<build>/g<generation>`, and publishing under it or an earlier one is `Workspace.Overtaken` from then on.
   */
  restore(at: TreeAt, input: { generation: number }): Promise<void>;
}
export interface RepositorySource {
  path?: string | undefined;
  url?: string | undefined;
  baseRef?: string | undefined;
}
export interface RepoId {
  projectId: string;
  buildId: string;
}
export interface TreeAt extends RepoId {
  commit: string;
}
export interface WorkMark {
  phase: Phase;
  generation: number;
  attempt: number;
  /** The build's turn: a fencing token. Work of a later turn takes the place of what an abandoned earlier one left. */
  turn: number;
}

export interface AddedLine {
  path: string;
  /** Counts from 1. */
  line: number;
  text: string;
}

export interface Sandbox {
  /** Driver name, as evidence records it. */
  readonly name: string;
  /** Throws Failure `Sandbox.Unavailable`, with the way out in its message, where commands cannot be held. */
  selfTest(signal?: AbortSignal): Promise<void>;
  /** Runs an argument list with `folder` as the only writable place, no network, limits, as a non-root user. */
  run(input: SandboxRun): Promise<SandboxResult>;
  /** Makes a scratch folder that the sandboxed user may write, calls `use`, and removes the folder whatever happens. */
  withScratch<T>(use: (folder: string) => Promise<T>): Promise<T>;
}
export interface SandboxRun {
  folder: string;
  command: string[];
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Added to the fresh environment. */
  env?: Record<string, string> | undefined;
  /** Places of this machine to see as they are; `to` is below the folder, or absolute. */
  readOnly?: Array<{ from: string; to: string }> | undefined;
  /** True: the command shares this machine's network; dependencies are then fetched without install scripts. */
  network?: boolean | undefined;
  /** One further writable folder; the command finds its path in the variable `Q_PRODUCTION`. */
  production?: string | undefined;
  /** Texts the command finds at absolute paths, below `/workspace` too, and cannot change. */
  files?: Array<{ path: string; text: string }> | undefined;
  /** Its standard input. With it the command gets a report channel: a descriptor whose number is in `REPORT_FD`. */
  stdin?: string | undefined;
  /** True where an earlier run gave the folder to the sandbox's user; then several may run in it at once. */
  isGiven?: boolean | undefined;
}
export interface SandboxResult {
  exitCode: number | null;
  timedOut: boolean;
  /** stdout and stderr in the order they came, cut in the middle beyond the byte limit. */
  output: string;
  /** What was written to the report channel; nobody can take it back. Empty where there was none. */
  report?: string;
  durationMs: number;
}

/** One model, as one role uses it: one call, one answer. */
export interface RoleModel {
  /** `provider:id`, as configured. */
  readonly id: string;
  /** True where answers come from a file, not from a model. */
  readonly scripted: boolean;
  call(request: ModelRequest): Promise<ModelReply>;
}
export interface ModelRequest {
  role: Role;
  phase: Phase;
  generation: number;
  /** Counts from 1. */
  attempt: number;
  /** Counts from 1; above 1 only for a role that works in steps. */
  step: number;
  system: string;
  messages: ModelMessage[];
  /** What the final answer must look like. */
  schema: z.ZodType;
  /** Offered where the role works in steps; a provider without tools answers with the final output at once. */
  tools?: Record<string, { description: string; input: z.ZodType }>;
  /** Sent as `Idempotency-Key`, so that a provider (or a proxy) that honours it charges a repeated call once. */
  idempotencyKey?: string;
  signal: AbortSignal;
}
export type ModelMessage =
  | { from: 'user'; text: string }
  | { from: 'model'; text: string; toolCalls: ToolCall[] }
  | { from: 'tools'; results: Array<{ id: string; name: string; output: string }> };
export interface ToolCall {
  id: string;
  name: string;
  input: unknown;
}
export type ModelReply = {
  model: string;
  scripted: boolean;
  usage: { inputTokens: number | null; outputTokens: number | null };
  /** HTTP calls that were answered for this reply: 1, and one more for each repair turn. */
  calls: number;
} & ({ kind: 'output'; output: unknown } | { kind: 'tools'; text: string; toolCalls: ToolCall[] });

/** Speaks to the project's ledger and about a build, on the server. */
export interface Ledger {
  report(projectId: string, reports: BuildReport[]): Promise<void>;
  /** Asks Temporal to cancel a build that its own command has cancelled, so that both show the same. */
  requestCancel(workflowId: string): Promise<void>;
}

/** What a package registry says of a package. Asks by HTTP only; nothing is installed, nothing runs. */
export interface PackageRegistry {
  /** Never throws for what the registry answers or does not: that is the state `unknown`, with the reason. */
  lookUp(ecosystem: Ecosystem, name: string): Promise<RegistryAnswer>;
}

/** The system prompt of each phase, and the digest that is its version. */
export interface Prompts {
  of(phase: Phase): { text: string; digest: string };
}

export interface Deps {
  artifacts: ArtifactStore;
  documents: DocumentStore;
  workspace: Workspace;
  sandbox: Sandbox;
  runners: TestRunners;
  /** Throws Failure `Release.Refused` where the settings cannot be served here. */
  releaseTarget(settings: ReleaseSettings): ReleaseTarget;
  ledger: Ledger;
  registry: PackageRegistry;
  prompts: Prompts;
  /** Throws Failure `Model.NotConfigured` where the role has none. */
  modelFor(role: Role): RoleModel;
  testTimeoutMs: number;
}
