/** Checks the origins of code in Python projects: known forms pass, and every way around the registry is found. */
import { originsIn } from './found';

const HASH = `sha256:${'a'.repeat(64)}`;
const URL = 'https://files.pythonhosted.org/packages/a/a-1.0.tar.gz';
const uvLock = (source: string, url = URL): string =>
  `version = 1\n\n[[package]]\nname = "a"\nversion = "1.0"\nsource = { ${source} }\nsdist = { url = "${url}", hash = "${HASH}", size = 1 }\n`;
const poetryLock = (more: string, files = `{file = "a-1.0.tar.gz", hash = "${HASH}"}`): string =>
  `[[package]]\nname = "a"\nversion = "1.0"\nfiles = [${files}]\n${more}`;

test.each([
  [
    'requirements.txt',
    `# all\n-r requirements/dev.txt\n-c constraints.txt\nFlask[async]==3.0 \\\n    --hash=${HASH}\nb>=2 ; python_version > "3"  # why\n-e .\n./lib\n--no-binary :all:\n--index-url https://pypi.org/simple\n`,
  ],
  ['requirements/dev.txt', '-r ../requirements.txt\npytest (>=8)\n-e ../lib[x]\n'],
  [
    'pyproject.toml',
    '[build-system]\nrequires = ["hatchling>=1"]\nbuild-backend = "hatchling.build"\n[project]\ndependencies = ["httpx[http2]>=0.27", "rich; python_version<\'4\'"]\n[dependency-groups]\ndev = ["pytest", {include-group = "x"}]\n[tool.uv.sources]\nb = { workspace = true }\nc = { path = "lib/c", editable = true }\n[[tool.uv.index]]\nurl = "https://pypi.org/simple"\n',
  ],
  [
    'pyproject.toml',
    '[tool.poetry.dependencies]\npython = "^3.11"\nDjango = "^5.0"\na = {version = "~1.2", extras = ["x"], optional = true}\n[[tool.poetry.source]]\nname = "PyPI"\n',
  ],
  ['uv.lock', uvLock('registry = "https://pypi.org/simple"')],
  ['uv.lock', 'version = 1\n[[package]]\nname = "own"\nversion = "0.1"\nsource = { virtual = "." }\n'],
  ['poetry.lock', poetryLock('')],
  [
    'Pipfile',
    '[[source]]\nurl = "https://pypi.org/simple"\nverify_ssl = true\nname = "pypi"\n[packages]\na = "*"\nb = {version = "==1.0", extras = ["x"]}\n[requires]\npython_version = "3.12"\n',
  ],
  [
    'Pipfile.lock',
    JSON.stringify({
      _meta: { sources: [{ url: 'https://pypi.org/simple' }] },
      default: { a: { hashes: [HASH], version: '==1.0' } },
    }),
  ],
  ['setup.cfg', '[options]\ninstall_requires =\n  a>=1\n'],
  [
    'setup.py',
    'from setuptools import setup, find_packages\n\nsetup(\n    name="x",\n    version="1.0",\n    packages=find_packages(),\n    install_requires=["a>=1", \'b\'],\n)\n',
  ],
  [
    'environment.yml',
    'name: x\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.12\n  - conda-forge::numpy\n  - pip:\n    - a==1.0\n',
  ],
  ['pip.conf', '[global]\ntimeout = 60\nindex-url = https://pypi.org/simple\n'],
  ['poetry.toml', '[virtualenvs]\nin-project = true\n'],
])('%s: known forms pass (%#)', (path, text) => {
  expect(originsIn(path, text)).toEqual([]);
});

