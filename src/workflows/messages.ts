/**
 * Names and types of the messages of all workflows. The workflows and their callers import it.
 *
 * Each command is an update and a signal of the same name. Its input is one JSON object in wire names (`domain/commands`), with
 * `actor` and the optional `idempotency_key` and `expected_revision`.
 */
import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { BuildState, CommandAnswer } from '../domain/build/state';
import type { BuildStart } from '../domain/build/start';
import { COMMAND_NAMES } from '../domain/commands';
import type { CommandName } from '../domain/commands';
import type { FailureType } from '../domain/failures';
import type { ProvenAsk } from '../domain/money/input';
import type { SurveyRef } from '../domain/repository-report';
import type { BuildReport, ProjectState, ProjectStats } from '../domain/project';
import type { BuildCard } from '../domain/build/card';
import type { Outbox, OutboxEntry } from '../domain/notices/outbox';
import type { HandedNotices } from '../domain/notices/outbox-input';

export const BUILD_WORKFLOW = 'buildWorkflow';
export const PROJECT_WORKFLOW = 'projectWorkflow';
export const RESTORE_WORKFLOW = 'restoreWorkflow';
export const CHECK_WORKFLOW = 'checkWorkflow';
export const NOTICES_WORKFLOW = 'noticesWorkflow';
/** No worker runs this workflow; its memo holds the id of the installation that owns the task queue. */
export const INSTALLATION_WORKFLOW = 'installation';

/**
 * How long the server waits for the answer to a workflow task. If a worker is killed during a task, the build stands still for this
 * time, so it is shorter than Temporal's default of 10 s. A worker that needs longer gets the task again and loses nothing.
 */
export const WORKFLOW_TASK_TIMEOUT = '5s';

/** `start` begins a new build; `resumed` is the state of a build after continue-as-new. */
export type BuildInput = { start: BuildStart } | { resumed: BuildState };

/** The end of a build. Everything else is in the build's record. */
export interface BuildResult {
  status: 'complete' | 'cancelled';
  release: BuildState['release'];
}

export interface CheckInput {
  projectId: string;
  /** Digest of the stored check request. */
  request: string;
}
/** The repository report, or the failure (`obstacle`) that would stop a build. */
export type CheckResult =
  | { kind: 'report'; report: SurveyRef }
  | { kind: 'obstacle'; type: FailureType; message: string; detailsDigest?: string | undefined };

/** The memo of a build's workflow. */
export interface BuildMemo extends Record<string, unknown> {
  card: BuildCard;
}

export const commandUpdates = byCommand((name) => defineUpdate<CommandAnswer, [unknown]>(name));
export const commandSignals = byCommand((name) => defineSignal<[unknown]>(name));
export const buildQuery = defineQuery<BuildState>('build');
export const statusQuery = defineQuery<BuildCard>('status');

export type ProjectInput = { projectId: string } | { resumed: ProjectState };
export const reportSignal = defineSignal<[BuildReport[]]>('report');
/** Makes the ledger compare itself with Temporal and with the records now. */
export const lookSignal = defineSignal('look');
/** Activities of builds ask for grants of the project's money. The argument is a list of `ProvenAsk`. */
export const askSignal = defineSignal<[ProvenAsk[]]>('ask');
/** The caps of the project may have changed: the ledger reads them again. */
export const capsSignal = defineSignal('caps');
/** Tells a build that waits at a cap of its project that it may go on. */
export const grantedSignal = defineSignal('granted');
export const statsQuery = defineQuery<ProjectStats>('stats');

/** The workflow id of a project's ledger. It has a colon, so it never equals a build's id, which has a dot. */
export function projectWorkflowId(projectId: string): string {
  return `project:${projectId}`;
}

/** The priority of a build that asks for none: the middle, as Temporal's own. */
const PRIORITY_DEFAULT = 3;

/**
 * How Temporal orders the tasks of a build among those that wait: by `priority`, then fairly between projects. Activities and the next
 * run after continue-as-new inherit it.
 */
export function priorityOf({ projectId, priority = PRIORITY_DEFAULT }: Pick<BuildStart, 'projectId' | 'priority'>) {
  return { priorityKey: priority, fairnessKey: projectId };
}

/** Start options of a ledger. Every place that may have to start one uses them. */
export function ledgerOptions(projectId: string, taskQueue: string) {
  return {
    workflowId: projectWorkflowId(projectId),
    taskQueue,
    args: [{ projectId }] as [{ projectId: string }],
    staticSummary: `Ledger of project ${projectId}`,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  };
}

export type NoticesInput = { projectId: string } | { resumed: Outbox };
export const handNoticesSignal = defineSignal<[HandedNotices]>('hand');
/** Sends the notice with this id again. Refused as `Notice.Unknown` or `Notice.Pending`. */
export const resendUpdate = defineUpdate<OutboxEntry, [string]>('resend');
export const outboxQuery = defineQuery<Outbox>('outbox');

/** The workflow id of the workflow that sends a project's notices. */
export function noticesWorkflowId(projectId: string): string {
  return `notices:${projectId}`;
}

/** Start options of the workflow that sends a project's notices. Every place that may have to start one uses them. */
export function noticesOptions(projectId: string, taskQueue: string) {
  return {
    workflowId: noticesWorkflowId(projectId),
    taskQueue,
    args: [{ projectId }] as [{ projectId: string }],
    staticSummary: `Notices of project ${projectId}`,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  };
}

/** The workflow id of a restore. A project has one such id, so it runs one restore at a time. */
export function restoreWorkflowId(projectId: string): string {
  return `restore:${projectId}`;
}

/** The workflow id of a check, the same for the same check request of a project. `key`: hex digits. */
export function checkWorkflowId(projectId: string, key: string): string {
  return `check:${projectId}:${key}`;
}

/** The workflow id that marks the owner of a task queue. It has a colon, which no id of a build has. */
export function installationWorkflowId(taskQueue: string): string {
  return `installation:${taskQueue}`;
}

function byCommand<T>(make: (name: CommandName) => T): Record<CommandName, T> {
  return Object.fromEntries(COMMAND_NAMES.map((name) => [name, make(name)])) as Record<CommandName, T>;
}
