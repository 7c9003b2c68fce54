/** The feedback of a role after a retry from `error`. */
import { apply, buildIn } from '../a-build';

test("a role that repeats a failed phase gets the person's reason and the failure", () => {
  const failed = buildIn('error');
  const message = failed.failure?.message ?? '';
  expect(message).not.toBe('');
  const again = apply(failed, 'retry', { reason: 'the key is right now' });
  expect(again).toMatchObject({ state: 'testing', failure: null });
  expect(again.feedback).toEqual(['the key is right now', `it failed before: ${message}`]);
});

test('a retry of a phase that did not fail gives only the reason', () => {
  const again = apply(buildIn('testing'), 'retry', { reason: 'more edge cases' });
  expect(again.feedback).toEqual(['more edge cases']);
});
