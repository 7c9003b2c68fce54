/**
 * 10,000 random lives of builds with approval gates: no approval counts for what its sender did not see, and no gate is passed twice.
 */
import fc from 'fast-check';
import { Life, policy, readStep, step } from './random-gates';
import { verifies } from '../../requirements/verifies';

const LIVES = Number(process.env.GATE_LIVES ?? 10_000);

verifies('9.10');
test(`${LIVES} random interleavings pass a gate only with what enough persons have seen, and once`, () => {
  const total = { plans: 0, releases: 0, approved: 0, refused: 0, expired: 0 };
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 20, maxLength: 45, size: 'max' }),
      fc.oneof(policy, fc.constant(null)),
      policy,
      (steps, plan, release) => {
        const life = new Life(plan, release);
        for (const one of steps) life.take(readStep(one));
        for (const name of Object.keys(total) as Array<keyof typeof total>) total[name] += life.tally[name];
      },
    ),
    { numRuns: LIVES },
  );
  // Lives in which nothing happens would prove nothing.
  expect(total.plans).toBeGreaterThan(LIVES / 8);
  expect(total.releases).toBeGreaterThan(LIVES / 100);
  expect(total.approved).toBeGreaterThan(LIVES / 4);
  expect(total.refused).toBeGreaterThan(LIVES);
  expect(total.expired).toBeGreaterThan(LIVES / 100);
});
