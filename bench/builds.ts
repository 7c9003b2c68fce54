/**
 * Starts builds the way the API does, without its HTTP.
 */
import { randomUUID } from 'node:crypto';
import { roleDefaults } from '../src/programs/wiring';
import { beginBuild } from '../src/domain/build/state';
import { workflowIdOf } from '../src/domain/ids';
import type { BuildStart } from '../src/domain/build/start';
import { ROLES } from '../src/domain/roles';
import type { Role, RoleMode } from '../src/domain/roles';
import { cardOf } from '../src/domain/build/card';
import { writeStartRequest } from '../src/requests/start-request';
import type { StoredBody } from '../src/requests/start-request';
import type { buildWorkflow } from '../src/workflows';
import { searchAttributesOf } from '../src/workflows/attributes';
import { BUILD_WORKFLOW, WORKFLOW_TASK_TIMEOUT } from '../src/workflows/messages';
import type { Stage } from './stage';

export const ALL_LLM = modeForAllRoles('llm');
export const ALL_EXTERNAL = modeForAllRoles('external');

export interface BuildOptions {
  projectId?: string;
  roles?: Record<Role, RoleMode>;
  /** Further members of the stored request. */
  request?: Partial<StoredBody>;
}

export async function startBuild(stage: Stage, options: BuildOptions = {}) {
  const [projectId, buildId] = [options.projectId ?? 'bench', randomUUID()];
  const ids = { user_id: 'ada', project_id: projectId, build_id: buildId };
  const request = { requirements: 'Build me a dark mode feature', ...options.request, ...ids };
  const { digest } = await stage.deps.artifacts.put(writeStartRequest(request));
  const start: BuildStart = {
    ...{ projectId, buildId, userId: 'ada' },
    title: 'Build me a dark mode feature',
    request: digest,
    roles: options.roles ?? roleDefaults(stage.config),
    retriesPerPhase: 3,
    createdAt: new Date().toISOString(),
  };
  const begun = beginBuild(start);
  return stage.client.workflow.start<typeof buildWorkflow>(BUILD_WORKFLOW, {
    workflowId: workflowIdOf(start),
    taskQueue: stage.config.temporal.taskQueue,
    args: [{ start }],
    memo: { card: cardOf(begun), attributes: true },
    searchAttributes: searchAttributesOf(begun),
    staticSummary: start.title,
    staticDetails: `Project **${start.projectId}**, build **${start.buildId}**, for ${start.userId}.`,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
  });
}

/** Calls `work` with 0 to count - 1, with a limit on simultaneous calls. */
export async function runConcurrently(count: number, atATime: number, work: (index: number) => Promise<unknown>) {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, count) }, lane));
}

/** Polls until `ready` is true; throws after `withinMs`. */
export async function waitUntil<T>(ask: () => Promise<T>, ready: (value: T) => boolean, withinMs: number): Promise<T> {
  for (const deadline = Date.now() + withinMs; ;) {
    const value = await ask();
    if (ready(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`not reached within ${withinMs} ms; last: ${JSON.stringify(value)?.slice(0, 500)}`);
    await pause(40);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function modeForAllRoles(mode: RoleMode): Record<Role, RoleMode> {
  return Object.fromEntries(ROLES.map((role) => [role, mode])) as Record<Role, RoleMode>;
}
