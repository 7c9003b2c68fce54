/**
 * The tables of failures and refusals: names in one form, and an HTTP status that a client can act on.
 */
import { FAILURES, Failure, httpOf, isFailureType, isRetryable, shortMessage } from '../../src/domain/failures';
import type { FailureType } from '../../src/domain/failures';
import { REFUSALS } from '../../src/domain/commands';

const TYPES = Object.keys(FAILURES) as FailureType[];

test.each(TYPES)('%s has a name of two parts, and is retryable or not', (type) => {
  expect(type).toMatch(/^[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+$/);
  expect(FAILURES[type].retryable).toBe(isRetryable(type));
  // 503 and 507 mean that the client may wait: for a retryable failure, or until a damaged file is restored.
  expect([503, 507].includes(httpOf(type).status)).toBe(isRetryable(type) || type === 'Storage.Damaged');
});

test.each([
  ...(['Model.Unauthorized', 'Model.ContextTooLong', 'Model.BadRequest', 'Model.NotConfigured'] as const),
  ...(['Decision.Needed', 'Decision.Rejected', 'Retries.Exhausted', 'Role.GaveUp', 'Role.Objected'] as const),
])('%s is not retried: it needs a person', (type) => {
  expect(isRetryable(type)).toBe(false);
});

test.each(['Model.RateLimited', 'Model.Unavailable', 'Sandbox.Unavailable', 'Storage.Full'] as const)(
  '%s is retried',
  (type) => {
    expect(isRetryable(type)).toBe(true);
  },
);

test('an unknown name is not a failure type', () => {
  expect(['Model.RateLimited', 'TypeError', 'toString', null].map(isFailureType)).toEqual([true, false, false, false]);
});

test('every refusal has status 400, 403, 409 or 422', () => {
  expect(new Set(Object.values(REFUSALS).map(({ status }) => status))).toEqual(new Set([400, 403, 409, 422]));
});

test('a failure carries its type as its name', () => {
  const failure = new Failure('Model.RateLimited', 'later', 500);
  expect(failure).toMatchObject({ name: 'Model.RateLimited', type: 'Model.RateLimited', retryAfterMs: 500 });
});

test('a shortened failure message keeps its beginning and the end of its log', () => {
  const message = `npm ci ended with 1.\n${'a line of the log\n'.repeat(200)}ERR the cause`;
  const short = shortMessage(message);
  expect(short).toHaveLength(1_000);
  expect(short).toMatch(/^npm ci ended with 1\.\n[^]*\n…\n[^]*\nERR the cause$/);
  expect(shortMessage('x'.repeat(1_000))).toBe('x'.repeat(1_000));
});
