/**
 * Reads the notices of a project, sends one again, and hands over test notices: calls to the workflow that sends them.
 */
import { WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { deliveriesOf } from '../domain/notices/notice';
import type { Delivery, Notice, NoticeTarget } from '../domain/notices/notice';
import { beginOutbox } from '../domain/notices/outbox';
import type { Outbox, OutboxEntry } from '../domain/notices/outbox';
import { noticesWorkflowId, outboxQuery, resendUpdate } from '../workflows/messages';
import type { ApiDeps } from './deps';
import { Problem } from './problems';
import { queueUpdate } from './queue-update';
import { callTemporal } from './temporal-calls';

/** How long an answer waits for the first try of test notices. */
const TEST_WAIT_MS = 6_000;
const QUERY_INTERVAL_MS = 50;

/** Gives an empty outbox for a project that has sent no notice. */
export async function readOutbox(deps: ApiDeps, projectId: string): Promise<Outbox> {
  const handle = deps.client.workflow.getHandle(noticesWorkflowId(projectId));
  try {
    return await callTemporal(deps, () => handle.query(outboxQuery), true);
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return beginOutbox(projectId);
    throw error;
  }
}

/** Throws the problem `Notice.Unknown` or `Notice.Pending`. `updateId`: the same for a repeated request. */
export async function resendNotice(
  deps: ApiDeps,
  projectId: string,
  { id, updateId }: { id: string; updateId: string },
): Promise<OutboxEntry> {
  const workflowId = noticesWorkflowId(projectId);
  const handle = deps.client.workflow.getHandle(workflowId);
  const send = () => handle.executeUpdate(resendUpdate, { args: [id], updateId });
  try {
    return await queueUpdate(deps.client, workflowId, () => callTemporal(deps, send, true));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) throw new Problem('Notice.Unknown', `no notice has the id "${id}"`);
    const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
    if (!(cause instanceof ApplicationFailure)) throw error;
    if (cause.type !== 'Notice.Unknown' && cause.type !== 'Notice.Pending') throw error;
    throw new Problem(cause.type, cause.message);
  }
}

interface NoticeTest {
  projectId: string;
  /** Makes the notice's id; the same for a repeated request. */
  key: string;
  targets: NoticeTarget[];
}

/** Sends a test notice to each target, and waits some seconds for the first try of each. */
export async function testTargets(deps: ApiDeps, { projectId, key, targets }: NoticeTest): Promise<OutboxEntry[]> {
  const { noticeOutbox } = deps;
  if (noticeOutbox === undefined) throw new Problem('Server.Failed', 'this API has no way to send notices');
  const deliveries = deliveriesOf([testNotice(projectId, key)], targets);
  await callTemporal(deps, () => noticeOutbox.hand(projectId, deliveries));
  for (const deadline = Date.now() + TEST_WAIT_MS; ;) {
    const entries = entriesOf(await readOutbox(deps, projectId), deliveries);
    const isTried = entries.length === deliveries.length && entries.every(({ triedAt }) => triedAt !== null);
    if (isTried || Date.now() > deadline) return entries;
    await new Promise((resolve) => setTimeout(resolve, QUERY_INTERVAL_MS));
  }
}

function entriesOf({ entries }: Outbox, deliveries: Delivery[]): OutboxEntry[] {
  return entries.filter((entry) => deliveries.some(({ id }) => id === entry.id));
}

function testNotice(projectId: string, key: string): Notice {
  return {
    ...{ id: `${projectId}.test.${key}`, kind: 'test', at: new Date().toISOString(), projectId, buildId: null },
    ...{ title: '', state: null, status: null, deadline: null },
    what: `this is a test: notices of project ${projectId} arrive here`,
    path: `/api/projects/${projectId}/notices`,
  };
}
