/**
 * Go shapes: a module, a module with dependencies, a workspace, table tests with subtests.
 */
import type { Shape, Tree } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import type { Example } from '../work';
import { readLock } from '../locks';

const format = (whole: string) => `// Format writes 1205 as 12.05.
func Format(cents int) string {
	return fmt.Sprintf("%s.%02d", ${whole}, cents%100)
}
`;
const HEAD = '// Package amounts writes amounts of money.\npackage amounts\n\n';
const BASE = `${HEAD}import (
	"fmt"
	"strconv"
)

${format('strconv.Itoa(cents/100)')}`;
const CHANGED = `${HEAD}import (
	"fmt"
	"strconv"
)

// Group writes 1234567 as 1,234,567.
func Group(whole int) string {
	digits := strconv.Itoa(whole)
	for at := len(digits) - 3; at > 0; at -= 3 {
		digits = digits[:at] + "," + digits[at:]
	}
	return digits
}

${format('Group(cents/100)')}`;

/** `thousands are set apart by a comma` as `TestThousandsAreSetApartByAComma`. */
const testName = ([name]: Example): string =>
  `Test${name.replace(/(^| )(\w)/g, (_, _space, letter: string) => letter.toUpperCase())}`;

const plainTests = (examples: readonly Example[]): string => `package amounts

import "testing"

${examples
  .map(
    (example) => `func ${testName(example)}(t *testing.T) {
	if got := Format(${example[1]}); got != "${example[2]}" {
		t.Errorf("got %s", got)
	}
}
`,
  )
  .join('\n')}`;

const tableTests = (name: string, examples: readonly Example[]): string => `package amounts_test

import (
	"testing"

	"example.org/shop/amounts"
)

func ${name}(t *testing.T) {
	for _, tc := range []struct {
		name   string
		cents  int
		amount string
	}{
${examples.map(([said, cents, amount]) => `		{"${said}", ${cents}, "${amount}"},`).join('\n')}
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := amounts.Format(tc.cents); got != tc.amount {
				t.Errorf("got %s, want %s", got, tc.amount)
			}
		})
	}
}
`;

interface GoSpec {
  name: string;
  folder?: string;
  moreFiles: Tree;
  testFiles?: { old: string; added: string };
  testLabel?: (example: Example) => string;
  test?: string;
}

function go({ name, folder = '', moreFiles, testFiles, testLabel = testName, test = 'go test ./...' }: GoSpec): Shape {
  const added = `${folder}thousands_test.go`;
  return {
    name,
    tools: ['go'],
    base: {
      [`${folder}amounts.go`]: BASE,
      [`${folder}amounts_test.go`]: testFiles?.old ?? plainTests(OLD_EXAMPLES),
      ...moreFiles,
    },
    byHand: { test },
    work: thousandsWork({
      code: { [`${folder}amounts.go`]: CHANGED },
      tests: { [added]: testFiles?.added ?? plainTests(NEW_EXAMPLES) },
      thousandTest: testLabel(THOUSAND_EXAMPLE),
      millionTest: `${added}: ${testLabel(MILLION_EXAMPLE)}`,
      ...(testFiles === undefined && { keptTest: OLD_EXAMPLES[0] === undefined ? '' : testName(OLD_EXAMPLES[0]) }),
    }),
  };
}

export const GO_SHAPES: Shape[] = [
  go({ name: 'go module', moreFiles: { 'go.mod': 'module example.org/amounts\n\ngo 1.22\n' } }),
  go({
    name: 'go module with dependencies',
    folder: 'amounts/',
    moreFiles: {
      'go.mod': readLock('go/go.mod'),
      'go.sum': readLock('go/go.sum'),
      'orders/orders.go': `// Package orders numbers orders.
package orders

import "github.com/google/uuid"

// Number gives the same number for the same text.
func Number(text string) string {
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte(text)).String()
}
`,
      'orders/orders_test.go': `package orders

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheSameTextHasTheSameNumber(t *testing.T) {
	if diff := cmp.Diff(Number("tea"), Number("tea")); diff != "" {
		t.Error(diff)
	}
}
`,
    },
  }),
  go({
    name: 'go workspace',
    folder: 'amounts/',
    test: 'go test ./amounts/... ./receipt/...',
    moreFiles: {
      'go.work': 'go 1.22\n\nuse (\n\t./amounts\n\t./receipt\n)\n',
      'amounts/go.mod': 'module example.org/shop/amounts\n\ngo 1.22\n',
      'receipt/go.mod': 'module example.org/shop/receipt\n\ngo 1.22\n',
      'receipt/receipt.go': `// Package receipt writes lines of a receipt.
package receipt

import "example.org/shop/amounts"

// Line writes a name and an amount.
func Line(name string, cents int) string {
	return name + " " + amounts.Format(cents)
}
`,
      'receipt/receipt_test.go': `package receipt

import "testing"

func TestLine(t *testing.T) {
	if got := Line("Tea", 350); got != "Tea 3.50" {
		t.Errorf("got %s", got)
	}
}
`,
    },
  }),
  go({
    name: 'go table tests with subtests',
    folder: 'amounts/',
    testFiles: { old: tableTests('TestFormat', OLD_EXAMPLES), added: tableTests('TestThousands', NEW_EXAMPLES) },
    testLabel: ([name]) => `TestThousands/${name}`,
    moreFiles: { 'go.mod': 'module example.org/shop\n\ngo 1.22\n' },
  }),
];
