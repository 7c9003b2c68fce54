/**
 * The tables of failures and refusals: closed, named alike, and with a status a client can act on.
 */
import { FAILURES, Failure, httpOf, isFailureType, isRetryable, shortMessage } from '../../src/domain/failures';
import type { FailureType } from '../../src/domain/failures';
import { REFUSALS } from '../../src/domain/commands';

const TYPES = Object.keys(FAILURES) as FailureType[];

test.each(TYPES)('%s has a name of two parts, and is retryable or not', (type) => {
  expect(type).toMatch(/^[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+$/);
  expect(FAILURES[type].retryable).toBe(isRetryable(type));
  // What passes by itself is 503 or 507, so that a client waits. So it does until a damaged file has been put back.
  expect([503, 507].includes(httpOf(type).status)).toBe(isRetryable(type) || type === 'Storage.Damaged');
});

test.each([
  ...(['Model.Unauthorized', 'Model.ContextTooLong', 'Model.BadRequest', 'Model.NotConfigured'] as const),
  ...(['Decision.Needed', 'Decision.Rejected', 'Retries.Exhausted', 'Role.GaveUp', 'Role.Objected'] as const),
])('%s needs a person: trying again by itself would change nothing', (type) => {
  expect(isRetryable(type)).toBe(false);
});

test.each(['Model.RateLimited', 'Model.Unavailable', 'Sandbox.Unavailable', 'Storage.Full'] as const)(
  '%s is tried again by itself',
  (type) => {
    expect(isRetryable(type)).toBe(true);
  },
);

test('a name that is not in the list is no failure type', () => {
  expect(['Model.RateLimited', 'TypeError', 'toString', null].map(isFailureType)).toEqual([true, false, false, false]);
});

test('every refusal is the caller’s to mend: 400, 409 or 422', () => {
  expect(new Set(Object.values(REFUSALS).map(({ status }) => status))).toEqual(new Set([400, 409, 422]));
});

test('a failure carries its type as its name', () => {
  const failure = new Failure('Model.RateLimited', 'later', 500);
  expect(failure).toMatchObject({ name: 'Model.RateLimited', type: 'Model.RateLimited', retryAfterMs: 500 });
});

test('the message of a failure that is cut keeps what happened and the cause at the end of its log', () => {
  const message = `npm ci ended with 1.\n${'a line of the log\n'.repeat(200)}ERR the cause`;
  const short = shortMessage(message);
  expect(short).toHaveLength(1_000);
  expect(short).toMatch(/^npm ci ended with 1\.\n[^]*\n…\n[^]*\nERR the cause$/);
  expect(shortMessage('x'.repeat(1_000))).toBe('x'.repeat(1_000));
});
