/**
 * Python shapes with pip and pytest or unittest: layouts, settings, requirements, packages that must be installed.
 */
import type { Shape } from '../shape';
import { MILLION_EXAMPLE, NEW_EXAMPLES, OLD_EXAMPLES, THOUSAND_EXAMPLE, thousandsWork } from '../work';
import type { Example } from '../work';
import { PYTHON, python, testName, unittestFile } from '../sources/python';

const VENV = 'python3 -m venv .venv';
const PYTEST = '.venv/bin/python -m pytest -q';
const REQUIREMENTS = { 'requirements.txt': 'pytest>=8\n' };
const byHand = { install: `${VENV} && .venv/bin/pip install -q -r requirements.txt`, test: PYTEST };
const byHandEditable = { install: `${VENV} && .venv/bin/pip install -q -e '.[test]'`, test: PYTEST };

/** The pyproject.toml of a package that is installed. */
const pyproject = (more: string, version = 'version = "1.0.0"') => `[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "amounts"
${version}
requires-python = ">=3.9"

[project.optional-dependencies]
test = ["pytest>=8"]
${more}`;

export const PYTHON_SHAPES: Shape[] = [
  python({
    name: 'pytest, flat',
    module: 'amounts',
    source: 'amounts.py',
    oldTestPath: 'test_amounts.py',
    addedTestPath: 'test_thousands.py',
    moreFiles: REQUIREMENTS,
    byHand,
  }),
  python({
    name: 'pytest, src layout with pythonpath',
    module: 'amounts.money',
    source: 'src/amounts/money.py',
    moreFiles: {
      ...REQUIREMENTS,
      'src/amounts/__init__.py': '',
      'pyproject.toml': '[tool.pytest.ini_options]\npythonpath = ["src"]\ntestpaths = ["tests"]\n',
    },
    byHand,
  }),
  asyncio(),
  python({
    name: 'pytest with python_files and python_classes',
    module: 'amounts',
    source: 'amounts.py',
    oldTestPath: 'checks/amounts_check.py',
    addedTestPath: 'checks/thousands_check.py',
    testFile: (examples) => checkFile(examples),
    testLabel: (example, file) => `${file}::AmountsCheck::${testName(example).replace('test_', 'check_')}`,
    moreFiles: {
      ...REQUIREMENTS,
      'pytest.ini': `[pytest]
pythonpath = .
testpaths = checks
python_files = *_check.py
python_classes = *Check
python_functions = check_*
`,
    },
    byHand,
  }),
  python({
    name: 'requirements.txt and requirements-dev.txt',
    module: 'shop.amounts',
    source: 'shop/amounts.py',
    moreFiles: {
      'requirements.txt': 'python-dateutil>=2.9\n',
      'requirements-dev.txt': '-r requirements.txt\npytest>=8\n',
      'shop/__init__.py': '',
      'shop/due.py': `from datetime import date

from dateutil.relativedelta import relativedelta


def due(day: date) -> date:
    """A month after the day."""
    return day + relativedelta(months=1)
`,
      'tests/test_due.py': `from datetime import date

from shop.due import due


def test_a_month_later():
    assert due(date(2026, 1, 31)) == date(2026, 2, 28)
`,
    },
    byHand: { install: `${VENV} && .venv/bin/pip install -q -r requirements-dev.txt`, test: PYTEST },
  }),
  entryPoint(),
  python({
    name: 'setuptools_scm with a version file',
    module: 'amounts.money',
    source: 'src/amounts/money.py',
    moreFiles: {
      'pyproject.toml': pyproject('', 'dynamic = ["version"]')
        .replace('"setuptools>=77"', '"setuptools>=77", "setuptools-scm>=8"')
        .concat('\n[tool.setuptools_scm]\nversion_file = "src/amounts/_version.py"\n'),
      '.gitignore': '.venv\n__pycache__\n*.egg-info\n.pytest_cache\nsrc/amounts/_version.py\n',
      'src/amounts/__init__.py': 'from amounts._version import version\n',
      'tests/test_version.py': `import amounts


def test_the_version_comes_from_the_tag():
    assert amounts.version.startswith("1.2.")
`,
    },
    byHand: byHandEditable,
    shape: { git: { after: (git) => git('tag', '-a', 'v1.2.0', '-m', 'v1.2.0') } },
  }),
  unittest(),
];

