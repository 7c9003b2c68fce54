/**
 * Finds what people must be told when a build has changed: compares the build with an earlier look at it. Pure.
 *
 * That a build waits is read from its status and from what it expects, so that a further reason to wait needs no change here.
 */
import { budgetShareOf } from '../build/budget-share';
import { eventsAfter } from '../build/events-after';
import { expectationOf } from '../build/expects';
import { holdsOf } from '../build/holds';
import { isAwaitingDecision } from '../build/moves';
import { openFindings } from '../build/state';
import type { BuildState } from '../build/state';
import { statusOf } from '../build/status';
import type { AuditEvent } from '../build/trail';
import type { EventType } from '../events';
import { workflowIdOf } from '../ids';
import { TITLE_LIMIT_CHARS, WHAT_LIMIT_CHARS, cut, deliveriesOf } from './notice';
import type { Delivery, Notice, NoticeKind } from './notice';

/** Shares of the budget that are told, in percent. */
const BUDGET_LEVELS = [80, 95, 100] as const;

type Told = Pick<Notice, 'kind' | 'what'> & Partial<Pick<Notice, 'percent' | 'deadline'>>;

/** `before`: null at the start of a build. `now`: ISO 8601; together with the build it makes the ids of the notices. */
export function noticesBetween(before: BuildState | null, after: BuildState, now: string): Notice[] {
  if (before === after) return [];
  const events = before === null ? [] : eventsAfter(after.events, before.events.at(-1));
  const told = [
    ...toldByEvents(events, after),
    ...toldByBudget(before, after),
    ...toldByEnd(before, after),
    ...toldByWait(before, { after, events }),
  ];
  return told.map((one, index) => noticeOf(after, one, { now, index }));
}

/** Gives the notices for each target of the build that wants them; none for a build without targets. */
export function deliveriesBetween(before: BuildState | null, after: BuildState, now: string): Delivery[] {
  const { notify = [] } = after;
  return notify.length === 0 ? [] : deliveriesOf(noticesBetween(before, after, now), notify);
}

/** Events that are told. */
const TOLD_EVENTS: Partial<Record<EventType, NoticeKind>> = {
  retried: 'retried',
  rolled_back: 'rolled_back',
  release_restored: 'rolled_back',
  reminded: 'reminder',
  escalated: 'escalation',
  expired: 'reminder',
};

function toldByEvents(events: readonly AuditEvent[], after: BuildState): Told[] {
  return events.flatMap((event) => {
    const kind = Object.hasOwn(TOLD_EVENTS, event.type) ? TOLD_EVENTS[event.type] : undefined;
    return kind === undefined ? [] : [{ kind, what: whatOf(kind, event, after) }];
  });
}

function whatOf(kind: NoticeKind, { type, actor, data }: AuditEvent, after: BuildState): string {
  const reason = typeof data.reason === 'string' && data.reason !== '' ? `: ${data.reason}` : '';
  if (type === 'release_restored') return `the release before this one is live again: ${String(data.now)}`;
  if (kind === 'rolled_back') return `${actor} took the build back to ${String(data.target)}${reason}`;
  if (kind === 'retried') return `${actor} had ${String(data.target)} done again${reason}`;
  if (type === 'expired' && data.then === 'reject')
    return `nobody decided about ${String(data.gate)} in time, so it counts as rejected`;
  const to = typeof data.to === 'string' && data.to !== '' ? ` (for ${data.to})` : '';
  return `${expectationOf(after).task}${to}`;
}

function toldByBudget(before: BuildState | null, after: BuildState): Told[] {
  const share = budgetShareOf(after);
  const level = levelOf(share);
  if (share === null || level === 0 || level <= levelOf(before === null ? null : budgetShareOf(before))) return [];
  return [{ kind: 'budget', what: `${share} % of the budget of the build is used`, percent: level }];
}

function levelOf(share: number | null): number {
  return BUDGET_LEVELS.findLast((level) => share !== null && share >= level) ?? 0;
}

