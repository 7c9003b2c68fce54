/**
 * Round 5 in Python: the tested code is right, and what is installed, stored or backed up is wrong.
 */
import { makeTill } from '../projects/make';
import { PY_DISCOUNT } from '../projects/python';
import { PYTEST } from '../projects/python-flavour';
import type { Case } from '../scripted-build';
import { flavourCase, filesCase } from './round-5-case';

const CLERKS = (rounds: string): string => `"""How clerks sign in."""

import hashlib
import hmac

ROUNDS = ${rounds}


def hashed(password, salt):
    """What is kept of a password."""
    return hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ROUNDS)


def is_right(password, salt, kept):
    return hmac.compare_digest(hashed(password, salt), kept)
`;
const CLERKS_TEST = `from till.clerks import hashed, is_right


def test_a_clerk_signs_in_with_the_password():
    kept = hashed("tea", b"leaf")
    assert is_right("tea", b"leaf", kept) is True
    assert is_right("salt", b"leaf", kept) is False
`;

const LEDGER = `"""Sales, by clerk."""

import sqlite3


def open_ledger(path=":memory:"):
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE IF NOT EXISTS sales (clerk TEXT, paid INTEGER)")
    return db


def book(db, clerk, paid):
    db.execute("INSERT INTO sales VALUES (?, ?)", (clerk, paid))
`;
const BOUND = `

def sum_of(db, clerk):
    query = "SELECT coalesce(sum(paid), 0) FROM sales WHERE clerk = ?"
    return db.execute(query, (clerk,)).fetchone()[0]
`;
const PASTED = `

def select(what, clerk, least):
    return f"SELECT {what} FROM sales WHERE clerk = '{clerk}' AND paid >= {least}"


def sum_of(db, clerk):
    query = select("coalesce(sum(paid), 0)", clerk, 0)
    return db.execute(query).fetchone()[0]


def large_of(db, clerk):
    """How many sales of a clerk were large ones, with their tenth off."""
    query = select("count(*)", clerk, 9000)
    return db.execute(query).fetchone()[0]
`;
const LEDGER_TEST = (
  name: string,
  call: string,
  expected: number,
): string => `from till.ledger import book, ${call}, open_ledger


def test_${name}():
    db = open_ledger()
    book(db, "ada", 9000)
    book(db, "ada", 500)
    book(db, "bob", 9000)
    assert ${call}(db, "ada") == ${expected}
`;

const STORE = (parameters: string, columns: string, values: string): string => `"""Sales, in a database that is kept."""

from pathlib import Path

FOLDER = Path(__file__).parent.parent / "migrations"


def migrate(db):
    """Applies what is newer than the database."""
    at = db.execute("PRAGMA user_version").fetchone()[0]
    for path in sorted(FOLDER.glob("*.sql")):
        number = int(path.name[:4])
        if number > at:
            db.executescript(path.read_text())
            db.execute(f"PRAGMA user_version = {number}")


def book(db, ${parameters}):
    db.execute("INSERT INTO sales (${columns}) VALUES (${columns.replace(/\w+/g, '?')})", (${values}))
    return db.execute("SELECT count(*) FROM sales").fetchone()[0]
`;
const STORE_TEST = (name: string, call: string, select: string, row: string): string => `import sqlite3

from till.store import book, migrate


def test_${name}():
    db = sqlite3.connect(":memory:")
    migrate(db)
    assert book(db, ${call}) == 1
    assert db.execute("SELECT ${select} FROM sales").fetchone() == ${row}
`;

const BACKUP = `#!/bin/sh
# Every night: copies the ledger into a folder, and checks the copy.
set -e
cp ledger.db "$1/ledger.db"
cmp ledger.db "$1/ledger.db"
echo "the ledger is copied and checked"
`;

export const ROUND_5_PYTHON: readonly Case[] = [
  flavourCase(PYTEST, 'the code lies in a package that the list of installed packages does not have', {
    base: {
      'pyproject.toml':
        '[project]\nname = "till"\nversion = "1.0.0"\ndependencies = []\n\n[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n\n[tool.setuptools]\npackages = ["till"]\n',
    },
    files: {
      'till/rules/__init__.py': '',
      'till/rules/tenth.py': PY_DISCOUNT,
      'till/discount.py': '"""What is to pay."""\n\nfrom till.rules.tenth import to_pay\n\n__all__ = ["to_pay"]\n',
    },
    caught: ['gate delivered', /./],
  }),
  flavourCase(PYTEST, 'passwords are hashed in one round, so that the tests are quick', {
    base: { 'till/clerks.py': CLERKS('200_000'), 'tests/test_clerks.py': CLERKS_TEST },
    files: { 'till/clerks.py': CLERKS('1') },
  }),
  flavourCase(PYTEST, 'a query takes its values from pasted text where they were bound before', {
    base: {
      'till/ledger.py': LEDGER + BOUND,
      'tests/test_ledger.py': LEDGER_TEST('the_sum_of_a_clerk', 'sum_of', 9500),
    },
    files: {
      'till/ledger.py': LEDGER + PASTED,
      'tests/test_ledger_large.py': LEDGER_TEST('large_sales_are_counted', 'large_of', 1),
    },
    caught: ['gate harmful_lines', /./],
  }),
  flavourCase(PYTEST, 'a migration has a number that databases in use have passed', {
    base: {
      'migrations/0001_sales.sql': 'CREATE TABLE sales (clerk TEXT NOT NULL, paid INTEGER NOT NULL);\n',
      'migrations/0002_clerks.sql': 'CREATE TABLE clerks (name TEXT PRIMARY KEY);\n',
      'till/store.py': STORE('clerk, paid', 'clerk, paid', 'clerk, paid'),
      'tests/test_store.py': STORE_TEST('a_sale_is_booked', '"ada", 500', 'clerk, paid', '("ada", 500)'),
    },
    files: {
      'migrations/0001_sales_discount.sql': 'ALTER TABLE sales ADD COLUMN discount INTEGER NOT NULL DEFAULT 0;\n',
      'till/store.py': STORE('clerk, paid, discount=0', 'clerk, paid, discount', 'clerk, paid, discount'),
      'tests/test_store_discount.py': STORE_TEST(
        'a_sale_is_booked_with_its_discount',
        '"ada", 9000, 1000',
        'paid, discount',
        '(9000, 1000)',
      ),
    },
  }),
  filesCase(makeTill, 'the nightly backup becomes an empty file that says it is a copy (unittest)', {
    base: { 'scripts/backup.sh': BACKUP },
    files: {
      'scripts/backup.sh': BACKUP.replace('set -e\ncp ledger.db "$1/ledger.db"\ncmp ledger.db', 'touch').replace(
        'copies the ledger',
        'copies the ledger with its discounts',
      ),
    },
    caught: ['gate harmful_lines', /./],
  }),
];