function checkFile(examples: readonly Example[]): string {
  const checkMethod = (example: Example) =>
    `    def ${testName(example).replace('test_', 'check_')}(self):\n        assert format_cents(${example[1]}) == "${example[2]}"\n`;
  return `from amounts import format_cents\n\n\nclass AmountsCheck:\n${examples.map(checkMethod).join('\n')}`;
}

function asyncio(): Shape {
  const rates = `import asyncio

from amounts import format_cents


async def quote(cents: int) -> str:
    await asyncio.sleep(0)
    return format_cents(cents)
`;
  const file = (examples: readonly Example[]) =>
    `from quotes import quote\n\n\n${examples
      .map((example) => `async def ${testName(example)}():\n    assert await quote(${example[1]}) == "${example[2]}"\n`)
      .join('\n\n')}`;
  return python({
    name: 'pytest with asyncio_mode',
    module: 'amounts',
    source: 'amounts.py',
    testFile: file,
    moreFiles: {
      'requirements.txt': 'pytest>=8\npytest-asyncio>=1\n',
      'pyproject.toml': '[tool.pytest.ini_options]\nasyncio_mode = "auto"\npythonpath = ["."]\n',
      'quotes.py': rates,
    },
    byHand,
  });
}

/** P3: the package itself must be installed, since a test calls its program. */
function entryPoint(): Shape {
  const programTests = (examples: readonly Example[]) =>
    `import subprocess\n\n\n${examples
      .map(
        (example) =>
          `def ${testName(example)}():\n    printed = subprocess.run(["amount", "${example[1]}"], capture_output=True, text=True, check=True)\n    assert printed.stdout == "${example[2]}\\n"\n`,
      )
      .join('\n\n')}`;
  return python({
    name: 'editable package with an entry point',
    module: 'amounts.money',
    source: 'src/amounts/money.py',
    testFile: programTests,
    moreFiles: {
      'pyproject.toml': pyproject('\n[project.scripts]\namount = "amounts.cli:main"\n'),
      'src/amounts/__init__.py': '',
      'src/amounts/cli.py': `import sys

from amounts.money import format_cents


def main() -> None:
    print(format_cents(int(sys.argv[1])))
`,
      'tests/test_metadata.py': `from importlib.metadata import version


def test_the_package_is_installed():
    assert version("amounts") == "1.0.0"
`,
    },
    byHand: { install: byHandEditable.install, test: `PATH=$PWD/.venv/bin:$PATH pytest -q` },
  });
}

function unittest(): Shape {
  const added = 'tests/test_thousands.py';
  return {
    name: 'unittest',
    tools: ['python3'],
    base: {
      'README.md': '# Amounts\n\nTests: `python3 -m unittest`\n',
      'amounts/__init__.py': '',
      'amounts/money.py': PYTHON.base,
      'tests/__init__.py': '',
      'tests/test_amounts.py': unittestFile('amounts.money', 'AmountsTest', OLD_EXAMPLES),
    },
    byHand: { test: 'python3 -m unittest' },
    work: thousandsWork({
      code: { 'amounts/money.py': PYTHON.changed },
      tests: { [added]: unittestFile('amounts.money', 'ThousandsTest', NEW_EXAMPLES) },
      thousandTest: `tests.test_thousands.ThousandsTest.${testName(THOUSAND_EXAMPLE)}`,
      millionTest: `ThousandsTest.${testName(MILLION_EXAMPLE)}`,
      keptTest: `AmountsTest.${OLD_EXAMPLES[0] === undefined ? '' : testName(OLD_EXAMPLES[0])}`,
    }),
  };
}
