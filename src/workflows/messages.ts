/**
 * The messages of both workflows: names and types, for the workflows and for their callers.
 *
 * Each command is an update and a signal of the same name; the input is one JSON object in wire names
 * (`domain/commands`), with `actor`, and where given `idempotency_key` and `expected_revision`.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BuildStart, BuildState, CommandAnswer } from '../domain/build/state';
import { COMMAND_NAMES } from '../domain/commands';
import type { CommandName } from '../domain/commands';
import type { FailureType } from '../domain/failures';
import type { SurveyRef } from '../domain/repository-report';
import type { BuildReport, ProjectState, ProjectStats } from '../domain/project';
import type { BuildCard } from '../domain/build/view';

export const BUILD_WORKFLOW = 'buildWorkflow';
export const PROJECT_WORKFLOW = 'projectWorkflow';
export const RESTORE_WORKFLOW = 'restoreWorkflow';
export const CHECK_WORKFLOW = 'checkWorkflow';
/** Never begun by a worker: its memo says whose a task queue is. */
export const INSTALLATION_WORKFLOW = 'installation';

/**
 * How long the server waits for a worker that took a workflow task and was killed: for that long the build stands still. Its
 * default is 10 s; one that is slower than this is given the task again, and loses nothing.
 */
export const WORKFLOW_TASK_TIMEOUT = '5s';

/** A new build, or one that goes on after continue-as-new. */
export type BuildInput = { start: BuildStart } | { resumed: BuildState };

/** How the run ended; everything else is in the record. */
export interface BuildResult {
  status: 'complete' | 'cancelled';
  release: BuildState['release'];
}

export interface CheckInput {
  projectId: string;
  /** Digest of the question. */
  request: string;
}
/** A report, or what stands in the way of a build. */
export type CheckResult =
  | { kind: 'report'; report: SurveyRef }
  | { kind: 'obstacle'; type: FailureType; message: string; detailsDigest?: string | undefined };

/** What a build keeps in its workflow's memo. */
export interface BuildMemo extends Record<string, unknown> {
  card: BuildCard;
}

export const commandUpdates = byCommand((name) => defineUpdate<CommandAnswer, [unknown]>(name));
export const commandSignals = byCommand((name) => defineSignal<[unknown]>(name));
export const buildQuery = defineQuery<BuildState>('build');
export const statusQuery = defineQuery<BuildCard>('status');

export type ProjectInput = { projectId: string } | { resumed: ProjectState };
export const reportSignal = defineSignal<[BuildReport[]]>('report');
/** Has the ledger look at Temporal and at the records now. */
export const lookSignal = defineSignal('look');
export const statsQuery = defineQuery<ProjectStats>('stats');

/** The workflow id of a project's ledger; a build's id has a dot in it, this one a colon. */
export function projectWorkflowId(projectId: string): string {
  return `project:${projectId}`;
}

/** How a ledger is started, whatever first needs it. */
export function ledgerOptions(projectId: string, taskQueue: string) {
  return {
    workflowId: projectWorkflowId(projectId),
    taskQueue,
    args: [{ projectId }] as [{ projectId: string }],
    staticSummary: `Ledger of project ${projectId}`,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  };
}

/** The workflow id of a restore: one at a time in a project. */
export function restoreWorkflowId(projectId: string): string {
  return `restore:${projectId}`;
}

/** One workflow for one question of a project; neither a build nor a ledger has such an id. `key`: hex digits. */
export function checkWorkflowId(projectId: string, key: string): string {
  return `check:${projectId}:${key}`;
}

/** With a colon too, which no id of a build has. */
export function installationWorkflowId(taskQueue: string): string {
  return `installation:${taskQueue}`;
}

function byCommand<T>(make: (name: CommandName) => T): Record<CommandName, T> {
  return Object.fromEntries(COMMAND_NAMES.map((name) => [name, make(name)])) as Record<CommandName, T>;
}
