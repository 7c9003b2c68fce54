/** A retry from `error`: what the role that does it again is told. */
import { after, buildIn } from '../a-build';

test('whoever does a failed phase again hears the reason and what failed before', () => {
  const failed = buildIn('error');
  const message = failed.failure?.message ?? '';
  expect(message).not.toBe('');
  const again = after(failed, 'retry', { reason: 'the key is right now' });
  expect(again).toMatchObject({ state: 'testing', failure: null });
  expect(again.feedback).toEqual(['the key is right now', `it failed before: ${message}`]);
});

test('a retry of a phase that did not fail has the reason alone', () => {
  const again = after(buildIn('testing'), 'retry', { reason: 'more edge cases' });
  expect(again.feedback).toEqual(['more edge cases']);
});
