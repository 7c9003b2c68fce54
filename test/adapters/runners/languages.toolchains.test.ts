/** Tests Python, C and Rust with the toolchains of this machine; Go is in go.toolchains.test.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTestCommand } from '../../../src/inspect/commands/find-commands';
import { runProject } from './run-project';
import type { Project } from './run-project';
import { workerSandbox, withTool } from '../../with-tool';
import { copyPytest, userSite } from './test-tools';

const pytestFolder = mkdtempSync(join(tmpdir(), 'q-test-python-'));
beforeAll(() => copyPytest(pytestFolder), 320_000);
afterAll(() => rmSync(pytestFolder, { recursive: true, force: true }));

const pytest = (files: Project['files'], command = ['python3', '-m', 'pytest']) =>
  runProject({ files, command, readOnly: [{ from: pytestFolder, to: userSite() }], coverage: false });

test('R3, P9: pytest with src layout, its own settings, classes and parameters', async () => {
  const { output, ...testRun } = await pytest({
    'pyproject.toml': '[tool.pytest.ini_options]\npythonpath = ["src"]\npython_files = ["check_*.py"]\n',
    'src/sums/__init__.py': 'def add(a, b):\n    return a + b\n',
    'tests/check_sums.py': `
import os, subprocess, sys
import pytest
from sums import add

class TestSums:
    @pytest.mark.parametrize("a", [1, 2])
    def test_add(self, a):
        assert add(a, 1) == 2

@pytest.mark.skip
def test_later(): ...

@pytest.mark.xfail
def test_expected(): assert False

def test_sees_no_trace():
    seen = str(sys.argv) + str(dict(os.environ))
    assert "reporters" not in seen and "PYTEST_ADDOPTS" not in os.environ and "PYTHONPATH" not in os.environ
`,
  });
  expect({ ...testRun, output }).toMatchObject({
    runner: 'pytest',
    counts: { total: 5, passed: 2, failed: 1, skipped: 2 },
  });
  expect(testRun.tests.map(({ file, name, status }) => [file, name, status])).toContainEqual([
    ...['tests/check_sums.py', 'TestSums::test_add[2]', 'failed'],
  ]);
  expect(testRun.failures).toMatchObject([
    {
      file: 'tests/check_sums.py',
      name: 'TestSums::test_add[2]',
      message: expect.stringContaining('assert 3 == 2') as string,
    },
  ]);
  expect(testRun.sentinel).toEqual({ kept: true, reason: '' });
});

test('P11: a missing module is named, and the record counts as complete', async () => {
  const testRun = await pytest({ 'test_a.py': 'import no_such_module\ndef test_a(): pass\n' });
  expect(testRun).toMatchObject({
    counts: { total: 1, failed: 1 },
    failing: ['test_a.py did not run'],
    sentinel: { kept: true },
  });
  expect(testRun.failures[0]?.message).toContain("No module named 'no_such_module'");
});

test('a run of pytest whose process ends early is incomplete', async () => {
  const testRun = await pytest({
    'test_a.py': 'import os\ndef test_a(): pass\ndef test_b(): os._exit(0)\ndef test_c(): pass\n',
  });
  expect(testRun.sentinel).toEqual({ kept: false, reason: expect.stringContaining('was cut off') as string });
});

test('pytest in an environment without the variables, as tox makes it, is read by its output', async () => {
  const testRun = await pytest({ 'test_a.py': 'def test_a(): pass\ndef test_b(): assert 1 == 2\n' }, [
    'sh',
    '-c',
    `exec env -u PYTEST_ADDOPTS -u PYTHONPATH python3 -m pytest -v`,
  ]);
  expect(testRun).toMatchObject({ runner: 'pytest', counts: { total: 2, passed: 1, failed: 1 }, sentinel: null });
  expect(testRun.tests[0]).toMatchObject({ file: 'test_a.py', name: 'test_a' });
});

test('pytest that cannot load the plugin is run again without it', async () => {
  const command = ['sh', '-c', 'env -u PYTHONPATH python3 -m pytest'];
  const testRun = await pytest({ 'test_a.py': 'def test_a(): pass\n' }, command);
  expect(testRun).toMatchObject({ counts: { total: 1, passed: 1 }, exitCode: 0 });
});

test('P5: unittest names its tests and their files', async () => {
  const testRun = await runProject({
    files: {
      'tests/__init__.py': '',
      'tests/test_a.py': `import unittest
class TestA(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(1 + 1, 2)
    def test_wrong(self):
        self.assertEqual(1 + 1, 3)
    @unittest.skip("later")
    def test_later(self): pass
`,
    },
    command: ['python3', '-m', 'unittest', 'discover', '-v'],
  });
  expect(testRun).toMatchObject({ runner: 'unittest', counts: { total: 3, passed: 1, failed: 1, skipped: 1 } });
  expect(testRun.tests[0]).toMatchObject({ file: 'tests/test_a.py', name: 'tests.test_a.TestA.test_adds' });
});

withTool('ctest')('ctest: configured, built and run; tests are named', async () => {
  const cmake = 'cmake_minimum_required(VERSION 3.10)\nproject(sums NONE)\nenable_testing()\n';
  const files = {
    'CMakeLists.txt': `${cmake}add_test(NAME adds COMMAND true)\nadd_test(NAME is-wrong COMMAND false)\n`,
  };
  const command = await findTestCommand({
    files: Object.keys(files),
    read: (path) => Promise.resolve(files[path as keyof typeof files]),
  });
  const testRun = await runProject({ files, command: command ?? [], coverage: false, sandbox: workerSandbox() });
  expect(testRun.tests.map(({ name, status }) => [name, status])).toEqual([
    ['adds', 'passed'],
    ['is-wrong', 'failed'],
  ]);
  expect(testRun).toMatchObject({ runner: 'ctest', counts: { total: 2, passed: 1, failed: 1 } });
});

withTool('cargo')('P5: cargo test names its tests by crate', async () => {
  const testRun = await runProject({
    files: {
      'Cargo.toml': '[package]\nname = "sums"\nversion = "0.1.0"\nedition = "2021"\n',
      'src/lib.rs': '#[cfg(test)]\nmod tests {\n    #[test]\n    fn adds() {}\n}\n',
    },
    command: ['cargo', 'test', '--offline'],
    sandbox: workerSandbox(),
  });
  expect(testRun.tests).toMatchObject([{ name: 'sums::tests::adds', status: 'passed' }]);
});
