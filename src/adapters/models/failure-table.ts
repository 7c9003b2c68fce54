/**
 * From whatever a provider or the SDK throws to a failure of the closed list.
 *
 * The message is made of our words and a status. The provider's own words stand in `detail`, cut and without secrets.
 */
import { AISDKError, APICallError } from 'ai';
import { Failure, type FailureFacts, type FailureType } from '../../domain/failures';
import { detailOf } from './detail';
import { retryAfterMs, retryDelayMs } from './retry-after';

interface Rule {
  applies: (seen: Seen) => boolean;
  type: FailureType;
  words: string;
  /** The model has answered, although the status says otherwise. */
  isPaid?: true;
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
  /context[_ ](length|window|size)|maximum (context|prompt)|(prompt|input|request) is too (long|large)|too many (input )?tokens|request_too_large|token count .{0,40}exceeds|reduce the length of the messages/;
const NO_CREDIT = /insufficient_quota|credit balance is too low|billing_hard_limit|billing_error/;

const UNREADABLE = /"ai_(jsonparse|typevalidation)error"/;

/** The first that applies. */
const RULES: readonly Rule[] = [
  // Whatever the status: where the first event is not JSON, the SDK makes a 500 of it.
  { applies: ({ text }) => UNREADABLE.test(text), type: 'Model.NotAnAnswer', words: 'the answer could not be read' },
  {
    // Groq's answer where the model wrote a tool call that is none.
    applies: says(/tool_use_failed|failed_generation/),
    ...{ type: 'Model.NotAnAnswer', words: 'the model wrote a tool call that its server cannot read', isPaid: true },
  },
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

export interface FailedCall {
  /** The model's configured name. */
  id: string;
  /** Keys that were sent: they stand in no failure. */
  secrets: readonly string[];
  /** The answer had begun, so what came of it is paid for. */
  isPaid: boolean;
}

export function failureOf({ id, secrets, isPaid }: FailedCall, error: unknown): Failure {
  if (error instanceof Failure) return isPaid && error.isPaid !== true ? paid(error) : error;
  const facts = { detail: detailOf(error, secrets), isPaid };
  if (APICallError.isInstance(error)) {
    const text = [error.message, error.responseBody, JSON.stringify(error.data)].join(' ');
    const seen = { status: error.statusCode, text: text.toLowerCase() };
    const waitMs = retryAfterMs(error.responseHeaders, Date.now()) ?? retryDelayMs(seen.text);
    return byRule(id, seen, { ...facts, retryAfterMs: waitMs });
  }
  if (AISDKError.isInstance(error) && OF_REQUEST.includes(error.name))
    return new Failure('Model.BadRequest', `${id}: the provider takes no such request`, facts);
  // What the SDK could not parse. The class name is the SDK's own word.
  if (AISDKError.isInstance(error))
    return new Failure('Model.NotAnAnswer', `${id}: the answer could not be read (${error.name})`, facts);
  const text = error instanceof Error ? error.message : JSON.stringify(error);
  return byRule(id, { status: undefined, text: String(text).toLowerCase() }, facts);
}

/** What the SDK refuses before anything is sent. */
const OF_REQUEST = [
  'AI_UnsupportedFunctionalityError',
  'AI_InvalidArgumentError',
  'AI_InvalidPromptError',
  'AI_LoadAPIKeyError',
  'AI_LoadSettingError',
];

function byRule(id: string, seen: Seen, facts: FailureFacts): Failure {
  const rule = RULES.find(({ applies }) => applies(seen)) as Rule;
  const http = seen.status === undefined ? '' : ` (HTTP ${seen.status})`;
  return new Failure(rule.type, `${id}: ${rule.words}${http}`, { ...facts, isPaid: facts.isPaid || rule.isPaid });
}

/** The same failure of a call that was paid for. */
function paid({ type, message, retryAfterMs, detail }: Failure): Failure {
  return new Failure(type, message, { retryAfterMs, detail, isPaid: true });
}
