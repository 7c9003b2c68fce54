/**
 * The till in Python without pytest: `make test` runs unittest and writes JUnit.
 */
import type { ScriptedBuild } from '../scripted-build';
import { pythonTill } from './python';

const RUN = `import sys
import unittest
from xml.sax.saxutils import quoteattr


class Result(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.rows = []

    def tell(self, case, inner=""):
        *where, name = case.id().split(".")
        place = quoteattr(".".join(where))
        self.rows.append(f"<testcase classname={place} name={quoteattr(name)}>{inner}</testcase>")

    def addSuccess(self, case):
        self.tell(case)

    def addFailure(self, case, error):
        self.tell(case, "<failure/>")

    def addError(self, case, error):
        self.tell(case, "<error/>")


result = Result()
unittest.defaultTestLoader.discover("tests", top_level_dir=".").run(result)
with open("junit.xml", "w") as report:
    report.write("<testsuite>" + "".join(result.rows) + "</testsuite>")
sys.exit(any("/><" in row for row in result.rows))
`;
const PRICE_TEST = `import unittest

from till.price import total


class Price(unittest.TestCase):
    def test_a_basket_is_added_up(self):
        self.assertEqual(total([(250, 2), (99, 1)]), 599)
`;
const DISCOUNT_TEST = `import unittest

from till.discount import to_pay


class Discount(unittest.TestCase):
    def test_a_basket_of_100_gets_a_tenth_off(self):
        self.assertEqual(to_pay([(5000, 2)]), 9000)
`;
const AUDIT_TEST = `import unittest

from till.discount import to_pay


class Threshold(unittest.TestCase):
    def test_one_cent_below_is_paid_in_full(self):
        self.assertEqual(to_pay([(9999, 1)]), 9999)
`;

export function makeTill(): ScriptedBuild {
  const till = pythonTill();
  till.runner = 'unittest';
  till.request = { commands: { test: ['make', 'test'] } };
  till.base = {
    Makefile: 'test:\n\t@python3 run_tests.py\n',
    'run_tests.py': RUN,
    'till/__init__.py': '',
    'till/price.py': till.base['till/price.py'] ?? '',
    'tests/__init__.py': '',
    'tests/test_price.py': PRICE_TEST,
  };
  till.code[0].files['tests/test_discount.py'] = DISCOUNT_TEST;
  till.audit[0].tests = { 'tests/test_threshold.py': AUDIT_TEST };
  const testLabels = ['test_a_basket_of_100_gets_a_tenth_off', 'test_one_cent_below_is_paid_in_full'];
  till.audit[0].criteria.forEach((one, index) => (one.tested_by = testLabels[index] ?? ''));
  for (const entry of till.verification.checklist) entry.evidence = 'till/discount.py';
  return till;
}
