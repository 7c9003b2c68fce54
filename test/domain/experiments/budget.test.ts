/** The budget of experiments: from the start request, else from the duration of the test suite. */
import { budgetOf } from '../../../src/domain/experiments/budget';
import { verifies } from '../../requirements/verifies';

verifies('9.8');
test.each([
  [{ runs: 7 }, 1_000, { runs: 7, seconds: 17 }],
  [{ seconds: 90 }, 1_000, { runs: 40, seconds: 90 }],
  [{ runs: 1, seconds: 2 }, 600_000, { runs: 1, seconds: 2 }],
])('a request for %j with a suite of %i ms gives %j', (request, suiteMs, budget) => {
  expect(budgetOf(suiteMs, request)).toEqual(budget);
});

verifies('9.8');
test("without a request the budget grows with the suite's duration", () => {
  expect(budgetOf(0)).toEqual({ runs: 40, seconds: 15 });
  expect(budgetOf(20_000)).toEqual({ runs: 40, seconds: 45 });
  expect(budgetOf(60_000)).toEqual({ runs: 40, seconds: 165 });
});
