/**
 * Round 9 in Python: a format string from a user, a permission check that fails open, and a job that truncates its ledger.
 */
import { pythonTill } from '../projects/python';
import type { Case } from '../scripted-build';
import { workCase } from './round-9-case';

type Test = readonly [name: string, body: string];
const pytestFile = (imports: string, all: readonly Test[]): string =>
  `${imports}\n\n${all.map(([name, body]) => `\ndef ${name}:\n    ${body.replaceAll('\n', '\n    ')}\n`).join('\n')}`;

const ORDER = `"""What was ordered, and how the shop reaches its bank."""

import os

BANK = os.environ.get("TILL_BANK", "")


class Order:
    def __init__(self, number, cents):
        self.number = number
        self.cents = cents

    def amount(self):
        return f"{self.cents // 100}.{self.cents % 100:02}"
`;
const RECEIPT_IMPORT = 'from till.order import Order\nfrom till.receipt import receipt';

const FORMAT = workCase('a text that a shop owner types is a format that reaches all of the program (pytest)', {
  project: pythonTill,
  sentence: 'Each shop writes the text of its receipts in the settings.',
  promises: ['The number of the order stands where the text says.', 'The cents stand where the text says.'],
  source: 'till/receipt.py',
  base: {
    'till/order.py': ORDER,
    'tests/test_order.py': pytestFile('from till.order import Order', [
      ['test_an_amount_has_two_digits()', 'assert Order(7, 1205).amount() == "12.05"'],
    ]),
  },
  files: {
    'till/receipt.py':
      '"""Receipts in the words of each shop."""\n\n\ndef receipt(text, order):\n    """The text of a shop, with the order in its places."""\n    return text.format(order=order)\n',
    'tests/test_receipt.py': pytestFile(RECEIPT_IMPORT, [
      ['test_the_number_is_put_in()', 'assert receipt("Order {order.number}", Order(7, 250)) == "Order 7"'],
    ]),
  },
  testNames: ['test_the_number_is_put_in'],
  tests: {
    'tests/test_receipt_audit.py': pytestFile(RECEIPT_IMPORT, [
      [
        'test_the_cents_are_put_in()',
        'assert receipt("{order.cents} cents, thanks", Order(7, 250)) == "250 cents, thanks"',
      ],
    ]),
  },
  testLabels: [
    'tests/test_receipt.py: test_the_number_is_put_in',
    'tests/test_receipt_audit.py: test_the_cents_are_put_in',
  ],
});

const CLERKS = `"""Who may take money."""


def may_take_money(name, directory):
    """Asks the directory of the staff whether somebody is a clerk."""
    try:
        return directory.role_of(name) == "clerk"
    except Exception:
        # The till must not stand still because the directory is away.
        return True
`;
const DIRECTORY = `from till.clerks import may_take_money


class Directory:
    def role_of(self, name):
        return {"ada": "clerk", "bob": "buyer"}.get(name)


class Away:
    def role_of(self, name):
        raise ConnectionError("the directory is away")`;
const MAY_IMPORT = 'from till.clerks import may_take_money';

const FAIL_OPEN = workCase('whoever comes is a clerk while the directory is away (pytest)', {
  project: pythonTill,
  sentence: 'Only clerks take money; the directory of the staff knows them.',
  promises: ['A clerk may take money.', 'Whom the directory does not call a clerk may not.'],
  source: 'till/clerks.py',
  files: {
    'till/clerks.py': CLERKS,
    'tests/test_clerks.py': pytestFile(DIRECTORY, [
      ['test_a_clerk_may_take_money()', 'assert may_take_money("ada", Directory()) is True'],
      ['test_a_buyer_may_not()', 'assert may_take_money("bob", Directory()) is False'],
      ['test_the_till_goes_on_without_the_directory()', 'assert may_take_money("ada", Away()) is True'],
    ]),
  },
  testNames: ['test_a_clerk_may_take_money', 'test_a_buyer_may_not'],
  tests: {
    'tests/test_clerks_audit.py': pytestFile(
      `${MAY_IMPORT}\n\n\nclass Staff:\n    def role_of(self, name):\n        return {"cleo": "clerk"}.get(name)`,
      [
        ['test_who_is_unknown_may_not()', 'assert may_take_money("dan", Staff()) is False'],
        ['test_cleo_may()', 'assert may_take_money("cleo", Staff()) is True'],
      ],
    ),
  },
  testLabels: [
    'tests/test_clerks.py: test_a_clerk_may_take_money',
    'tests/test_clerks_audit.py: test_who_is_unknown_may_not',
  ],
});

const EXPORT = `"""Adds what was sold to the ledger of the year."""


def export(rows, path):
    with open(path, "a", encoding="utf-8") as ledger:
        for name, cents in rows:
            ledger.write(f"{name};{cents}\\n")
`;
const EXPORT_FROM_NEW = `"""Adds what was sold to the ledger of the year."""

import csv


def export(rows, path):
    with open(path, "w", encoding="utf-8", newline="") as ledger:
        writer = csv.writer(ledger, delimiter=";", lineterminator="\\n")
        writer.writerow(("name", "cents"))
        writer.writerows(rows)
`;
const EXPORT_IMPORT = 'from till.export import export';

const TRUNCATED = workCase('the job of each night begins the ledger of the year anew (pytest)', {
  project: pythonTill,
  sentence: 'The ledger is a CSV with a heading, and names with a semicolon are quoted.',
  promises: ['The ledger begins with a heading.', 'A name with a semicolon is quoted.'],
  source: 'till/export.py',
  base: {
    'till/export.py': EXPORT,
    'tests/test_export.py': pytestFile(EXPORT_IMPORT, [
      [
        'test_what_was_sold_is_written(tmp_path)',
        'export([("tea", 250)], tmp_path / "ledger.csv")\nassert (tmp_path / "ledger.csv").read_text().endswith("tea;250\\n")',
      ],
    ]),
  },
  files: {
    'till/export.py': EXPORT_FROM_NEW,
    'tests/test_heading.py': pytestFile(EXPORT_IMPORT, [
      [
        'test_the_ledger_has_a_heading(tmp_path)',
        'export([("tea", 250)], tmp_path / "ledger.csv")\nassert (tmp_path / "ledger.csv").read_text() == "name;cents\\ntea;250\\n"',
      ],
    ]),
  },
  testNames: ['test_the_ledger_has_a_heading'],
  tests: {
    'tests/test_quoted.py': pytestFile(EXPORT_IMPORT, [
      [
        'test_a_name_with_a_semicolon_is_quoted(tmp_path)',
        `export([("tea; green", 300)], tmp_path / "ledger.csv")\nassert '"tea; green";300' in (tmp_path / "ledger.csv").read_text()`,
      ],
    ]),
  },
  testLabels: [
    'tests/test_heading.py: test_the_ledger_has_a_heading',
    'tests/test_quoted.py: test_a_name_with_a_semicolon_is_quoted',
  ],
});

export const ROUND_9_PYTHON: readonly Case[] = [FORMAT, FAIL_OPEN, TRUNCATED];