function toldByEnd(before: BuildState | null, after: BuildState): Told[] {
  const told: Told[] = [];
  if (after.state === 'complete') {
    const release = after.release;
    const hadRelease = before !== null && before.state === 'complete' && before.release !== null;
    if (release !== null && !hadRelease)
      told.push({ kind: 'released', what: `release ${release.number}, version ${release.version}, is live` });
    if (before?.state !== 'complete') told.push({ kind: 'complete', what: completionOf(after) });
  }
  if (after.cancelled && before?.cancelled !== true) {
    const reason = after.events.findLast(({ type }) => type === 'cancelled')?.data.reason;
    told.push({ kind: 'cancelled', what: `the build was cancelled: ${String(reason ?? 'no reason is known')}` });
  }
  return told;
}

function completionOf(build: BuildState): string {
  if (build.release !== null) return 'the build is complete and live';
  if (build.owed.releaseHanded === true)
    return 'all phases are complete; the orchestrator measures, judges and releases what was handed over';
  return 'the build is complete; nothing was released';
}

interface Change {
  after: BuildState;
  events: readonly AuditEvent[];
}

function toldByWait(before: BuildState | null, { after, events }: Change): Told[] {
  const { task, deadline } = expectationOf(after);
  const isDecision: boolean = isAwaitingDecision(after);
  if (after.failure !== null && !after.cancelled && !isDecision && isNewFailure(before, after)) {
    const { type, message } = after.failure;
    return [{ kind: 'error', what: `${task}. ${type}: ${message}` }];
  }
  if (!isAwaited(after) || !isNewWait(before, { after, events })) return [];
  const findings = openFindings(after).map(({ summary }) => summary);
  return [{ kind: 'waiting', what: isDecision ? [task, ...findings].join('. ') : task, deadline }];
}

/** True if the build can go on only after a person or a role outside has done something. */
function isAwaited(build: BuildState): boolean {
  const status = statusOf(build);
  // Until the page of an approval gate is made, the build waits for the orchestrator.
  const hasPage = !holdsOf(build).some((hold) => hold.kind === 'approval' && hold.digest === null);
  return (status === 'waiting' && hasPage) || (status === 'error' && isAwaitingDecision(build));
}

function isNewFailure(before: BuildState | null, { failure }: BuildState): boolean {
  const keyOf = (one: BuildState['failure']) => JSON.stringify([one?.type, one?.message, one?.at]);
  return keyOf(before?.failure ?? null) !== keyOf(failure);
}

/** Events by which a person does a part of what is waited for. */
const PROGRESS: readonly EventType[] = ['answered', 'answer_replaced', 'approved', 'gate_passed', 'rejected', 'noted'];

/** False while persons answer, one by one, what they were told of before. */
function isNewWait(before: BuildState | null, { after, events }: Change): boolean {
  if (before === null || !isAwaited(before) || before.state !== after.state) return true;
  const earlier = thingsAwaited(before);
  if (thingsAwaited(after).some((one) => !earlier.includes(one))) return true;
  if (events.some(({ type }) => PROGRESS.includes(type))) return false;
  return before.turn !== after.turn || expectationOf(before).task !== expectationOf(after).task;
}

function thingsAwaited(build: BuildState): string[] {
  const findings = openFindings(build).map(({ gate, digest }) => `${gate} ${digest}`);
  const questions = build.questions.map(({ id, text }) => `question ${id} ${text}`);
  // A hold of another kind, such as the page of a gate or a cap, is one thing.
  const holds = holdsOf(build).filter(({ kind }) => kind !== 'questions');
  return [...findings, ...questions, ...holds.map((hold) => JSON.stringify(hold))];
}

function noticeOf(build: BuildState, told: Told, { now, index }: { now: string; index: number }): Notice {
  const { projectId, buildId, title, state } = build;
  const { kind, what, deadline = null, percent } = told;
  const asks = ['waiting', 'reminder', 'escalation'].includes(kind);
  const hasPage = openFindings(build).length > 0 || holdsOf(build).some((hold) => hold.kind === 'approval');
  const page = asks && hasPage ? 'approvals' : 'status';
  return {
    // A build that was reset in Temporal passes the same revision again, but at another time.
    id: `${workflowIdOf(build)}.${kind}.${Date.parse(now).toString(36)}-${index}`,
    ...{ kind, at: now, projectId, buildId },
    ...{ title: cut(title, TITLE_LIMIT_CHARS), state, status: statusOf(build) },
    ...{ what: cut(what, WHAT_LIMIT_CHARS), path: `/api/workflows/${workflowIdOf(build)}/${page}`, deadline },
    ...(percent === undefined ? {} : { percent }),
  };
}
