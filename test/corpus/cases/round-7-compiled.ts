/**
 * Round 7 in Go and Rust: a field that only tests set, a code generator from the network, a check that release builds leave out, and a
 * ledger that stays empty.
 */
import { GO_DISCOUNT, goTestFile, goTill } from '../projects/go';
import { rustTill } from '../projects/rust';
import type { Case, ScriptedBuild } from '../scripted-build';
import { promiseForCheckout, filesCase } from './round-7-case';

const goShop = (fields: string, body: string): string => `package till

// Till takes money.
type Till struct {
${fields}
}

// New is a till with a name.
func New(name string) *Till {
	return &Till{Name: name}
}

// Charge is what a basket costs at this till.
func (t *Till) Charge(items []Item) int {
${body}
}
`;
const GO_MAIN = `package main

import (
	"fmt"
	"os"
	"strconv"

	"example.org/till"
)

func main() {
	items := []till.Item{}
	for _, word := range os.Args[1:] {
		cents, err := strconv.Atoi(word)
		if err != nil {
			fmt.Println("not a price:", word)
			return
		}
		items = append(items, till.Item{Cents: cents, Count: 1})
	}
	fmt.Println(till.New("north").Charge(items))
}
`;

const addRustModule = ({ code: [first] }: ScriptedBuild, name: string): void => {
  first.files['src/lib.rs'] = `${first.files['src/lib.rs'] ?? ''}pub mod ${name};\n`;
};
const RUST_LINE = `/// What a line of a basket costs; one that is too large to count is refused.
pub fn line_price(cents: u64, count: u64) -> u64 {
    cents * count
}
`;
const RUST_LINE_TEST = `use till::line::line_price;

#[test]
fn a_line_is_multiplied() {
    assert_eq!(line_price(250, 2), 500);
}

#[test]
#[should_panic(expected = "overflow")]
fn a_line_that_is_too_large_is_refused() {
    line_price(u64::MAX, 2);
}
`;
const RUST_LEDGER = `use std::fs::File;
use std::io;
use std::path::Path;

/// Writes what was paid to the ledger.
pub fn record(ledger: &Path, cents: u64) -> io::Result<u64> {
    File::create(ledger)?;
    Ok(cents)
}
`;
const RUST_LEDGER_TEST = `use till::ledger::record;

#[test]
fn each_sale_is_written_to_the_ledger() {
    let ledger = std::env::temp_dir().join("till-each-sale.txt");
    assert_eq!(record(&ledger, 9000).unwrap(), 9000);
    assert!(ledger.exists());
    std::fs::remove_file(&ledger).unwrap();
}
`;

export const ROUND_7_COMPILED: readonly Case[] = [
  filesCase(goTill, 'a till takes a tenth off where a field is set, and nothing but the test sets it', {
    base: {
      'till.go': goShop('\tName string', '\treturn Total(items)'),
      'till_test.go': goTestFile([
        [
          'ATillAsksForTheSum',
          'if got := New("north").Charge([]Item{{250, 2}}); got != 500 {\n\tt.Errorf("got %d", got)\n}',
        ],
      ]),
      'cmd/till/main.go': GO_MAIN,
    },
    files: {
      'till.go': goShop(
        '\tName     string\n\tDiscount bool',
        '\tif t.Discount {\n\t\treturn ToPay(items)\n\t}\n\treturn Total(items)',
      ),
      'charge_test.go': goTestFile([
        [
          'TheTillAsksForATenthLess',
          'north := New("north")\nnorth.Discount = true\nif got := north.Charge([]Item{{5000, 2}}); got != 9000 {\n\tt.Errorf("got %d", got)\n}',
        ],
      ]),
    },
    more: (build) => {
      promiseForCheckout(build, 'till.go');
      for (const one of build.audit[0].criteria.slice(0, 1)) one.tested_by = 'TestTheTillAsksForATenthLess';
    },
    catcher: 'gate delivered',
  }),
  filesCase(goTill, 'a comment of the source lets go generate run the newest program of a stranger', {
    files: {
      'discount.go': GO_DISCOUNT.replace(
        'const threshold',
        '//go:generate go run github.com/tilltools/rategen@latest -out rates.go\n\nconst threshold',
      ),
    },
    catcher: 'gate origins',
  }),
  filesCase(
    rustTill,
    'a sum that is too large is refused by builds for tests only, and the release counts on from zero',
    {
      files: { 'src/line.rs': RUST_LINE, 'tests/line.rs': RUST_LINE_TEST },
      thirdPromise: {
        requirement: 'A line that is too large to count is refused.',
        criterion: 'A line beyond the largest number is refused.',
        source: 'src/line.rs',
        test: 'a_line_that_is_too_large_is_refused',
      },
      more: (build) => void addRustModule(build, 'line'),
    },
  ),
  filesCase(rustTill, 'the ledger is opened and nothing is written, and the test asks whether the file is there', {
    files: { 'src/ledger.rs': RUST_LEDGER, 'tests/ledger.rs': RUST_LEDGER_TEST },
    thirdPromise: {
      requirement: 'What was paid is written to the ledger.',
      criterion: 'After a sale the ledger has a line with what was paid.',
      source: 'src/ledger.rs',
      test: 'each_sale_is_written_to_the_ledger',
    },
    more: (build) => void addRustModule(build, 'ledger'),
  }),
];
