/**
 * Environment variables that only the tests set are found, and variables that no text names.
 */
import { findDelivered } from '../../../src/inspect/delivered/delivered';
import { MANIFEST, findingsOf, treeOf } from './example-tree';
import type { ExampleChange } from './example-tree';

const JS = 'export const tenths = () => Number(process.env.TILL_TENTHS);\n';
const PY = 'import os\nTENTHS = int(os.environ["TILL_TENTHS"])\n';
const changeThatReads = (
  base: Record<string, string>,
  files: Record<string, string> = { 'src/a.js': JS },
): ExampleChange => ({
  base,
  files,
});
const pythonChange = (base: Record<string, string>): ExampleChange => changeThatReads(base, { 'till/a.py': PY });
const SUREFIRE =
  '<plugin>\n<artifactId>maven-surefire-plugin</artifactId>\n<systemPropertyVariables>\n<till.tenths>9</till.tenths>\n</systemPropertyVariables>\n</plugin>\n';
const JAVA = { 'src/main/java/A.java': 'class A { int a = Integer.parseInt(System.getProperty("till.tenths")); }\n' };

test.each<[string, ExampleChange]>([
  [
    'a script of npm for tests',
    changeThatReads({ 'package.json': MANIFEST({ scripts: { test: 'TILL_TENTHS=9 jest', start: 'node src/a.js' } }) }),
  ],
  ['a setting of jest', changeThatReads({ 'jest.setup.js': "process.env.TILL_TENTHS = '9';\n" })],
  [
    'a setting of vitest',
    changeThatReads({ 'vitest.config.ts': "export default { test: { env: { TILL_TENTHS: '9' } } };\n" }),
  ],
  ['a file of variables for tests', changeThatReads({ '.env.test': 'TILL_TENTHS=9\n' })],
  ['a test', changeThatReads({ 'test/a.test.js': "process.env.TILL_TENTHS = '9';\n" })],
  [
    'a test of destructured names',
    changeThatReads({ '.env.test': 'TILL_TENTHS=9\n' }, { 'src/a.js': 'const { TILL_TENTHS, PORT } = process.env;\n' }),
  ],
  ['a workflow of tests', changeThatReads({ '.github/workflows/test.yml': 'env:\n  TILL_TENTHS: 9\njobs: test\n' })],
  ['conftest', pythonChange({ 'tests/conftest.py': 'monkeypatch.setenv("TILL_TENTHS", "9")\n' })],
  [
    'a section of pytest',
    pythonChange({ 'pyproject.toml': '[project]\nname = "till"\n[tool.pytest_env]\nTILL_TENTHS = "9"\n' }),
  ],
  ['tox', pythonChange({ 'tox.ini': '[testenv]\nsetenv =\n    TILL_TENTHS = 9\n' })],
  ['a target of make', pythonChange({ Makefile: 'run:\n\tpython -m till\ntest:\n\tTILL_TENTHS=9 pytest\n' })],
  ['surefire', changeThatReads({ 'pom.xml': SUREFIRE }, JAVA)],
  ['gradle', changeThatReads({ 'build.gradle': 'test {\n  systemProperty "till.tenths", "9"\n}\n' }, JAVA)],
  [
    'a test of Go',
    changeThatReads(
      { 'a_test.go': 't.Setenv("TILL_TENTHS", "9")\n' },
      { 'a.go': 'var a = os.Getenv("TILL_TENTHS")\n' },
    ),
  ],
  [
    'a test of Rust',
    changeThatReads(
      { 'tests/a.rs': 'std::env::set_var("TILL_TENTHS", "9");\n' },
      { 'src/a.rs': 'let a = env::var("TILL_TENTHS")?;\n' },
    ),
  ],
])('a variable that only %s sets is found', (_name, change) =>
  expect(findingsOf(change).join('\n')).toMatch(
    /reads (?:TILL_TENTHS|till\.tenths), which the tests set \(.*nothing that goes live does/,
  ),
);

const TESTS = { '.env.test': 'TILL_TENTHS=9\n' };
test.each<[string, ExampleChange]>([
  ['an image', changeThatReads({ ...TESTS, Dockerfile: 'FROM node\nENV TILL_TENTHS=9\n' })],
  ['services', changeThatReads({ ...TESTS, 'docker-compose.yml': 'environment:\n  TILL_TENTHS: 9\n' })],
  ['an example of variables', changeThatReads({ ...TESTS, '.env.example': 'TILL_TENTHS=\n' })],
  ['a document', changeThatReads({ ...TESTS, 'README.md': 'Set `TILL_TENTHS` to the tenths.\n' })],
  [
    'a document of the change',
    changeThatReads(TESTS, { 'src/a.js': JS, 'docs/settings.md': '| TILL_TENTHS | tenths |\n' }),
  ],
  [
    'a script that starts it',
    changeThatReads({
      'package.json': MANIFEST({ scripts: { test: 'TILL_TENTHS=9 jest', start: 'TILL_TENTHS=8 node a.js' } }),
    }),
  ],
  [
    'a source that was there',
    changeThatReads({ ...TESTS, 'src/config.js': 'export const t = process.env.TILL_TENTHS;\n' }),
  ],
  [
    'a program that sets it',
    changeThatReads(TESTS, { 'src/a.js': JS, 'bin/till.js': "process.env.TILL_TENTHS ??= '9';\n" }),
  ],
  [
    'a workflow that deploys',
    changeThatReads({ ...TESTS, '.github/workflows/deploy.yml': 'jobs: deploy\nenv:\n  TILL_TENTHS: 9\n' }),
  ],
  [
    'settings of the product beside those of tests',
    changeThatReads(
      { 'pom.xml': `${SUREFIRE}<artifactId>spring-boot-maven-plugin</artifactId>\n<till.tenths>9</till.tenths>\n` },
      JAVA,
    ),
  ],
])('a variable that %s names is no finding', (_name, change) => expect(findingsOf(change)).toEqual([]));

test.each<[string, ExampleChange]>([
  [
    'a variable that the system sets',
    changeThatReads(
      { '.env.test': 'NODE_ENV=test\nPORT=1\n' },
      { 'src/a.js': 'const a = process.env.NODE_ENV, b = process.env.PORT;\n' },
    ),
  ],
  ['a variable that the file read before', { base: { ...TESTS, 'src/a.js': JS }, files: { 'src/a.js': `${JS}${JS}` } }],
  ['a tool and a test', changeThatReads(TESTS, { 'scripts/a.js': JS, 'test/a.test.js': JS })],
  ['a comment', changeThatReads(TESTS, { 'src/a.js': '// process.env.TILL_TENTHS\n' })],
])('%s is no finding', (_name, change) => expect(findingsOf(change)).toEqual([]));

test.each([
  ['src/a.js', "const a = process.env.TILL_TENTHS ?? '0';\n"],
  ['till/a.py', 'A = os.environ.get("TILL_TENTHS", "0")\n'],
])('a variable of %s with a default that only tests set is a note', (path, text) => {
  const { found, notes } = findDelivered(treeOf(changeThatReads(TESTS, { [path]: text })));
  expect(found).toEqual([]);
  expect(notes.join('\n')).toContain('no run of these tests shows its default');
});

test.each<[string, ExampleChange]>([
  ['in JavaScript', changeThatReads({})],
  ['in JavaScript, and tests set one of a longer name', changeThatReads({ '.env.test': 'TILL_TENTHS_OFF=9\n' })],
  [
    'in JavaScript, with a default',
    changeThatReads({}, { 'src/a.js': 'export const a = process.env.TILL_PRICE ?? 9;\n' }),
  ],
  ['in Python, with a default', pythonChange({ 'README.md': '# Till\n' })],
  ['in Java', changeThatReads({}, JAVA)],
])('a variable that no test sets and no text names is found: %s', (_, change) => {
  expect(findingsOf(change)).toEqual([expect.stringMatching(/which no test sets and no text/)]);
});

test.each<[string, ExampleChange]>([
  ['the documentation names it', changeThatReads({ 'README.md': 'Set `TILL_TENTHS` to the tenths.\n' })],
  ['the plan names it', { ...changeThatReads({}), asked: { paths: [], text: 'TILL_TENTHS says how many tenths.' } }],
  ['a file of variables for people names it', changeThatReads({ '.env.example': 'TILL_TENTHS=9\n' })],
  ['systems set it', changeThatReads({}, { 'src/a.js': 'export const port = Number(process.env.PORT ?? 80);\n' })],
  ['it was read before', changeThatReads({ 'src/a.js': JS }, { 'src/a.js': `${JS}// more\n` })],
])('nothing is found if %s', (_, change) => {
  expect(findingsOf(change)).toEqual([]);
});
