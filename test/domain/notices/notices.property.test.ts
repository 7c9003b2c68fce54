/**
 * Notices over any sequence of commands: each state of a wait is told once, and an unchanged build tells nothing.
 */
import fc from 'fast-check';
import type { BuildState } from '../../../src/domain/build/state';
import { noticesBetween } from '../../../src/domain/notices/notices';
import { advanceOf, apply, newBuild } from '../a-build';

const LATER = '2026-11-21T10:00:00.000Z';
const between = (before: BuildState | null, after: BuildState) => noticesBetween(before, after, LATER);

test('for any sequence of commands each state of a wait is told once, and the same look tells the same', () => {
  const step = fc.constantFrom('advance', 'pause', 'resume', 'retry', 'rollback');
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (names) => {
      let build = newBuild();
      let told: BuildState | null = null;
      let waits = 0;
      for (const name of names) {
        const notices = between(told, build);
        expect(between(told, build)).toEqual(notices);
        expect(between(build, build)).toEqual([]);
        waits += notices.filter(({ kind }) => kind === 'waiting').length;
        told = build;
        build = tryCommand(build, name);
      }
      // A wait is told at the start, and after each change of state or end of a pause.
      const changes = build.handoffs.length + build.events.filter(({ type }) => type === 'resumed').length;
      expect(waits).toBeLessThanOrEqual(changes + 1);
    }),
    { numRuns: 100 },
  );
});

function tryCommand(build: BuildState, name: string): BuildState {
  const wire = { ...advanceOf(build.state), reason: 'because', target_state: 'discovery' };
  try {
    if (name === 'advance') return apply(build, 'advance', advanceOf(build.state));
    const { reason, actor, target_state } = wire;
    return apply(build, name as 'pause', name === 'rollback' ? { reason, actor, target_state } : { reason, actor });
  } catch {
    return build;
  }
}
