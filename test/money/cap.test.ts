/**
 * Tests that a build never spends more than its cap by the books of the model's own server: whatever the server does, and wherever its
 * worker is killed. `cap.long.test.ts` has more runs.
 */
import { spentBy } from '../../src/domain/build/spend';
import { carryOut, closeServer, goesOnWhenRaised, neverOverCap, openServer } from './carry-out';
import type { Step } from './carry-out';

beforeAll(openServer);
afterAll(closeServer);

test(
  'no build spends more than its cap, and none counts less than what its server charged',
  () => neverOverCap(25),
  60_000,
);

test(
  'a build whose budget is raised goes on to its end, and never spends more than its cap',
  () => goesOnWhenRaised(10),
  60_000,
);

test('a build whose calls are all good counts exactly what its server charged', async () => {
  const good: Step = { tries: [{ behaviour: 'good', kill: 'none' }], isVoid: false };
  const { build, spentOfServer } = await carryOut({ microUsd: 10_000_000 }, [good, good, good]);
  expect(spentBy(build)).toEqual(spentOfServer());
  expect(build.spend).toHaveLength(3);
});

test('a request that names more than the rest of the budget is not sent', async () => {
  const { spentOfServer, reached } = await carryOut({ microUsd: 1 }, [{ tries: [], isVoid: false }]);
  expect(spentOfServer().calls).toBe(0);
  expect(reached[0]).toMatch(
    /^the budget of this build is reached: 0\.00 of 0\.000001 USD spent, the next call may take/,
  );
});
