/**
 * pytest under watch. A copy of this machine's is laid into the sandbox; where there is none, these are skipped.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PYTHON_TOOLS } from '../../../src/adapters/runners/pytest';
import { reasonsOf, runProject } from './bench';
import type { Files } from './bench';
import { copyPytest, hasPytest } from './test-tools';

const withPytest = hasPytest ? test : test.skip;

let tools: string;
const readOnly: Array<{ from: string; to: string }> = [];
beforeAll(() => {
  tools = mkdtempSync(join(tmpdir(), 'q-test-pytest-'));
  if (hasPytest) copyPytest(tools);
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

withPytest(
  "lines that ran are told from lines that did not, and code of another text under a file's name counts for nothing",
  async () => {
    const source =
      'def pick(a):\n    if a:\n        return 1\n    return 2\n\n\ndef forge():\n    exec(compile("\\n\\n\\nx = 1", __file__, "exec"))\n';
    const files = {
      'src.py': source,
      'late.py': 'x = 1\n',
      'test_a.py': 'from src import forge, pick\ndef test_picks():\n    forge()\n    assert pick(True) == 1\n',
    };
    const run = await runProject({ runner: 'pytest', readOnly, files });
    expect(reasonsOf(run)).toEqual([]);
    expect(run.coverage?.['src.py']).toEqual({ 1: 1, 2: 1, 3: 1, 4: 0, 7: 1, 8: 1 });
    expect(run.coverage).not.toHaveProperty(['late.py']);
  },
);

withPytest('a process that a test starts anew does not start the tests again', async () => {
  const source = `import multiprocessing, sys
def path(queue):
    queue.put([sys.path[0], "/sentinel" in sys.path])
def look(how):
    context = multiprocessing.get_context(how)
    queue = context.SimpleQueue()
    process = context.Process(target=path, args=(queue,))
    process.start()
    process.join()
    assert process.exitcode == 0
    return queue.get()[1]
`;
  const more = `import pytest, sys
from src import look
@pytest.mark.parametrize("how", ["spawn", "forkserver"])
def test_starts(how):
    assert look(how) is False
def test_sees_no_sentinel():
    assert "/sentinel" not in sys.path and sys.argv[1:] == ["test_a.py"]
`;
  const run = await runProject({ runner: 'pytest', readOnly, files: { 'src.py': source, 'test_a.py': more } });
  expect(run.counts).toMatchObject({ total: 3, passed: 3 });
  expect(run.output.match(/100%/g)).toHaveLength(1);
  expect(reasonsOf(run)).toEqual([]);
});
