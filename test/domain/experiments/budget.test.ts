/** What experiments may cost: what the start request says, else a budget from the time of the suite. */
import { budgetOf } from '../../../src/domain/experiments/budget';
import { verifies } from '../../requirements/verifies';

verifies('9.8');
test.each([
  [{ runs: 7 }, 1_000, { runs: 7, seconds: 17 }],
  [{ seconds: 90 }, 1_000, { runs: 40, seconds: 90 }],
  [{ runs: 1, seconds: 2 }, 600_000, { runs: 1, seconds: 2 }],
])('a build that asks for %j of a suite of %i ms gets %j', (wish, suiteMs, budget) => {
  expect(budgetOf(suiteMs, wish)).toEqual(budget);
});

verifies('9.8');
test('without a wish the budget grows with the suite', () => {
  expect(budgetOf(0)).toEqual({ runs: 40, seconds: 15 });
  expect(budgetOf(20_000)).toEqual({ runs: 40, seconds: 45 });
  expect(budgetOf(60_000)).toEqual({ runs: 40, seconds: 165 });
});
