/**
 * The tables of failures and refusals: closed, named alike, and with a status a client can act on.
 */
import { FAILURES, Failure, isRetryable } from '../../src/domain/failures';
import type { FailureType } from '../../src/domain/failures';
import { REFUSALS } from '../../src/domain/commands';

const TYPES = Object.keys(FAILURES) as FailureType[];

test.each(TYPES)('%s has an action, and a status of its kind', (type) => {
  const { action, httpStatus } = FAILURES[type];
  expect(type).toMatch(/^[A-Z][A-Za-z]+\.[A-Z][A-Za-z]+$/);
  expect(['retry', 'wait', 'repair', 'terminal']).toContain(action);
  // What passes by itself is 503 or 507, so that a client waits. So it does until somebody has put a damaged file back.
  const passes = action === 'retry' || action === 'wait';
  expect([503, 507].includes(httpStatus)).toBe(passes || type === 'Storage.Damaged');
  expect(isRetryable(type)).toBe(passes);
});

test.each(['Model.Unauthorized', 'Model.ContextTooLong', 'Model.BadRequest', 'Model.NotConfigured'] as const)(
  '%s needs a person: trying again by itself would change nothing',
  (type) => {
    expect(FAILURES[type].action).toBe('terminal');
  },
);

test('only a rate limit waits for the time that the provider named', () => {
  expect(TYPES.filter((type) => FAILURES[type].action === 'wait')).toEqual(['Model.RateLimited']);
});

test('every refusal is the caller’s to mend: 400, 409 or 422', () => {
  expect(new Set(Object.values(REFUSALS).map(({ status }) => status))).toEqual(new Set([400, 409, 422]));
});

test('a failure carries its type as its name', () => {
  const failure = new Failure('Model.RateLimited', 'later', 500);
  expect(failure).toMatchObject({ name: 'Model.RateLimited', type: 'Model.RateLimited', retryAfterMs: 500 });
});