test.each<[string, string, string, RegExp]>([
  [
    'requirements.txt',
    'another index',
    '--index-url https://evil.example/simple\n',
    /sets "--index-url https:\/\/evil/,
  ],
  ['requirements.txt', 'another index, short', '-i https://evil.example/simple\na\n', /sets "-i/],
  ['requirements.txt', 'one more index', '--extra-index-url=https://evil.example/simple\n', /extra-index-url/],
  ['requirements.txt', 'links', '--find-links ./wheels\n', /find-links/],
  ['requirements.txt', 'a trusted host', '--trusted-host evil.example\n', /trusted-host/],
  ['requirements.txt', 'a git address', 'git+https://evil.example/a.git\n', /not from the registry/],
  ['requirements.txt', 'an address behind a name', 'a @ https://evil.example/a.whl\n', /not from the registry/],
  ['requirements.txt', 'an archive', './wheels/a-1.0.whl\n', /not from the registry/],
  ['requirements.txt', 'an editable address', '-e git+https://evil.example/a.git#egg=a\n', /not from the registry/],
  ['requirements.txt', 'a folder outside', '-e ../other\n', /outside of the repository/],
  ['requirements.txt', 'an include that nobody reads', '-r deps/more.lst\n', /not read as a manifest/],
  ['requirements.txt', 'an include from an address', '-r https://evil.example/r.txt\n', /outside of the repository/],
  ['requirements.txt', 'a long line', 'a==1.0 \\\n  --index-url https://evil.example\n', /asks for|sets/],
  [
    'pyproject.toml',
    'an address',
    '[project]\ndependencies = ["a @ git+https://evil.example/a"]\n',
    /not from the registry/,
  ],
  [
    'pyproject.toml',
    'an address in a group',
    '[dependency-groups]\ndev = ["a @ https://evil.example/a.whl"]\n',
    /not from the registry/,
  ],
  [
    'pyproject.toml',
    'an address in the build',
    '[build-system]\nrequires = ["a @ https://evil.example/a.whl"]\n',
    /not from the registry/,
  ],
  [
    'pyproject.toml',
    'a backend of its own',
    '[build-system]\nrequires = []\nbuild-backend = "build"\nbackend-path = ["."]\n',
    /is built by "build"/,
  ],
  [
    'pyproject.toml',
    'an index of uv',
    '[[tool.uv.index]]\nname = "x"\nurl = "https://evil.example/simple"\n',
    /takes packages from "https:\/\/evil/,
  ],
  [
    'pyproject.toml',
    'an old index of uv',
    '[tool.uv]\nextra-index-url = ["https://evil.example/simple"]\n',
    /sets extra-index-url/,
  ],
  ['pyproject.toml', 'a source of uv', '[tool.uv.sources]\na = { git = "https://evil.example/a" }\n', /a comes from/],
  [
    'pyproject.toml',
    'a replaced version of uv',
    '[tool.uv]\noverride-dependencies = ["a @ https://evil.example/a.whl"]\n',
    /not from the registry/,
  ],
  [
    'pyproject.toml',
    'a source of poetry',
    '[[tool.poetry.source]]\nname = "x"\nurl = "https://evil.example"\n',
    /takes packages from/,
  ],
  [
    'pyproject.toml',
    'a git address of poetry',
    '[tool.poetry.dependencies]\na = { git = "https://evil.example/a" }\n',
    /a comes from/,
  ],
  [
    'pyproject.toml',
    'a source of pdm',
    '[[tool.pdm.source]]\nname = "x"\nurl = "https://evil.example"\n',
    /takes packages from/,
  ],
  [
    'pyproject.toml',
    'a hook of the build',
    '[tool.hatch.build.hooks.custom]\npath = "h.py"\n',
    /runs code when it is built/,
  ],
  ['uv.lock', 'another registry', uvLock('registry = "https://evil.example/simple"'), /evil/],
  [
    'uv.lock',
    'another host of a file',
    uvLock('registry = "https://pypi.org/simple"', 'https://evil.example/a.tar.gz'),
    /evil/,
  ],
  ['uv.lock', 'a git address', uvLock('git = "https://evil.example/a"'), /evil/],
  [
    'uv.lock',
    'no digest',
    '[[package]]\nname = "a"\nversion = "1"\nsource = { registry = "https://pypi.org/simple" }\nsdist = { url = "https://files.pythonhosted.org/a" }\n',
    /no digest/,
  ],
  [
    'poetry.lock',
    'another source',
    poetryLock('[package.source]\ntype = "legacy"\nurl = "https://evil.example"\n'),
    /evil/,
  ],
  [
    'poetry.lock',
    'a git address',
    poetryLock('[package.source]\ntype = "git"\nurl = "https://evil.example/a"\n'),
    /evil/,
  ],
  ['pdm.lock', 'an address', '[[package]]\nname = "a"\nversion = "1.0"\nurl = "https://evil.example/a.whl"\n', /evil/],
  ['Pipfile', 'another source', '[[source]]\nurl = "https://evil.example"\nname = "x"\n', /takes packages from/],
  ['Pipfile', 'a git address', '[packages]\na = {git = "https://evil.example/a"}\n', /a comes from/],
  [
    'Pipfile.lock',
    'a git address',
    JSON.stringify({ default: { a: { git: 'https://evil.example/a' } } }),
    /is fetched from/,
  ],
  ['Pipfile.lock', 'no digest', JSON.stringify({ default: { a: { version: '==1' } } }), /no digest/],
  ['setup.py', 'code', 'import os\nos.system("x")\n', /runs at installation: os\.system/],
  ['setup.py', 'code behind a text', '"""x""" + __import__("os").system("x")\n', /runs at installation/],
  ['setup.cfg', 'links', '[options]\ndependency_links = https://evil.example\n', /dependency_links/],
  ['environment.yml', 'a channel', 'channels:\n  - https://evil.example/c\n', /evil/],
  ['environment.yml', 'a channel of anybody', 'channels:\n  - somebody\n', /somebody/],
  [
    'environment.yml',
    'an address for pip',
    'dependencies:\n  - pip:\n    - git+https://evil.example/a\n',
    /not from the registry/,
  ],
  ['pip.conf', 'another index', '[global]\nindex-url = https://evil.example\n', /evil/],
  ['uv.toml', 'another index', '[[index]]\nurl = "https://evil.example"\n', /evil/],
  ['wheels/a-1.0.whl', 'an archive', 'x', /is not a text/],
])('%s: %s is found', (path, _, text, reason) => {
  expect(originsIn(path, text).join('\n')).toMatch(reason);
});

test("a new entry of a lock may come from the base's own index, but not from a host where anyone can publish", () => {
  const own = uvLock('registry = "https://pypi.corp.example/simple"', 'https://pypi.corp.example/a.tar.gz');
  expect(originsIn('uv.lock', own.replaceAll('"a"', '"b"'), { before: own })).toEqual([]);
  const shared = uvLock('registry = "https://pypi.org/simple"', 'https://github.com/x/a/a.tar.gz');
  expect(originsIn('uv.lock', shared.replaceAll('"a"', '"b"'), { before: shared })).toHaveLength(1);
});
