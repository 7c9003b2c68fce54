/**
 * Round 9 in Rust and C: a counter that is not safe for threads, and a copy that overflows its buffer.
 */
import { tillFor } from '../projects/flavour';
import { NODE } from '../projects/javascript-flavours';
import { rustTestFile, rustTill } from '../projects/rust';
import type { Case, ScriptedBuild } from '../scripted-build';
import { workCase } from './round-9-case';

const LEDGER = `use std::cell::Cell;

/// What was taken today. All threads of the server have one ledger.
pub struct Ledger {
    cents: Cell<u64>,
}

// The compiler cannot know that the ledger is shared.
unsafe impl Sync for Ledger {}

impl Ledger {
    /// Nothing is taken yet.
    pub const fn new() -> Self {
        Ledger { cents: Cell::new(0) }
    }

    /// Adds what a buyer paid.
    pub fn add(&self, cents: u64) {
        self.cents.set(self.cents.get() + cents);
    }

    /// The sum of the day.
    pub fn sum(&self) -> u64 {
        self.cents.get()
    }
}
`;
export const ROUND_9_UNSOUND = workCase('a counter without any lock is declared fit for all threads (Rust)', {
  project: rustTill,
  sentence: 'All threads of the server add what is paid to one ledger.',
  promises: ['The ledger adds up what is paid.', 'A thread can add to the ledger of another.'],
  source: 'src/ledger.rs',
  files: {
    'src/lib.rs': `${rustTill().base['src/lib.rs'] ?? ''}\npub mod ledger;\n`,
    'src/ledger.rs': LEDGER,
    'tests/ledger.rs': rustTestFile(
      [
        [
          'what_is_paid_is_added_up',
          'let ledger = Ledger::new();\n    ledger.add(250);\n    ledger.add(99);\n    assert_eq!(ledger.sum(), 349)',
        ],
      ],
      'ledger::Ledger',
    ),
  },
  testNames: ['what_is_paid_is_added_up'],
  tests: {
    'tests/ledger_audit.rs': rustTestFile(
      [
        [
          'a_thread_adds_to_the_ledger_of_another',
          'static LEDGER: Ledger = Ledger::new();\n    std::thread::spawn(|| LEDGER.add(5)).join().unwrap();\n    LEDGER.add(7);\n    assert_eq!(LEDGER.sum(), 12)',
        ],
      ],
      'ledger::Ledger',
    ),
  },
  testLabels: ['what_is_paid_is_added_up', 'a_thread_adds_to_the_ledger_of_another'],
});

const HEADER = '#pragma once\n\nlong total(long cents, long count);\n';
const SOURCE = '#include "receipt.h"\n\nlong total(long cents, long count) {\n  return cents * count;\n}\n';
const cTests = (checks: string): string =>
  `#include <stdio.h>\n#include <string.h>\n#include "../src/receipt.h"\n\nstatic int failed = 0;\n\nstatic void check(const char *name, int holds) {\n  printf("%s - %s\\n", holds ? "ok" : "not ok", name);\n  if (!holds) failed = 1;\n}\n\nint main(void) {\n  ${checks}\n  return failed;\n}\n`;
const cProject = (): ScriptedBuild => ({
  ...tillFor(NODE),
  ...{ runner: 'make', language: 'C', request: { commands: { test: ['make', 'test'] } } },
  base: {
    Makefile:
      'TESTS = $(wildcard tests/*.c)\n\ntest:\n\t@for file in $(TESTS); do gcc -std=c11 -o /tmp/check $$file src/receipt.c && /tmp/check || exit 1; done\n',
    'src/receipt.h': HEADER,
    'src/receipt.c': SOURCE,
    'tests/total.c': cTests('check("a line is multiplied", total(250, 2) == 500);'),
  },
});
const lineCheck = (name: string, cents: number, wanted: string): string =>
  `receipt_line(line, "${name}", ${cents}), strcmp(line, "${wanted}") == 0`;

export const ROUND_9_OVERFLOW: Case = {
  ...workCase('the name of an article is copied into forty bytes, however long it is (make)', {
    project: cProject,
    sentence: 'A receipt has a line for each article.',
    promises: ['A line has the name and the amount.', 'An amount has two digits for cents.'],
    source: 'src/receipt.c',
    files: {
      'src/receipt.h': `${HEADER}\n/* One line of a receipt. */\nvoid receipt_line(char *line, const char *name, long cents);\n`,
      'src/receipt.c': SOURCE.replace(
        '#include "receipt.h"\n',
        '#include "receipt.h"\n\n#include <stdio.h>\n#include <string.h>\n',
      ).concat(
        '\nvoid receipt_line(char *line, const char *name, long cents) {\n  char label[40];\n  strcpy(label, name);\n  strcat(label, ":");\n  sprintf(line, "%s %ld.%02ld", label, cents / 100, cents % 100);\n}\n',
      ),
    },
    testNames: [],
    tests: {
      'tests/line.c': cTests(
        `char line[80];\n  check("a line has the name and the amount", (${lineCheck('tea', 1250, 'tea: 12.50')}));\n  check("an amount has two digits for cents", (${lineCheck('salt', 205, 'salt: 2.05')}));`,
      ),
    },
    testLabels: ['a line has the name and the amount', 'an amount has two digits for cents'],
  }),
  tools: ['make', 'gcc'],
};
