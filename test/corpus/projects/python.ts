/**
 * The till in Python, with pytest.
 */
import type { ScriptedBuild } from '../scripted-build';
import { honestRoles } from './promises';

const PRICE = `"""What a basket costs, in cents."""


def total(items):
    return sum(cents * count for cents, count in items)
`;
export const PY_PRICE_TEST = `from till.price import total


def test_a_basket_is_added_up():
    assert total([(250, 2), (99, 1)]) == 599


def test_an_empty_basket_costs_nothing():
    assert total([]) == 0
`;
export const PY_DISCOUNT = `"""What is to pay."""

from till.price import total

THRESHOLD = 10000


def to_pay(items):
    """A tenth is taken off from 100.00 on, rounded down to whole cents."""
    whole = total(items)
    if whole >= THRESHOLD:
        return whole * 9 // 10
    return whole
`;
const DISCOUNT_TEST = `from till.discount import to_pay


def test_a_basket_of_100_gets_a_tenth_off():
    assert to_pay([(5000, 2)]) == 9000


def test_a_small_basket_is_paid_in_full():
    assert to_pay([(500, 3)]) == 1500
`;
const AUDIT_TEST = `import pytest

from till.discount import to_pay


@pytest.mark.parametrize("cents, paid", [(9999, 9999), (12345, 11110)])
def test_around_the_threshold(cents, paid):
    assert to_pay([(cents, 1)]) == paid
`;

export function pythonTill(): ScriptedBuild {
  return {
    runner: 'pytest',
    language: 'Python',
    base: {
      'till/__init__.py': '',
      'till/price.py': PRICE,
      'tests/test_price.py': PY_PRICE_TEST,
      'pyproject.toml': '[project]\nname = "till"\nversion = "1.0.0"\ndependencies = []\n',
    },
    request: {},
    ...honestRoles({
      source: 'till/discount.py',
      code: { 'till/discount.py': PY_DISCOUNT, 'tests/test_discount.py': DISCOUNT_TEST },
      test_cases: ['test_a_basket_of_100_gets_a_tenth_off', 'test_a_small_basket_is_paid_in_full'],
      tests: { 'tests/test_discount_audit.py': AUDIT_TEST },
      testLabels: [
        'tests/test_discount.py: test_a_basket_of_100_gets_a_tenth_off',
        'tests/test_discount_audit.py: test_around_the_threshold[9999-9999]',
      ],
    }),
  };
}
