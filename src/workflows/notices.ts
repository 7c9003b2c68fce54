/**
 * The notices workflow: sends the notices of a project's builds, tries each until it arrives, and keeps those that did not.
 *
 * Its timers survive a restart, so that a notice that is waiting for its next try is not lost. It never ends; it continues as new when
 * its history is long.
 */
import {
  ApplicationFailure,
  condition,
  continueAsNew,
  setDefaultSignalHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { applyTry, beginOutbox, dueEntries, nextTryAt, resend, takeDeliveries } from '../domain/notices/outbox';
import type { Outbox, OutboxEntry, SendResult } from '../domain/notices/outbox';
import { readHanded } from '../domain/notices/outbox-input';
import type { HandedNotices } from '../domain/notices/outbox-input';
import { now } from './clock';
import { refuseForeignNotices } from './inputs';
import { handNoticesSignal, outboxQuery, resendUpdate } from './messages';
import type { NoticesInput } from './messages';
import { noticeActivities, recordActivities } from './proxies';

/** Notices that are sent at the same time. A receiver that does not answer must not hold up all others. */
const MAX_SENDING = 20;
/** The most hand-overs whose proofs are checked together. */
const MAX_HANDED = 20;

interface SendingRun {
  outbox: Outbox;
  /** Notices whose proofs are not checked yet. */
  inbox: HandedNotices[];
  /** Ids of the notices that are being sent. */
  sending: Set<string>;
  /** Counts what the main loop has to look at. */
  changes: number;
}

export async function noticesWorkflow(input: NoticesInput): Promise<never> {
  refuseForeignNotices(input);
  const outbox = 'resumed' in input ? input.resumed : beginOutbox(input.projectId);
  const run: SendingRun = { outbox, inbox: [], sending: new Set(), changes: 0 };
  registerHandlers(run);
  for (;;) {
    const seen = run.changes;
    if (run.inbox.length > 0) await takeProvenNotices(run);
    // The history ends only between two tries: a try whose result is lost would be made again.
    const isHistoryLong = workflowInfo().continueAsNewSuggested;
    if (isHistoryLong && run.sending.size === 0 && run.inbox.length === 0)
      return continueAsNew<typeof noticesWorkflow>({ resumed: run.outbox });
    if (!isHistoryLong) sendDue(run);
    if (run.changes === seen) await waitForChange(run, { seen, isHistoryLong });
  }
}

/** Any client of the server may send a signal; one that holds no notices is ignored. */
function registerHandlers(run: SendingRun): void {
  setHandler(handNoticesSignal, (payload) => {
    const handed = readHanded(payload);
    if (handed === null) return;
    run.inbox.push(handed);
    run.changes += 1;
  });
  setHandler(
    resendUpdate,
    (id) => {
      const again = resend(run.outbox, id, now());
      if (again.kind !== 'resent') throw refusedResend(id, again.kind);
      run.outbox = again.outbox;
      run.changes += 1;
      return run.outbox.entries.find((entry) => entry.id === id) as OutboxEntry;
    },
    {
      description: 'sends a notice again that was sent or is dead',
      validator: (id) => {
        const again = resend(run.outbox, id, now());
        if (again.kind !== 'resent') throw refusedResend(id, again.kind);
      },
    },
  );
  setHandler(outboxQuery, () => run.outbox, { description: 'The notices of the project: pending, sent and dead' });
  setDefaultSignalHandler(() => undefined);
}

function refusedResend(id: unknown, kind: 'unknown' | 'pending'): ApplicationFailure {
  const name = JSON.stringify(id)?.slice(0, 220) ?? 'undefined';
  return kind === 'unknown'
    ? ApplicationFailure.nonRetryable(`no notice has the id ${name}`, 'Notice.Unknown')
    : ApplicationFailure.nonRetryable(`the notice ${name} is pending: it is tried by itself`, 'Notice.Pending');
}

async function takeProvenNotices(run: SendingRun): Promise<void> {
  const batch = run.inbox.splice(0, MAX_HANDED);
  const isProven = await recordActivities.proveNotices(run.outbox.projectId, batch);
  const proven = batch.filter((_, index) => isProven[index] === true);
  run.outbox = takeDeliveries(
    run.outbox,
    proven.flatMap(({ deliveries }) => deliveries),
    now(),
  );
  run.changes += 1;
}

function sendDue(run: SendingRun): void {
  const due = dueEntries(run.outbox, now()).filter(({ id }) => !run.sending.has(id));
  for (const entry of due.slice(0, MAX_SENDING - run.sending.size)) void send(run, entry);
}

async function send(run: SendingRun, { id, notice, target }: OutboxEntry): Promise<void> {
  run.sending.add(id);
  const result = await noticeActivities
    .sendNotice({ id, notice, target })
    .catch((): SendResult => ({ kind: 'failed', why: 'the worker ended during the try' }));
  run.outbox = applyTry(run.outbox, id, { result, now: now() });
  run.sending.delete(id);
  run.changes += 1;
}

/** Waits for a signal, the end of a try, or the time of the next try. */
async function waitForChange(run: SendingRun, at: { seen: number; isHistoryLong: boolean }): Promise<void> {
  const isChanged = () => run.changes !== at.seen;
  // With all places taken, or before a continue-as-new, the end of a try comes first.
  const isFull = run.sending.size >= MAX_SENDING;
  const nextAt = isFull || at.isHistoryLong ? null : nextTryAt(run.outbox, run.sending);
  if (nextAt === null) await condition(isChanged);
  else await condition(isChanged, Math.max(1, Date.parse(nextAt) - Date.now()));
}
