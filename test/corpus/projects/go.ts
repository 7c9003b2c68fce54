/**
 * The till in Go, tested with `go test`, and helpers that write its test files.
 */
import type { ScriptedBuild } from '../scripted-build';
import { honestRoles } from './promises';

const PRICE = `// Package till adds up baskets.
package till

// Item is one line of a basket.
type Item struct {
	Cents int
	Count int
}

// Total is the sum of a basket, in cents.
func Total(items []Item) int {
	sum := 0
	for _, item := range items {
		sum += item.Cents * item.Count
	}
	return sum
}
`;
const HEAD = 'package till\n';
export const GO_DISCOUNT = `${HEAD}
const threshold = 10000

// ToPay takes a tenth off from 100.00 on, rounded down to whole cents.
func ToPay(items []Item) int {
	sum := Total(items)
	if sum >= threshold {
		return sum * 9 / 10
	}
	return sum
}
`;
export const GO_WRONG = GO_DISCOUNT.replace('sum * 9 / 10', 'sum');

type GoTest = readonly [name: string, body: string];
export const goTestFile = (tests: readonly GoTest[], more = ''): string =>
  `${HEAD}\nimport "testing"\n${more}\n${tests
    .map(([name, body]) => `func Test${name}(t *testing.T) {\n\t${body.replaceAll('\n', '\n\t')}\n}\n`)
    .join('\n')}`;
export const goPayAssertion = (cents: number, count: number, paid: number): string =>
  `if got := ToPay([]Item{{${cents}, ${count}}}); got != ${paid} {\n\tt.Errorf("got %d", got)\n}`;

export function goTill(): ScriptedBuild {
  return {
    runner: 'go test',
    language: 'Go',
    base: {
      'go.mod': 'module example.org/till\n\ngo 1.21\n',
      'price.go': PRICE,
      'price_test.go': goTestFile([
        ['ABasketIsAddedUp', 'if Total([]Item{{250, 2}, {99, 1}}) != 599 {\n\tt.Error("not 599")\n}'],
        ['AnEmptyBasketCostsNothing', 'if Total(nil) != 0 {\n\tt.Error("not 0")\n}'],
      ]),
    },
    request: {},
    ...honestRoles({
      source: 'discount.go',
      code: {
        'discount.go': GO_DISCOUNT,
        'discount_test.go': goTestFile([
          ['ALargeBasketGetsATenthOff', goPayAssertion(5000, 2, 9000)],
          ['ASmallBasketIsPaidInFull', goPayAssertion(500, 3, 1500)],
        ]),
      },
      test_cases: ['TestALargeBasketGetsATenthOff', 'TestASmallBasketIsPaidInFull'],
      tests: {
        'discount_audit_test.go': goTestFile([
          ['OneCentBelowIsPaidInFull', goPayAssertion(9999, 1, 9999)],
          ['ALargeBasketIsRoundedDown', goPayAssertion(12345, 1, 11110)],
        ]),
      },
      testLabels: ['TestALargeBasketGetsATenthOff', 'TestOneCentBelowIsPaidInFull'],
    }),
  };
}
