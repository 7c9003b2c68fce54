/**
 * Round 10 with pytest, the second part: a link to the host that the request names, and a database rule that is not enforced.
 */
import { pythonTill } from '../projects/python';
import type { Case } from '../scripted-build';
import { featureCase } from './round-10-case';

const RESET = `"""How buyers get a new password."""


def reset_link(headers, ticket):
    """Where a buyer chooses a new password."""
    return f"https://{headers['Host']}/reset/{ticket}"


def reset_mail(headers, name, ticket):
    """The text of the mail to a buyer."""
    return f"Dear {name},\\n\\nchoose a new password: {reset_link(headers, ticket)}\\n"
`;

const ORDERS = `"""What may be stored."""


def checked(paid):
    """The sum of an order, if it may be stored."""
    if paid < 0:
        raise ValueError("a sum is never below zero")
    return paid
`;
const RULE = `ALTER TABLE orders ADD CONSTRAINT paid_is_not_negative CHECK (paid >= 0) NOT ENFORCED;
`;

export const ROUND_10_MAIL: readonly Case[] = [
  featureCase('the link to a new password leads to the host that the request names (pytest)', pythonTill, {
    summary: 'Buyers who forgot their password get a link by mail.',
    promises: [
      [
        'The mail has a link with the ticket of the buyer.',
        'The link ends with the ticket.',
        'tests/test_reset.py: test_the_link_has_the_ticket',
      ],
      [
        'The mail speaks to the buyer by name.',
        'The mail begins with the name.',
        'tests/test_reset_audit.py: test_the_mail_names_the_buyer',
      ],
    ],
    sources: ['till/reset.py'],
    code: {
      'till/reset.py': RESET,
      'tests/test_reset.py': `from till.reset import reset_link


def test_the_link_has_the_ticket():
    assert reset_link({"Host": "till.example"}, "t1") == "https://till.example/reset/t1"
`,
    },
    testNames: ['test_the_link_has_the_ticket'],
    tests: {
      'tests/test_reset_audit.py': `from till.reset import reset_mail


def test_the_mail_names_the_buyer():
    mail = reset_mail({"Host": "till.example"}, "Ada", "t2")
    assert mail.splitlines()[0] == "Dear Ada,"
    assert mail.splitlines()[2] == "choose a new password: https://till.example/reset/t2"
`,
    },
  }),
  featureCase(
    'the database is given a rule that it is told not to keep (pytest)',
    pythonTill,
    {
      summary: 'No sum below zero is stored.',
      promises: [
        [
          'The database refuses a sum below zero.',
          'A migration adds the rule paid >= 0.',
          'tests/test_orders.py: test_the_database_has_the_rule',
        ],
        [
          'The till refuses it before.',
          'A sum of -1 is refused.',
          'tests/test_orders_audit.py: test_a_sum_below_zero_is_refused',
        ],
      ],
      sources: ['till/orders.py', 'migrations/0002_no_sum_below_zero.sql'],
      base: { 'migrations/0001_orders.sql': 'CREATE TABLE orders (id INTEGER PRIMARY KEY, paid INTEGER NOT NULL);\n' },
      code: {
        'till/orders.py': ORDERS,
        'migrations/0002_no_sum_below_zero.sql': RULE,
        'tests/test_orders.py': `import pathlib

from till.orders import checked


def test_the_database_has_the_rule():
    rules = pathlib.Path("migrations/0002_no_sum_below_zero.sql").read_text()
    assert "CHECK (paid >= 0)" in rules


def test_a_sum_is_stored_as_it_is():
    assert checked(500) == 500
`,
      },
      testNames: ['test_the_database_has_the_rule', 'test_a_sum_is_stored_as_it_is'],
      tests: {
        'tests/test_orders_audit.py': `import pytest

from till.orders import checked


def test_a_sum_below_zero_is_refused():
    with pytest.raises(ValueError):
        checked(-1)


def test_nothing_may_be_stored():
    assert checked(0) == 0
`,
      },
    },
    'gate delivered',
  ),
];
