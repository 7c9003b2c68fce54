/**
 * Finds settings and hooks that leave out tests by name, in the syntax of each runner, and no similar honest ones.
 */
import { leftOutTests } from '../../src/inspect/judges/left-out-tests';

const leavingOutLines = (path: string, after: string, before: string | null = null) =>
  leftOutTests(path, { before, after }).map(({ line }) => line);

test.each([
  ['tests/conftest.py', '"""Slow."""\n\ncollect_ignore_glob = ["test_refund*", "*_regression.py"]\n', [3]],
  ['tests/conftest.py', 'collect_ignore = [\n    "test_refund.py",\n]\n', [1]],
  ['tests/conftest.py', 'collect_ignore: list[str] = []\ncollect_ignore.append("refund.py")\n', [1, 2]],
  [
    'tests/conftest.py',
    'def pytest_ignore_collect(collection_path, config):\n    return "refund" in collection_path.name\n',
    [1],
  ],
  [
    'tests/conftest.py',
    'def pytest_collection_modifyitems(config, items):\n    items[:] = [i for i in items if "refund" not in i.nodeid]\n',
    [1],
  ],
  [
    'tests/conftest.py',
    'def pytest_collection_modifyitems(items):\n    for item in items:\n        if "refund" in item.nodeid:\n            item.add_marker(pytest.mark.skip)\n',
    [1],
  ],
  [
    'tests/conftest.py',
    '@pytest.fixture(autouse=True)\ndef calm(request):\n    if "refund" in request.node.name:\n        pytest.skip("slow")\n',
    [1],
  ],
  [
    'tests/conftest.py',
    'def pytest_runtest_setup(item):\n    if "refund" in item.name:\n        pytest.skip("slow")\n',
    [1],
  ],
  ['tests/pytest.ini', '[pytest]\naddopts = --ignore-glob=*refund*\n', [2]],
  ['tests/pytest.ini', '[pytest]\naddopts = -q -k "not refund"\n', [2]],
  ['tests/pytest.ini', '[pytest]\nnorecursedirs = refunds\n', [2]],
  ['test/jest.config.js', "module.exports = {\n  testPathIgnorePatterns: ['refund'],\n};\n", [2]],
  ['test/jest.config.json', '{\n  "testPathIgnorePatterns": ["refund"]\n}\n', [2]],
  ['test/vitest.config.ts', "export default { test: { exclude: ['**/refund*'] } };\n", [1]],
  ['test/.mocharc.yml', 'ignore:\n  - test/refund*\n', [1]],
  ['test/setup.js', 'beforeEach(function () {\n  if (/refund/.test(this.currentTest.title)) this.skip();\n});\n', [1]],
  ['test/setup.js', 'globalThis.it = (name, run) => /refund/.test(name) ? it.skip(name, run) : it(name, run);\n', [1]],
  ['spec/spec_helper.rb', 'RSpec.configure do |config|\n  config.filter_run_excluding :refund\nend\n', [2]],
  ['till_test.go', 'func TestMain(m *testing.M) {\n\tflag.Set("test.skip", "Refund")\n\tos.Exit(m.Run())\n}\n', [2]],
  ['till_test.go', 'func TestMain(m *testing.M) {\n\tos.Exit(0)\n}\n', [1]],
  ['tests/Cargo.toml', '[[test]]\nname = "refund"\ntest = false\n', [3]],
  [
    'src/test/resources/junit-platform.properties',
    'junit.jupiter.extensions.autodetection.filter=x\njunit.exclude.names=Refund\n',
    [1, 2],
  ],
])('%s leaves out tests: %j', (path, text, lines) => {
  expect(leavingOutLines(path, text)).toEqual(lines);
});

test.each([
  ['tests/conftest.py', 'import pytest\n\n\n@pytest.fixture\ndef ledger():\n    return []\n'],
  ['tests/conftest.py', 'collect_ignore = ["setup.py", "docs/"]\n'],
  ['tests/conftest.py', 'if sys.version_info < (3, 10):\n    collect_ignore.append("test_match.py")\n'],
  [
    'tests/conftest.py',
    'def pytest_collection_modifyitems(items):\n    items[:] = sorted(items, key=lambda i: i.nodeid)\n',
  ],
  [
    'tests/conftest.py',
    'def pytest_collection_modifyitems(config, items):\n    if config.getoption("--runslow"):\n        return\n    for item in items:\n        if "slow" in item.keywords:\n            item.add_marker(pytest.mark.skip(reason="needs --runslow"))\n',
  ],
  ['tests/conftest.py', '# collect_ignore is not used here\n'],
  [
    'tests/conftest.py',
    '@pytest.fixture(autouse=True)\ndef clock(monkeypatch):\n    monkeypatch.setenv("TZ", "UTC")\n',
  ],
  ['tests/pytest.ini', '[pytest]\naddopts = -q --strict-markers\n'],
  ['test/a.test.js', "test('a path is left out', () => assert.deepEqual(walk({ exclude: ['a'] }), []));\n"],
  ['test/a.test.js', 'beforeEach(() => {\n  ledger.length = 0;\n});\n'],
  ['test/vitest.config.ts', "export default {\n  test: {\n    exclude: ['node_modules', 'dist'],\n  },\n};\n"],
  ['till_test.go', 'func TestMain(m *testing.M) {\n\tsetup()\n\tos.Exit(m.Run())\n}\n'],
  ['tests/data/ignore.json', '{ "ignore": ["a"] }\n'],
])('%s leaves out no tests: %j', (path, text) => {
  expect(leavingOutLines(path, text)).toEqual([]);
});

test('old lines are not reported', () => {
  const old = 'collect_ignore_glob = ["*_slow.py"]\n';
  expect(leavingOutLines('tests/conftest.py', `${old}\n\ndef helper():\n    return 1\n`, old)).toEqual([]);
});
