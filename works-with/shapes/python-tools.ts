/**
 * Python shapes with uv, poetry, tox, nox and hatch, and a small Django project.
 */
import type { Shape } from '../shape';
import { readLock } from '../locks';
import { python, testName } from '../sources/python';
import type { Example } from '../work';

const layout = { module: 'amounts.money', source: 'src/amounts/money.py' };
const PACKAGE = { 'src/amounts/__init__.py': '' };

export const PYTHON_TOOLS: Shape[] = [
  python({
    ...layout,
    name: 'uv with lock file',
    moreFiles: {
      ...PACKAGE,
      'pyproject.toml': `[project]
name = "amounts"
version = "1.0.0"
requires-python = ">=3.10"

[dependency-groups]
dev = ["pytest>=8"]

[build-system]
requires = ["hatchling>=1.27"]
build-backend = "hatchling.build"
`,
      'uv.lock': readLock('uv/uv.lock'),
    },
    byHand: { install: 'uv sync --locked', test: 'uv run --no-sync pytest -q', toolPackages: ['pypi:uv'] },
  }),
  python({
    ...layout,
    name: 'poetry with lock file',
    moreFiles: {
      ...PACKAGE,
      'pyproject.toml': `[project]
name = "amounts"
version = "1.0.0"
requires-python = ">=3.10,<4.0"

[tool.poetry]
packages = [{ include = "amounts", from = "src" }]

[tool.poetry.group.dev.dependencies]
pytest = ">=8"

[[tool.poetry.source]]
name = "index"
url = "https://pypi.org/simple/"
priority = "primary"

[build-system]
requires = ["poetry-core>=2.0"]
build-backend = "poetry.core.masonry.api"
`,
      'poetry.lock': readLock('poetry/poetry.lock'),
    },
    byHand: {
      install: 'POETRY_VIRTUALENVS_IN_PROJECT=true poetry install -q',
      test: '.venv/bin/python -m pytest -q',
      toolPackages: ['pypi:poetry'],
    },
  }),
  python({
    ...layout,
    name: 'tox',
    moreFiles: {
      ...PACKAGE,
      'pyproject.toml': `[build-system]
requires = ["setuptools>=77"]
build-backend = "setuptools.build_meta"

[project]
name = "amounts"
version = "1.0.0"
`,
      'tox.ini': '[tox]\nenv_list = py3\n\n[testenv]\ndeps = pytest>=8\ncommands = pytest {posargs:tests}\n',
      '.gitignore': '.tox\n__pycache__\n*.egg-info\nbuild\n',
    },
    byHand: { test: 'tox -q', toolPackages: ['pypi:tox'] },
  }),
  python({
    module: 'amounts',
    source: 'amounts.py',
    name: 'nox',
    moreFiles: {
      'noxfile.py': `import nox


@nox.session
def tests(session):
    session.install("pytest>=8")
    session.run("python", "-m", "pytest", *session.posargs)
`,
      '.gitignore': '.nox\n__pycache__\n',
    },
    byHand: { test: 'nox', toolPackages: ['pypi:nox'] },
  }),
  python({
    ...layout,
    name: 'hatch-vcs with a version file',
    moreFiles: {
      'src/amounts/__init__.py': 'from amounts._version import __version__\n',
      'pyproject.toml': `[build-system]
requires = ["hatchling>=1.27", "hatch-vcs>=0.5"]
build-backend = "hatchling.build"

[project]
name = "amounts"
dynamic = ["version"]

[project.optional-dependencies]
dev = ["pytest>=8"]

[tool.hatch.version]
source = "vcs"

[tool.hatch.build.hooks.vcs]
version-file = "src/amounts/_version.py"
`,
      '.gitignore': '.venv\n__pycache__\nsrc/amounts/_version.py\n',
    },
    byHand: {
      install: "python3 -m venv .venv && .venv/bin/pip install -q -e '.[dev]'",
      test: '.venv/bin/python -m pytest -q',
    },
    shape: { git: { after: (git) => git('tag', '-a', 'v1.2.0', '-m', 'v1.2.0') } },
  }),
  django(),
];

function django(): Shape {
  const view = (examples: readonly Example[], file: string) => `from django.test import TestCase


class ${file.includes('thousands') ? 'ThousandsTest' : 'AmountsTest'}(TestCase):
${examples
  .map(
    (example) =>
      `    def ${testName(example)}(self):\n        response = self.client.get("/amounts/${example[1]}")\n        self.assertEqual(response.content.decode(), "${example[2]}")\n`,
  )
  .join('\n')}`;
  return python({
    name: 'Django',
    module: 'shop.amounts',
    source: 'shop/amounts.py',
    oldTestPath: 'shop/tests/test_amounts.py',
    addedTestPath: 'shop/tests/test_thousands.py',
    testFile: view,
    testLabel: (example, file) => `shop.tests.${classOf(file)}.${testName(example)}`,
    moreFiles: {
      'requirements.txt': 'Django>=5.2,<6\n',
      'manage.py': `import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
    execute_from_command_line(sys.argv)
`,
      'site_settings.py': `SECRET_KEY = "only for tests"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["shop"]
ROOT_URLCONF = "shop.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "shop.sqlite3"}}
`,
      'shop/__init__.py': '',
      'shop/tests/__init__.py': '',
      'shop/urls.py': `from django.http import HttpResponse
from django.urls import path

from shop.amounts import format_cents

urlpatterns = [path("amounts/<int:cents>", lambda request, cents: HttpResponse(format_cents(cents)))]
`,
    },
    byHand: {
      install: 'python3 -m venv .venv && .venv/bin/pip install -q -r requirements.txt',
      test: '.venv/bin/python manage.py test',
    },
  });
}

/** The test class of a file, as Django's runner names it. */
function classOf(file: string): string {
  return file.includes('thousands') ? 'test_thousands.ThousandsTest' : 'test_amounts.AmountsTest';
}
