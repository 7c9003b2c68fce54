/**
 * pytest under watch. It is laid into the sandbox from this machine's Python; where there is none, these are skipped.
 */
import { spawnSync } from 'node:child_process';
import { PYTHON_TOOLS } from '../../../src/adapters/runners/pytest';
import { reasonsOf, runProject } from './bench';
import type { Files } from './bench';

const where = 'import os, pytest; print(os.path.dirname(os.path.dirname(pytest.__file__)))';
const folder = spawnSync('python3', ['-c', where], { encoding: 'utf8' }).stdout?.trim();
const canEnter = folder !== '' && !folder.startsWith('/root/');
const readOnly = canEnter ? [{ from: folder, to: PYTHON_TOOLS }] : [];
const withPytest = canEnter ? test : test.skip;

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
