/** Tests the log lines that are made from audit events. */
import { applyOutcome } from '../../../src/domain/build/outcomes';
import { lineOf } from '../../../src/domain/build/event-lines';
import type { BuildState } from '../../../src/domain/build/state';
import { apply, buildIn, newBuild } from '../a-build';

const LATER = '2026-11-21T09:00:12.340Z';
const USAGE = { calls: 1, inputTokens: null, outputTokens: null };

const lastLine = (build: BuildState) => lineOf(build, build.events.at(-1)!);

test('the first line names the build, its sender and its request', () => {
  expect(lastLine(newBuild())?.text).toBe('shop.b1 started by ada: Build me a dark mode feature');
});

test('O7: the end of a phase is one line with build, phase, seconds, result and next state', () => {
  const wire = { role: 'q_assistant', completed_state: 'discovery', phase_result: { summary: 'x' }, actor: 'ada' };
  const line = lastLine(apply(newBuild(), 'advance', wire, LATER));
  expect(line).toMatchObject({ build: 'shop.b1', event: 'advanced', from: 'discovery', to: 'planning', seconds: 12.3 });
  expect(line?.text).toMatch(/^shop\.b1 discovery, 12\.3 s: .+; next planning$/);
});

test('O7: the failure of a phase is one line that says that a person is needed and why', () => {
  const failed = { kind: 'failed', type: 'Model.RateLimited', message: 'too many\n\n calls', usage: USAGE } as const;
  const line = lastLine(applyOutcome(newBuild({ mode: 'llm' }), failed, LATER));
  expect(line?.text).toBe('shop.b1 discovery, 12.3 s: waits for a person: Model.RateLimited: too many calls');
});

test('leaving a handoff state makes no line', () => {
  const wire = { role: 'q_assistant', completed_state: 'handoff_to_coder', phase_result: {} };
  expect(lastLine(apply(buildIn('handoff_to_coder'), 'advance', wire, LATER))).toBeNull();
});

test('the line of a command names its sender and its reason, which is cut', () => {
  const line = lastLine(apply(newBuild(), 'pause', { reason: `lunch ${'x'.repeat(1_000)}`, actor: 'ada' }));
  expect(line?.text).toMatch(/^shop\.b1 paused by ada: lunch x+…$/);
  expect(line?.text.length).toBeLessThan(400);
});
