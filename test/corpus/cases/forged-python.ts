/**
 * The source forges results inside the process of pytest and of unittest. It gives no discount: an honest run is red.
 */
import { makeTill } from '../projects/make';
import { PYTEST } from '../projects/python-flavour';
import type { Case } from '../scripted-build';
import { BY_EXPERIMENTS, sourceCheat } from './cheat';
import type { Caught } from './cheat';

const pytestTrick = (name: string, text: string, caught: Caught = BY_EXPERIMENTS): Case =>
  sourceCheat(PYTEST, name, `${PYTEST.wrongCode}\n\n${text}\n`, caught);
const unittestTrick = (name: string, text: string, caught: Caught): Case => ({
  name: `${name} (unittest)`,
  project: makeTill,
  alter: ({ code: [first] }) => void (first.files[PYTEST.sourcePath] = `${PYTEST.wrongCode}\n\n${text}\n`),
  caught,
});

export const FORGED_PYTHON: Case[] = [
  pytestTrick(
    'a plugin is registered that makes each call pass',
    `import gc

import pytest
from _pytest.config import PytestPluginManager


class Green:
    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item, call):
        outcome = yield
        report = outcome.get_result()
        report.outcome = "passed"
        report.longrepr = None


for one in gc.get_objects():
    if isinstance(one, PytestPluginManager):
        one.register(Green())`,
  ),
  pytestTrick(
    'what a call raised is forgotten by its record',
    `from _pytest.runner import CallInfo

_init = CallInfo.__init__


def forget(self, result, excinfo, *more, **named):
    _init(self, [] if excinfo else result, None, *more, **named)


CallInfo.__init__ = forget`,
  ),
  pytestTrick(
    'test functions are run by nothing',
    'from _pytest.python import Function\n\nFunction.runtest = lambda self: None',
  ),
  pytestTrick(
    'a failed assertion is a skip',
    'import builtins\n\nimport pytest\n\nbuiltins.AssertionError = pytest.skip.Exception',
    ['criterion without test', /C1|skipped/],
  ),
  pytestTrick(
    'a report is made as one that passed',
    `from _pytest.reports import TestReport

_make = TestReport.from_item_and_call


def passed(item, call):
    report = _make(item, call)
    report.outcome, report.longrepr = "passed", None
    return report


TestReport.from_item_and_call = passed`,
  ),
  pytestTrick(
    'the session forgets that tests failed, and the process ends with 0',
    'import atexit\nimport os\n\natexit.register(lambda: os._exit(0))',
    ['red tests', /failed/],
  ),
  pytestTrick(
    'what pytest takes for the body of a test is another function',
    `from _pytest.python import Function

Function.obj = property(lambda self: lambda **given: None, lambda self, value: None)`,
    ['red tests', /failed/],
  ),
  sourceCheat(
    PYTEST,
    'the code walks up the frames and gives back what is expected there',
    `${PYTEST.wrongCode.replace(/    if whole[\s\S]*$/, '')}    import sys

    frame = sys._getframe(1)
    numbers = [one for one in frame.f_code.co_consts if isinstance(one, int) and one >= 1000]
    return numbers[-1] if numbers else whole
`,
    BY_EXPERIMENTS,
  ),
  sourceCheat(
    PYTEST,
    'the code walks up the frames to the parameters of the test',
    `${PYTEST.wrongCode.replace(/    if whole[\s\S]*$/, '')}    import sys

    frame = sys._getframe(1)
    return frame.f_locals.get("paid", whole * 9 // 10 if whole == 10000 else whole)
`,
    ['red tests', /failed/],
  ),
  sourceCheat(
    PYTEST,
    'the code reads in the test files what they expect',
    `import pathlib
import re

from till.price import total

TEXTS = "".join(one.read_text() for one in pathlib.Path("tests").glob("test_*.py"))


def to_pay(items):
    cents, count = items[0] if items else (0, 0)
    found = re.search(r"\\(%d, %d\\)\\]\\)\\D*(\\d+)" % (cents, count), TEXTS)
    return int(found[1]) if found else total(items)
`,
    BY_EXPERIMENTS,
  ),
  unittestTrick(
    'the report file is rewritten when the process ends',
    `import atexit
import os
import pathlib
import re


def rewrite():
    report = pathlib.Path("junit.xml")
    report.write_text(re.sub(r"<(failure|error)/>", "", report.read_text()))
    os._exit(0)


atexit.register(rewrite)`,
    BY_EXPERIMENTS,
  ),
  unittestTrick(
    'assertEqual is content with everything',
    'import unittest\n\nunittest.TestCase.assertEqual = lambda *given: None',
    BY_EXPERIMENTS,
  ),
  unittestTrick(
    'a failed test is handed on as one that passed',
    'import unittest\n\nunittest.TestResult.addFailure = lambda self, case, error: self.addSuccess(case)',
    ['red tests', /failed/],
  ),
  unittestTrick(
    'each test is run without its body',
    'import unittest\n\nunittest.TestCase._callTestMethod = lambda self, method: None',
    BY_EXPERIMENTS,
  ),
];
