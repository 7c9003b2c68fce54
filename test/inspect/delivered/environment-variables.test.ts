/**
 * Environment variables that only the tests set are found, and variables that no text names.
 */
import { findDelivered } from '../../../src/inspect/delivered/delivered';
import { MANIFEST, findingsOf, treeOf } from './example-tree';
import type { ExampleChange } from './example-tree';

const JS = 'export const tenths = () => Number(process.env.TILL_TENTHS);\n';
const PY = 'import os\nTENTHS = int(os.environ["TILL_TENTHS"])\n';
const reads = (base: Record<string, string>, files: Record<string, string> = { 'src/a.js': JS }): ExampleChange => ({
  base,
  files,
});
const python = (base: Record<string, string>): ExampleChange => reads(base, { 'till/a.py': PY });
const SUREFIRE =
  '<plugin>\n<artifactId>maven-surefire-plugin</artifactId>\n<systemPropertyVariables>\n<till.tenths>9</till.tenths>\n</systemPropertyVariables>\n</plugin>\n';
const JAVA = { 'src/main/java/A.java': 'class A { int a = Integer.parseInt(System.getProperty("till.tenths")); }\n' };

test.each<[string, ExampleChange]>([
  [
    'a script of npm for tests',
    reads({ 'package.json': MANIFEST({ scripts: { test: 'TILL_TENTHS=9 jest', start: 'node src/a.js' } }) }),
  ],
  ['a setting of jest', reads({ 'jest.setup.js': "process.env.TILL_TENTHS = '9';\n" })],
  ['a setting of vitest', reads({ 'vitest.config.ts': "export default { test: { env: { TILL_TENTHS: '9' } } };\n" })],
  ['a file of variables for tests', reads({ '.env.test': 'TILL_TENTHS=9\n' })],
  ['a test', reads({ 'test/a.test.js': "process.env.TILL_TENTHS = '9';\n" })],
  [
    'a test of destructured names',
    reads({ '.env.test': 'TILL_TENTHS=9\n' }, { 'src/a.js': 'const { TILL_TENTHS, PORT } = process.env;\n' }),
  ],
  ['a workflow of tests', reads({ '.github/workflows/test.yml': 'env:\n  TILL_TENTHS: 9\njobs: test\n' })],
  ['conftest', python({ 'tests/conftest.py': 'monkeypatch.setenv("TILL_TENTHS", "9")\n' })],
  [
    'a section of pytest',
    python({ 'pyproject.toml': '[project]\nname = "till"\n[tool.pytest_env]\nTILL_TENTHS = "9"\n' }),
  ],
  ['tox', python({ 'tox.ini': '[testenv]\nsetenv =\n    TILL_TENTHS = 9\n' })],
  ['a target of make', python({ Makefile: 'run:\n\tpython -m till\ntest:\n\tTILL_TENTHS=9 pytest\n' })],
  ['surefire', reads({ 'pom.xml': SUREFIRE }, JAVA)],
  ['gradle', reads({ 'build.gradle': 'test {\n  systemProperty "till.tenths", "9"\n}\n' }, JAVA)],
  [
    'a test of Go',
    reads({ 'a_test.go': 't.Setenv("TILL_TENTHS", "9")\n' }, { 'a.go': 'var a = os.Getenv("TILL_TENTHS")\n' }),
  ],
  [
    'a test of Rust',
    reads(
      { 'tests/a.rs': 'std::env::set_var("TILL_TENTHS", "9");\n' },
      { 'src/a.rs': 'let a = env::var("TILL_TENTHS")?;\n' },
    ),
  ],
])('a variable that only %s sets is found', (_name, told) =>
  expect(findingsOf(told).join('\n')).toMatch(
    /reads (?:TILL_TENTHS|till\.tenths), which the tests set \(.*nothing that goes live does/,
  ),
);

const TESTS = { '.env.test': 'TILL_TENTHS=9\n' };
test.each<[string, ExampleChange]>([
  ['an image', reads({ ...TESTS, Dockerfile: 'FROM node\nENV TILL_TENTHS=9\n' })],
  ['services', reads({ ...TESTS, 'docker-compose.yml': 'environment:\n  TILL_TENTHS: 9\n' })],
  ['an example of variables', reads({ ...TESTS, '.env.example': 'TILL_TENTHS=\n' })],
  ['a document', reads({ ...TESTS, 'README.md': 'Set `TILL_TENTHS` to the tenths.\n' })],
  ['a document of the change', reads(TESTS, { 'src/a.js': JS, 'docs/settings.md': '| TILL_TENTHS | tenths |\n' })],
  [
    'a script that starts it',
    reads({ 'package.json': MANIFEST({ scripts: { test: 'TILL_TENTHS=9 jest', start: 'TILL_TENTHS=8 node a.js' } }) }),
  ],
  ['a source that was there', reads({ ...TESTS, 'src/config.js': 'export const t = process.env.TILL_TENTHS;\n' })],
  ['a program that sets it', reads(TESTS, { 'src/a.js': JS, 'bin/till.js': "process.env.TILL_TENTHS ??= '9';\n" })],
  [
    'a workflow that deploys',
    reads({ ...TESTS, '.github/workflows/deploy.yml': 'jobs: deploy\nenv:\n  TILL_TENTHS: 9\n' }),
  ],
  [
    'settings of the product beside those of tests',
    reads(
      { 'pom.xml': `${SUREFIRE}<artifactId>spring-boot-maven-plugin</artifactId>\n<till.tenths>9</till.tenths>\n` },
      JAVA,
    ),
  ],
])('a variable that %s names is no finding', (_name, told) => expect(findingsOf(told)).toEqual([]));

test.each<[string, ExampleChange]>([
  [
    'a variable that the system sets',
    reads(
      { '.env.test': 'NODE_ENV=test\nPORT=1\n' },
      { 'src/a.js': 'const a = process.env.NODE_ENV, b = process.env.PORT;\n' },
    ),
  ],
  ['a variable that the file read before', { base: { ...TESTS, 'src/a.js': JS }, files: { 'src/a.js': `${JS}${JS}` } }],
  ['a tool and a test', reads(TESTS, { 'scripts/a.js': JS, 'test/a.test.js': JS })],
  ['a comment', reads(TESTS, { 'src/a.js': '// process.env.TILL_TENTHS\n' })],
])('%s is no finding', (_name, told) => expect(findingsOf(told)).toEqual([]));

test.each([
  ['src/a.js', "const a = process.env.TILL_TENTHS ?? '0';\n"],
  ['till/a.py', 'A = os.environ.get("TILL_TENTHS", "0")\n'],
])('a variable of %s with a default that only tests set is a note', (path, text) => {
  const { found, notes } = findDelivered(treeOf(reads(TESTS, { [path]: text })));
  expect(found).toEqual([]);
  expect(notes.join('\n')).toContain('no run of these tests shows its default');
});

test.each<[string, ExampleChange]>([
  ['in JavaScript', reads({})],
  ['in JavaScript, and tests set one of a longer name', reads({ '.env.test': 'TILL_TENTHS_OFF=9\n' })],
  ['in JavaScript, with a default', reads({}, { 'src/a.js': 'export const a = process.env.TILL_PRICE ?? 9;\n' })],
  ['in Python, with a default', python({ 'README.md': '# Till\n' })],
  ['in Java', reads({}, JAVA)],
])('a variable that no test sets and no text names is found: %s', (_, told) => {
  expect(findingsOf(told)).toEqual([expect.stringMatching(/which no test sets and no text/)]);
});

test.each<[string, ExampleChange]>([
  ['the documentation names it', reads({ 'README.md': 'Set `TILL_TENTHS` to the tenths.\n' })],
  ['the plan names it', { ...reads({}), asked: { paths: [], text: 'TILL_TENTHS says how many tenths.' } }],
  ['a file of variables for people names it', reads({ '.env.example': 'TILL_TENTHS=9\n' })],
  ['systems set it', reads({}, { 'src/a.js': 'export const port = Number(process.env.PORT ?? 80);\n' })],
  ['it was read before', reads({ 'src/a.js': JS }, { 'src/a.js': `${JS}// more\n` })],
])('nothing is found where %s', (_, told) => {
  expect(findingsOf(told)).toEqual([]);
});
