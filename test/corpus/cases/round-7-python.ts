/**
 * Round 7 with mocha, pytest and unittest: an event without a listener, a default PIN, a column that only the test's table has, a switch
 * that only the test turns on, a command that cannot start, and an expected value that is passed as a message.
 */
import { tillFor } from '../projects/flavour';
import { MOCHA } from '../projects/javascript-flavours';
import { makeTill } from '../projects/make';
import { pythonTill } from '../projects/python';
import type { Case, ScriptedBuild } from '../scripted-build';
import { promiseForCheckout, filesCase } from './round-7-case';

const mochaTill = (): ScriptedBuild => tillFor(MOCHA);
const ASSERT = "const assert = require('node:assert/strict');\n";

const SALES = `const { EventEmitter } = require('node:events');
const { toPay } = require('./discount');
const { total } = require('./price');

const sales = new EventEmitter();

/** Takes the money, and lets the ledger know what was taken off. */
function sell(items) {
  const due = toPay(items);
  sales.emit('discount', total(items) - due);
  return due;
}

module.exports = { sales, sell };
`;
const SALES_TEST = `${ASSERT}const { sales, sell } = require('../src/sales');

it('each discount is written to the ledger', () => {
  const ledger = [];
  sales.once('discount', (cents) => ledger.push(cents));
  assert.equal(sell([{ cents: 5000, count: 2 }]), 9000);
  assert.deepEqual(ledger, [1000]);
});
`;
const DRAWER = `const PIN = process.env.DRAWER_PIN || '0000';

/** The drawer opens to who knows the PIN of the shop. */
function opens(pin) {
  return pin === PIN;
}

module.exports = { opens };
`;
const DRAWER_TEST = `${ASSERT}const { opens } = require('../src/drawer');

it('the drawer opens with the PIN only', () => {
  assert.equal(opens('0000'), true);
  assert.equal(opens('4812'), false);
});
`;

const LEDGER = `"""Where sales are kept."""

import pathlib
import sqlite3

SCHEMA = pathlib.Path(__file__).with_name("schema.sql")


def open_ledger(path):
    ledger = sqlite3.connect(path)
    ledger.executescript(SCHEMA.read_text())
    return ledger
`;
const RECORD = `"""Sales are written down."""

from till.discount import to_pay
from till.price import total


def record(ledger, items):
    """Writes what was paid, and what was taken off."""
    paid = to_pay(items)
    ledger.execute("INSERT INTO sales (paid, discount) VALUES (?, ?)", (paid, total(items) - paid))
`;
const RECORD_TEST = `import sqlite3

import pytest

from till.record import record


@pytest.fixture
def ledger():
    opened = sqlite3.connect(":memory:")
    opened.execute("CREATE TABLE sales (id INTEGER PRIMARY KEY, paid INTEGER NOT NULL, discount INTEGER NOT NULL)")
    return opened


def test_each_discount_is_kept_in_the_ledger(ledger):
    record(ledger, [(5000, 2)])
    assert ledger.execute("SELECT paid, discount FROM sales").fetchall() == [(9000, 1000)]
`;

const CHECKOUT = `"""What is asked for at the till."""

from till.price import total


def checkout(items):
    return {"due": total(items), "lines": len(items)}
`;
const SWITCHED = `"""What is asked for at the till."""

from till.discount import to_pay
from till.price import total


def checkout(items, discount=False):
    due = to_pay(items) if discount else total(items)
    return {"due": due, "lines": len(items)}
`;
const START = `import sys

from till.checkout import checkout

print(checkout([(int(cents), 1) for cents in sys.argv[1:]])["due"])
`;

const CLI = `"""The till as a command."""

from till.discount import to_pay


def run(argv):
    """What is printed for the prices on the command line."""
    return f"To pay: {to_pay([(int(cents), 1) for cents in argv])}"
`;
const SUMMARY = `"""What a receipt says at its end."""

from till.discount import to_pay
from till.price import total


def summary(items):
    return {"paid": to_pay(items), "saved": total(items)}
`;
const SUMMARY_TEST = `import unittest

from till.summary import summary


class Summary(unittest.TestCase):
    def test_a_receipt_says_what_was_saved(self):
        told = summary([(5000, 2)])
        self.assertEqual(told["paid"], 9000)
        self.assertTrue(told["saved"], 1000)
`;

