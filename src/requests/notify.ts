/**
 * The schema of `notify`: the targets that get the notices of a build.
 */
import { z } from 'zod';
import {
  EMAIL_LIMIT_CHARS,
  NOTICE_KINDS,
  TARGETS_LIMIT,
  URL_LIMIT_CHARS,
  WEBHOOK_FORMATS,
} from '../domain/notices/notice';
import type { NoticeKind, NoticeTarget } from '../domain/notices/notice';
import { isObject } from '../domain/json';
import { oneOf, text } from './fields';

const KINDS = Object.keys(NOTICE_KINDS) as [NoticeKind, ...NoticeKind[]];
const URL_MESSAGE = 'must be a url that starts with https:// (or http://), without user, password and fragment';
const EMAIL_MESSAGE = 'must be one e-mail address, such as ops@example.org';
/** Refuses what could add a second address or a header: spaces, commas, quotes, angle brackets, line breaks. */
const EMAIL = /^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*$/;

const url = text(URL_LIMIT_CHARS).refine(isWebhookUrl, URL_MESSAGE);
const email = text(EMAIL_LIMIT_CHARS).regex(EMAIL, EMAIL_MESSAGE);
const events = z
  .array(oneOf(KINDS), { error: `must be a list of ${KINDS.join(', ')}` })
  .min(1, 'is empty: leave it out for all kinds')
  .max(KINDS.length, 'names a kind twice');

/** A text is the url of a webhook. */
export const targetSchema = z.preprocess(
  (value) => (typeof value === 'string' ? { url: value } : value),
  z
    .strictObject(
      {
        url: url.optional(),
        format: oneOf(WEBHOOK_FORMATS).optional(),
        email: email.optional(),
        events: events.optional(),
      },
      { error: 'must be a url, {url, format, events} or {email, events}' },
    )
    .superRefine((target, context) => {
      if ((target.url === undefined) === (target.email === undefined))
        context.addIssue({ code: 'custom', message: 'must have exactly one of url and email' });
      if (target.email !== undefined && target.format !== undefined)
        context.addIssue({ code: 'custom', path: ['format'], message: 'is for webhooks only' });
    }),
);

export const notifySchema = z
  .array(targetSchema, { error: 'must be a list of targets' })
  .max(TARGETS_LIMIT, `has more than ${TARGETS_LIMIT} targets`);
export type NotifyBody = z.output<typeof notifySchema>;

/** Gives the target in the form of the domain. */
export function targetOf({
  url: address = '',
  format,
  email: mailbox,
  events: kinds,
}: NotifyBody[number]): NoticeTarget {
  const wanted = kinds === undefined ? {} : { events: [...new Set(kinds)] };
  if (mailbox !== undefined) return { email: mailbox, ...wanted };
  return { url: address, ...(format === undefined || format === 'standard' ? {} : { format }), ...wanted };
}

/**
 * Reads targets from one text: a JSON list as in `notify` of a start, or urls and e-mail addresses with commas between. Gives the
 * problem of a wrong text.
 */
export function readNotifyText(given: string): { targets: NoticeTarget[] } | { problem: string } {
  const list = given.trimStart().startsWith('[') ? parseJson(given) : given.split(',').flatMap(asTarget);
  const { success, data, error } = notifySchema.safeParse(list);
  if (success) return { targets: data.map(targetOf) };
  const [issue] = error.issues;
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])].join('.');
  return { problem: `${path} ${unknownKey === undefined ? issue?.message : 'is not a field here'}`.trim() };
}

function asTarget(entry: string): object[] {
  const trimmed = entry.trim();
  if (trimmed === '') return [];
  return [!trimmed.includes('://') && trimmed.includes('@') ? { email: trimmed } : { url: trimmed }];
}

function isWebhookUrl(value: string): boolean {
  if (!/^https?:\/\/[^\s\p{Cc}\\]+$/iu.test(value) || !URL.canParse(value)) return false;
  const { username, password, hash, hostname, href } = new URL(value);
  return username === '' && password === '' && hash === '' && hostname !== '' && href.length <= URL_LIMIT_CHARS;
}

function parseJson(given: string): unknown {
  try {
    const value: unknown = JSON.parse(given);
    return Array.isArray(value) || isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
