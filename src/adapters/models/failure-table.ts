/**
 * Converts any error of a provider or the SDK to a failure of the closed list.
 *
 * The message has a fixed text and the HTTP status. The provider's own message is in `detail`, shortened and without secrets.
 */
import { AISDKError, APICallError } from 'ai';
import { Failure, type FailureFacts, type FailureType } from '../../domain/failures';
import { detailOf } from './detail';
import { retryAfterMs, retryDelayMs } from './retry-after';

interface Rule {
  applies: (signs: ErrorSigns) => boolean;
  type: FailureType;
  words: string;
  /** The provider charges for the call, although its status is an error. */
  isPaid?: true;
}

interface ErrorSigns {
  /** Undefined if no response arrived, or if the provider reported the error within a stream. */
  status: number | undefined;
  /** The error's text in lower case. It is matched and never shown. */
  text: string;
}

const hasStatus =
  (...codes: number[]) =>
  (signs: ErrorSigns) =>
    signs.status !== undefined && codes.includes(signs.status);
const statusBetween = (low: number, high: number) => (signs: ErrorSigns) =>
  signs.status !== undefined && signs.status >= low && signs.status <= high;
const isRefusal = (signs: ErrorSigns) => signs.status === undefined || statusBetween(400, 499)(signs);
const matches = (pattern: RegExp) => (signs: ErrorSigns) => isRefusal(signs) && pattern.test(signs.text);

/** Messages of providers for a request that is longer than the context of the model. */
const TOO_LONG =
  /context[_ ](length|window|size)|maximum (context|prompt)|(prompt|input|request) is too (long|large)|too many (input )?tokens|request_too_large|token count .{0,40}exceeds|reduce the length of the messages/;
const NO_CREDIT = /insufficient_quota|credit balance is too low|billing_hard_limit|billing_error/;
/** Names of the errors of the SDK for an answer that is not JSON, or not of the expected type. */
const UNREADABLE = /"ai_(jsonparse|typevalidation)error"/;

/** The first rule that applies decides. */
const RULES: readonly Rule[] = [
  // Checked before the status: the SDK reports status 500 if the first event of a stream is not JSON.
  { applies: ({ text }) => UNREADABLE.test(text), type: 'Model.NotAnAnswer', words: 'the answer could not be read' },
  {
    // Groq's answer if the model wrote an invalid tool call.
    applies: matches(/tool_use_failed|failed_generation/),
    ...{ type: 'Model.NotAnAnswer', words: 'the model wrote a tool call that its server cannot read', isPaid: true },
  },
  { applies: hasStatus(402), type: 'Model.Unauthorized', words: 'the account has no credit' },
  // Providers send 429 or 400 for this. It is not retryable, because waiting does not add credit.
  { applies: matches(NO_CREDIT), type: 'Model.Unauthorized', words: 'the account has no credit' },
  {
    applies: hasStatus(401, 403),
    type: 'Model.Unauthorized',
    words: 'the API key was refused, or may not use this model',
  },
  { applies: hasStatus(429), type: 'Model.RateLimited', words: 'the provider asks to slow down' },
  { applies: hasStatus(413), type: 'Model.ContextTooLong', words: 'the request is too long for the model' },
  { applies: matches(TOO_LONG), type: 'Model.ContextTooLong', words: 'the request is too long for the model' },
  { applies: hasStatus(404), type: 'Model.BadRequest', words: 'the provider knows no such model or address' },
  { applies: hasStatus(408, 409), type: 'Model.Unavailable', words: 'the provider could not take the request now' },
  {
    applies: statusBetween(400, 499),
    type: 'Model.BadRequest',
    words: 'the provider refused the request as malformed',
  },
  { applies: statusBetween(500, 599), type: 'Model.Unavailable', words: 'the provider failed' },
  { applies: statusBetween(200, 299), type: 'Model.NotAnAnswer', words: 'the answer was cut or could not be read' },
  { applies: matches(/rate_limit/), type: 'Model.RateLimited', words: 'the provider asks to slow down' },
  {
    applies: matches(/authentication_error|permission_error|invalid_api_key/),
    type: 'Model.Unauthorized',
    words: 'the API key was refused, or may not use this model',
  },
  {
    applies: matches(/invalid_request_error/),
    type: 'Model.BadRequest',
    words: 'the provider refused the request as malformed',
  },
  { applies: () => true, type: 'Model.Unavailable', words: 'the provider could not be reached, or broke off' },
];

export interface FailedCall {
  /** The model's configured name. */
  id: string;
  /** Keys that the request carried. They are removed from the failure. */
  secrets: readonly string[];
  /** True if the answer had begun, so that the provider charges for it. */
  isPaid: boolean;
}

export function failureOf({ id, secrets, isPaid }: FailedCall, error: unknown): Failure {
  if (error instanceof Failure) return isPaid && error.isPaid !== true ? error.with({ isPaid: true }) : error;
  const facts = { detail: detailOf(error, secrets), isPaid };
  if (APICallError.isInstance(error)) {
    const text = [error.message, error.responseBody, JSON.stringify(error.data)].join(' ');
    const signs = { status: error.statusCode, text: text.toLowerCase() };
    const waitMs = retryAfterMs(error.responseHeaders, Date.now()) ?? retryDelayMs(signs.text);
    return failureByRule(id, signs, { ...facts, retryAfterMs: waitMs });
  }
  if (AISDKError.isInstance(error) && REQUEST_ERRORS.includes(error.name))
    return new Failure('Model.BadRequest', `${id}: the provider's SDK does not support this request`, facts);
  // The SDK could not parse the answer. `error.name` is the SDK's class name and quotes nothing of the answer.
  if (AISDKError.isInstance(error))
    return new Failure('Model.NotAnAnswer', `${id}: the answer could not be read (${error.name})`, facts);
  const text = error instanceof Error ? error.message : JSON.stringify(error);
  return failureByRule(id, { status: undefined, text: String(text).toLowerCase() }, facts);
}

/** Errors that the SDK throws before it sends a request. */
const REQUEST_ERRORS = [
  'AI_UnsupportedFunctionalityError',
  'AI_InvalidArgumentError',
  'AI_InvalidPromptError',
  'AI_LoadAPIKeyError',
  'AI_LoadSettingError',
];

function failureByRule(id: string, signs: ErrorSigns, facts: FailureFacts): Failure {
  const rule = RULES.find(({ applies }) => applies(signs)) as Rule;
  const statusText = signs.status === undefined ? '' : ` (HTTP ${signs.status})`;
  return new Failure(rule.type, `${id}: ${rule.words}${statusText}`, { ...facts, isPaid: facts.isPaid || rule.isPaid });
}
