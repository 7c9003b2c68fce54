/**
 * Presents notices. The address of a webhook is shown without its path, which in the addresses of chats is a secret. Pure.
 */
import { workflowIdOf } from '../../domain/ids';
import type { NoticeTarget } from '../../domain/notices/notice';
import type { OutboxEntry } from '../../domain/notices/outbox';

export function presentNotice({ id, notice, target, ...entry }: OutboxEntry) {
  const { kind, at, projectId, buildId, what } = notice;
  return {
    ...{ id, kind, state: entry.state, target: presentTarget(target) },
    ...{ workflow_id: buildId === null ? null : workflowIdOf({ projectId, buildId }), build_id: buildId, what },
    ...{ created_at: at, tries: entry.tries, last_try_at: entry.triedAt, next_try_at: entry.nextAt },
    last_error: entry.lastError,
  };
}

function presentTarget(target: NoticeTarget) {
  if ('email' in target) return { email: target.email };
  // The API does not know which of several targets of NOTIFY has this name; the name is the same for all builds.
  if ('setting' in target) return { setting: `NOTIFY ${target.setting}` };
  const { origin } = new URL(target.url);
  return { url: `${origin}/…`, format: target.format ?? 'standard' };
}
