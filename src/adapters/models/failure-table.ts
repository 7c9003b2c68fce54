/**
 * From whatever a provider or the SDK throws to a failure of the closed list.
 *
 * The provider's text is read to classify and then dropped: a failure holds our words and a status, nothing else.
 */
import { AISDKError, APICallError } from 'ai';
import { Failure, type FailureType } from '../../domain/failures';
import { retryAfterMs } from './retry-after';

interface Rule {
  applies: (seen: Seen) => boolean;
  type: FailureType;
  words: string;
}

interface Seen {
  /** Undefined where no response came, or where the provider reported the error inside a stream without a status. */
  status: number | undefined;
  /** In lower case; only ever matched, never shown. */
  text: string;
}

const status =
  (...codes: number[]) =>
  (seen: Seen) =>
    seen.status !== undefined && codes.includes(seen.status);
const between = (low: number, high: number) => (seen: Seen) =>
  seen.status !== undefined && seen.status >= low && seen.status <= high;
const refusal = (seen: Seen) => seen.status === undefined || between(400, 499)(seen);
const says = (pattern: RegExp) => (seen: Seen) => refusal(seen) && pattern.test(seen.text);

const TOO_LONG =
  /context[_ ](length|window|size)|maximum context|(prompt|input|request) is too (long|large)|too many (input )?tokens|request_too_large/;
const NO_CREDIT = /insufficient_quota|credit balance is too low|billing_hard_limit|billing_error/;

const UNREADABLE = /"ai_(jsonparse|typevalidation)error"/;

/** The first that applies. */
const RULES: readonly Rule[] = [
  // Whatever the status: where the first event is not JSON, the SDK makes a 500 of it.
  { applies: ({ text }) => UNREADABLE.test(text), type: 'Model.NotAnAnswer', words: 'the answer could not be read' },
  { applies: status(402), type: 'Model.Unauthorized', words: 'the account has no credit' },
  // Some say 429, some 400; waiting does not fill an account.
  { applies: says(NO_CREDIT), type: 'Model.Unauthorized', words: 'the account has no credit' },
  {
    applies: status(401, 403),
    type: 'Model.Unauthorized',
    words: 'the API key was refused, or may not use this model',
  },
  { applies: status(429), type: 'Model.RateLimited', words: 'the provider asks to slow down' },
  { applies: status(413), type: 'Model.ContextTooLong', words: 'the request is too long for the model' },
  { applies: says(TOO_LONG), type: 'Model.ContextTooLong', words: 'the request is too long for the model' },
  { applies: status(404), type: 'Model.BadRequest', words: 'the provider knows no such model or address' },
  { applies: status(408, 409), type: 'Model.Unavailable', words: 'the provider could not take the request now' },
  { applies: between(400, 499), type: 'Model.BadRequest', words: 'the provider refused the request as malformed' },
  { applies: between(500, 599), type: 'Model.Unavailable', words: 'the provider failed' },
  { applies: between(200, 299), type: 'Model.NotAnAnswer', words: 'the answer was cut or could not be read' },
  { applies: says(/rate_limit/), type: 'Model.RateLimited', words: 'the provider asks to slow down' },
  {
    applies: says(/authentication_error|permission_error|invalid_api_key/),
    type: 'Model.Unauthorized',
    words: 'the API key was refused, or may not use this model',
  },
  {
    applies: says(/invalid_request_error/),
    type: 'Model.BadRequest',
    words: 'the provider refused the request as malformed',
  },
  { applies: () => true, type: 'Model.Unavailable', words: 'the provider could not be reached, or broke off' },
];

/** `id` is the model's configured name. */
export function failureOf(id: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (APICallError.isInstance(error)) {
    const text = [error.message, error.responseBody, JSON.stringify(error.data)].join(' ');
    return byRule(id, { status: error.statusCode, text: text.toLowerCase() }, error.responseHeaders);
  }
  // What the SDK could not parse. The class name is the SDK's own word.
  if (AISDKError.isInstance(error))
    return new Failure('Model.NotAnAnswer', `${id}: the answer could not be read (${error.name})`);
  const text = error instanceof Error ? error.message : JSON.stringify(error);
  return byRule(id, { status: undefined, text: String(text).toLowerCase() }, undefined);
}

function byRule(id: string, seen: Seen, headers: Record<string, string> | undefined): Failure {
  const rule = RULES.find(({ applies }) => applies(seen)) as Rule;
  const http = seen.status === undefined ? '' : ` (HTTP ${seen.status})`;
  return new Failure(rule.type, `${id}: ${rule.words}${http}`, retryAfterMs(headers, Date.now()));
}
