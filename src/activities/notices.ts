/**
 * Hands notices to the workflow that sends them, checks that a worker made them, and sends one.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../domain/failures';
import { TITLE_LIMIT_CHARS, WHAT_LIMIT_CHARS, cut } from '../domain/notices/notice';
import type { Delivery, Notice } from '../domain/notices/notice';
import type { SendResult } from '../domain/notices/outbox';
import type { HandedNotices } from '../domain/notices/outbox-input';
import { parseWorkflowId } from '../domain/ids';
import { redactText } from '../inspect/secrets/redact';
import type { Deps } from './deps';

/** Throws Failure `Build.Malformed` where a notice is about another build than the activity's. */
export async function handNotices(deps: Deps, projectId: string, deliveries: Delivery[]): Promise<void> {
  const { workflowId = '' } = Context.current().info.workflowExecution ?? {};
  const own = parseWorkflowId(workflowId);
  const foreign = deliveries.find(
    ({ notice }) =>
      notice.projectId !== own?.projectId || notice.buildId !== own.buildId || projectId !== own.projectId,
  );
  if (foreign !== undefined)
    throw new Failure(
      'Build.Malformed',
      `workflow ${workflowId} has a notice of ${foreign.notice.projectId}.${foreign.notice.buildId}`,
    );
  // The address of a target may hold a secret, which it needs; the words of a notice need none.
  const redacted = deliveries.map((one) => ({ ...one, notice: redactNotice(one.notice) }));
  await deps.noticeOutbox.hand(projectId, redacted);
}

function redactNotice(notice: Notice): Notice {
  const { title, what } = notice;
  return {
    ...notice,
    title: cut(redactText(title).text, TITLE_LIMIT_CHARS),
    what: cut(redactText(what).text, WHAT_LIMIT_CHARS),
  };
}

export function proveNotices({ noticeProofs }: Deps, projectId: string, handed: HandedNotices[]): Promise<boolean[]> {
  return Promise.all(handed.map(({ deliveries, proof }) => noticeProofs.holds(projectId, deliveries, proof)));
}

export function sendNotice({ notifier }: Deps, delivery: Delivery): Promise<SendResult> {
  return notifier.send(delivery, Context.current().cancellationSignal);
}
