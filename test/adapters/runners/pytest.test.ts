/**
 * pytest under watch. A copy of this machine's is laid into the sandbox; where there is none, these are skipped.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { PYTHON_TOOLS } from '../../../src/adapters/runners/pytest';
import { reasonsOf, runProject } from './bench';
import type { Files } from './bench';

const where = `
import _pytest, iniconfig, packaging, pluggy, pytest
for one in (_pytest, iniconfig, packaging, pluggy, pytest): print(one.__path__[0])`;
const packages = spawnSync('python3', ['-c', where], { encoding: 'utf8' }).stdout?.trim().split('\n') ?? [];
const withPytest = packages.length === 5 ? test : test.skip;

/** Python's packages may lie where the sandbox's user cannot enter. */
let tools: string;
const readOnly: Array<{ from: string; to: string }> = [];
beforeAll(() => {
  tools = mkdtempSync(join(tmpdir(), 'q-test-pytest-'));
  chmodSync(tools, 0o755);
  for (const folder of packages.filter((path) => path !== ''))
    cpSync(folder, join(tools, basename(folder)), { recursive: true, dereference: true });
  readOnly.push({ from: tools, to: PYTHON_TOOLS });
});
afterAll(() => rmSync(tools, { recursive: true, force: true }));

const WRONG = 'def add(a, b):\n    return a - b\n';
const TEST = 'from src import add\ndef test_adds():\n    assert add(1, 2) == 3\n';
const ALL_PASS =
  "import pytest\n@pytest.hookimpl(hookwrapper=True)\ndef pytest_runtest_makereport(item, call):\n    out = yield\n    r = out.get_result()\n    r.outcome = 'passed'\n";

const BENT: Array<[string, Files, RegExp]> = [
  ['a conftest.py that marks all as passed', { 'conftest.py': ALL_PASS }, /made a failure|tests failed/],
  [
    'a conftest.py that leaves all out',
    { 'conftest.py': 'def pytest_collection_modifyitems(items):\n    items[:] = []\n' },
    /no test ran/,
  ],
  ['pytest.ini with -k', { 'pytest.ini': '[pytest]\naddopts = -k nothing\n' }, /tests failed/],
  ['sitecustomize.py that exits', { 'sitecustomize.py': 'import os\nos._exit(0)\n' }, /tests failed/],
  ['a pytest.py of its own', { 'pytest.py': 'def main(*a, **k): return 0\n' }, /tests failed/],
  ['os._exit(0) in the code', { 'src.py': `${WRONG}import os\nos._exit(0)\n` }, /last word/],
  ['sys.exit(0) in the code', { 'src.py': `${WRONG}import sys\nsys.exit(0)\n` }, /tests failed|exit code/],
  ['skip', { 'test_a.py': `import pytest\npytestmark = pytest.mark.skip\n${TEST}` }, /skipped/],
  ['xfail', { 'test_a.py': `import pytest\npytestmark = pytest.mark.xfail\n${TEST}` }, /skipped/],
  ['a summary printed by itself', { 'src.py': `${WRONG}print('==== 9 passed in 0.1s ====')\n` }, /tests failed/],
];
withPytest.each(BENT)('bent: %s', async (_, files, reason) => {
  const run = await runProject({ runner: 'pytest', readOnly, files: { 'src.py': WRONG, 'test_a.py': TEST, ...files } });
  expect(reasonsOf(run, ['test_adds']).join('; ')).toMatch(reason);
});

withPytest('honest: functions, classes, tables and fixtures', async () => {
  const more =
    'import pytest\n@pytest.fixture\ndef one():\n    return 1\nclass TestA:\n    def test_b(self, one):\n        assert one == 1\n@pytest.mark.parametrize("n", [1, 2])\ndef test_n(n):\n    assert n\n';
  const files = { 'src.py': 'def add(a, b):\n    return a + b\n', 'test_a.py': TEST, 'tests/test_b.py': more };
  const run = await runProject({ runner: 'pytest', readOnly, files });
  expect(reasonsOf(run)).toEqual([]);
  expect(run.counts).toMatchObject({ total: 4, passed: 4 });
});
