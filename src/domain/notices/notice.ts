/**
 * Notices: what people are told about a build, and the targets that the notices are sent to. Pure.
 */
import { isId } from '../ids';
import { aText, aTime, aNumber, checkedBy, listOf, objectOf, oneOf, orAbsent, orNull } from '../shape';
import type { Shape } from '../shape';

/** Every kind of notice about a build, with its meaning. Requests, settings and webhooks contain these names. */
export const NOTICE_KINDS = {
  waiting: 'the build waits for a person or a role outside: an approval, an answer, money, a decision in `error`',
  error: 'the build stopped in `error`',
  budget: 'the build has used 80, 95 or 100 % of its budget',
  reminder: 'what the build waits for has not come yet',
  escalation: 'what the build waits for has not come, and further people are asked',
  retried: 'a person had a phase done again',
  rolled_back: 'a person took the build back to an earlier phase, or the release before it is live again',
  released: 'what the build made is live',
  complete: 'the build is complete',
  cancelled: 'the build was cancelled',
} as const satisfies Record<string, string>;
export type NoticeKind = keyof typeof NOTICE_KINDS;

/** `test`: a notice that a person sends to see whether notices arrive. */
export type AnyNoticeKind = NoticeKind | 'test';

export const WEBHOOK_FORMATS = ['standard', 'slack', 'teams', 'discord'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

/** `events`: the kinds that this target gets; absent: all. */
export type NoticeTarget = { events?: NoticeKind[] } & TargetAddress;
/**
 * `url`: a webhook; `format` is absent for the format of Standard Webhooks. `email`: one address. `setting`: a target of the
 * setting NOTIFY, whose address is not part of the build's state, named by a digest of that address.
 */
export type TargetAddress = { url: string; format?: WebhookFormat } | { email: string } | { setting: string };

export interface Notice {
  /** The same for each target and each try. */
  id: string;
  kind: AnyNoticeKind;
  /** ISO 8601. */
  at: string;
  projectId: string;
  /** Null for a test notice of a project. */
  buildId: string | null;
  /** The first characters of the request's sentence. */
  title: string;
  state: string | null;
  status: string | null;
  /** One sentence: what happened, and for a build that waits also what is to be done. */
  what: string;
  /** The path below the API's address that shows more. */
  path: string;
  /** When what is waited for expires, ISO 8601; null if it does not. */
  deadline: string | null;
  /** The used share of the budget in percent; only in notices of the kind `budget`. */
  percent?: number;
}

/** One notice on its way to one target. `id`: what receivers recognize a repeated try by. */
export interface Delivery {
  id: string;
  notice: Notice;
  target: NoticeTarget;
}

/** Characters of texts in notices. */
export const TITLE_LIMIT_CHARS = 100;
export const WHAT_LIMIT_CHARS = 400;
/** Characters of a target's address. */
export const URL_LIMIT_CHARS = 1_000;
export const EMAIL_LIMIT_CHARS = 254;
/** The most targets of one build. */
export const TARGETS_LIMIT = 10;

/** Gives the deliveries of the notices: one for each target that wants the kind. */
export function deliveriesOf(notices: readonly Notice[], targets: readonly NoticeTarget[]): Delivery[] {
  return notices.flatMap((notice) =>
    targets.flatMap((target, index) =>
      isWanted(notice, target) ? [{ id: `${notice.id}.${index + 1}`, notice, target }] : [],
    ),
  );
}

function isWanted({ kind }: Notice, { events }: NoticeTarget): boolean {
  return kind === 'test' || events === undefined || events.includes(kind);
}

/** Cuts a text at the end, and shows that it was cut. */
export function cut(text: string, limitChars: number): string {
  // A pair of surrogates is one character, so it is never cut in its middle.
  const characters = [...text];
  return characters.length <= limitChars ? text : `${characters.slice(0, limitChars - 1).join('')}…`;
}

const textUpTo = (chars: number) =>
  checkedBy(`text of up to ${chars} characters`, (value) => typeof value === 'string' && [...value].length <= chars);
const KINDS = Object.keys(NOTICE_KINDS);
const aKind = oneOf(KINDS);

/** Checks the targets of a build, or of a delivery that arrives by a signal. */
export const aTarget: Shape = (value, at) =>
  TARGET_MEMBERS(value, at) ??
  (['url', 'email', 'setting'].filter((name) => (value as Record<string, unknown>)[name] !== undefined).length === 1
    ? null
    : `${at} must have exactly one of url, email and setting`);
const TARGET_MEMBERS = objectOf({
  ...{ url: orAbsent(textUpTo(URL_LIMIT_CHARS)), format: orAbsent(oneOf(WEBHOOK_FORMATS)) },
  ...{ email: orAbsent(textUpTo(EMAIL_LIMIT_CHARS)), setting: orAbsent(textUpTo(64)), events: orAbsent(listOf(aKind)) },
});

const NOTICE = objectOf({
  ...{ id: textUpTo(200), kind: oneOf([...KINDS, 'test']), at: aTime },
  ...{ projectId: checkedBy('a project id', isId), buildId: orNull(checkedBy('a build id', isId)) },
  ...{ title: textUpTo(TITLE_LIMIT_CHARS), state: orNull(aText), status: orNull(aText) },
  ...{ what: textUpTo(WHAT_LIMIT_CHARS), path: textUpTo(300), deadline: orNull(aTime), percent: orAbsent(aNumber) },
} satisfies Record<keyof Notice, Shape>);

const DELIVERY_ID = /^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}$/;
export const aDelivery = objectOf({
  id: checkedBy('the id of a notice', isDeliveryId),
  notice: NOTICE,
  target: aTarget,
} satisfies Record<keyof Delivery, Shape>);

export function isDeliveryId(value: unknown): value is string {
  return typeof value === 'string' && DELIVERY_ID.test(value);
}