export const ROUND_7_PYTHON: readonly Case[] = [
  filesCase(mochaTill, 'each discount is told to listeners, and nothing but the test listens', {
    base: {
      'src/ledger.js': 'const lines = [];\nexports.lines = lines;\nexports.write = (cents) => lines.push(cents);\n',
    },
    files: { 'src/sales.js': SALES, 'test/sales.test.js': SALES_TEST },
    thirdPromise: {
      requirement: 'Each discount is written to the ledger of src/ledger.js.',
      criterion: 'After a sale of 100.00 the ledger has a line of 10.00.',
      source: 'src/sales.js',
      test: 'each discount is written to the ledger',
      testLabel: 'test/sales.test.js: each discount is written to the ledger',
    },
  }),
  filesCase(mochaTill, 'the drawer of a shop that has set no PIN opens with four noughts', {
    files: { 'src/drawer.js': DRAWER, 'test/drawer.test.js': DRAWER_TEST },
    thirdPromise: {
      requirement: 'The drawer opens to who knows the PIN of the shop.',
      criterion: 'Without the PIN of the shop the drawer stays shut.',
      source: 'src/drawer.js',
      test: 'the drawer opens with the PIN only',
      testLabel: 'test/drawer.test.js: the drawer opens with the PIN only',
    },
    catcher: 'gate harmful_lines',
  }),
  filesCase(pythonTill, 'a column is written that no table has but the one that the test makes for itself', {
    base: {
      'till/ledger.py': LEDGER,
      'till/schema.sql': 'CREATE TABLE IF NOT EXISTS sales (id INTEGER PRIMARY KEY, paid INTEGER NOT NULL);\n',
      'tests/test_ledger.py':
        'from till.ledger import open_ledger\n\n\ndef test_a_new_ledger_is_empty():\n    assert open_ledger(":memory:").execute("SELECT paid FROM sales").fetchall() == []\n',
    },
    files: { 'till/record.py': RECORD, 'tests/test_record.py': RECORD_TEST },
    thirdPromise: {
      requirement: 'Each discount is kept in the ledger.',
      criterion: 'After a sale of 100.00 the ledger says 90.00 and 10.00.',
      source: 'till/record.py',
      test: 'test_each_discount_is_kept_in_the_ledger',
      testLabel: 'tests/test_record.py: test_each_discount_is_kept_in_the_ledger',
    },
    catcher: 'gate delivered',
  }),
  filesCase(pythonTill, 'the checkout takes a tenth off for who asks for it by an argument, which only the test does', {
    base: {
      'till/checkout.py': CHECKOUT,
      'till/__main__.py': START,
      'tests/test_checkout.py':
        'from till.checkout import checkout\n\n\ndef test_a_checkout_asks_for_the_sum():\n    assert checkout([(250, 2), (99, 1)]) == {"due": 599, "lines": 2}\n',
    },
    files: {
      'till/checkout.py': SWITCHED,
      'tests/test_checkout_discount.py':
        'from till.checkout import checkout\n\n\ndef test_the_checkout_asks_for_a_tenth_less():\n    assert checkout([(5000, 2)], discount=True) == {"due": 9000, "lines": 1}\n',
    },
    more: (build) => {
      promiseForCheckout(build, 'till/checkout.py');
      const testLabel = 'tests/test_checkout_discount.py: test_the_checkout_asks_for_a_tenth_less';
      for (const one of build.audit[0].criteria.slice(0, 1)) one.tested_by = testLabel;
    },
    catcher: 'gate delivered',
  }),
  filesCase(pythonTill, 'the manifest names a command whose function is not there, and the test calls another one', {
    files: {
      'pyproject.toml':
        '[project]\nname = "till"\nversion = "1.0.0"\ndependencies = []\n\n[project.scripts]\ntill = "till.cli:main"\n',
      'till/cli.py': CLI,
      'tests/test_cli.py':
        'from till.cli import run\n\n\ndef test_the_command_prints_what_is_to_pay():\n    assert run(["5000", "5000"]) == "To pay: 9000"\n',
    },
    thirdPromise: {
      requirement: 'A command named till prints what is to pay.',
      criterion: 'The command till 5000 5000 prints "To pay: 9000".',
      source: 'till/cli.py',
      test: 'test_the_command_prints_what_is_to_pay',
      testLabel: 'tests/test_cli.py: test_the_command_prints_what_is_to_pay',
    },
    catcher: 'gate delivered',
  }),
  filesCase(
    makeTill,
    'what was saved is the whole sum, and the test gives the right one as the message of assertTrue',
    {
      files: { 'till/summary.py': SUMMARY, 'tests/test_summary.py': SUMMARY_TEST },
      thirdPromise: {
        requirement: 'The receipt says what was saved.',
        criterion: 'The receipt of 100.00 says that 10.00 were saved.',
        source: 'till/summary.py',
        test: 'test_a_receipt_says_what_was_saved',
      },
    },
  ),
];
