/**
 * More runs of the properties of cap.test.ts.
 */
import { closeServer, goesOnWhenRaised, neverOverCap, openServer } from './carry-out';

beforeAll(openServer);
afterAll(closeServer);

test(
  'in 200 runs no build spends more than its cap or counts less than its server charged',
  () => neverOverCap(200),
  300_000,
);

test('in 60 runs a build whose budget is raised goes on to its end', () => goesOnWhenRaised(60), 300_000);
