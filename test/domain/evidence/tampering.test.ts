/** Tampering, coverage of changed lines, criteria and approvals, tested as pure functions. */
import { CONVENTIONS } from '../../../src/adapters/runners/all-runners';
import { changedLines, coverageOfChange } from '../../../src/domain/evidence/coverage';
import { criteriaWithoutTest } from '../../../src/domain/evidence/criteria';
import { judgeTests } from '../../../src/domain/evidence/evidence';
import type { Evidence, TestIntegrity } from '../../../src/domain/evidence/evidence';
import {
  describeTampering,
  describeTouched,
  findTampering,
  tamperingText,
} from '../../../src/domain/evidence/tampering';
import type { PathChange } from '../../../src/domain/evidence/tampering';
import { isTestPath, isTestSetting } from '../../../src/domain/files';
import { isApproved } from '../../../src/domain/findings';
import { NOW } from '../a-build';
import { verifies } from '../../requirements/verifies';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const COMMIT = 'c'.repeat(40);
const NO_CONTEXT = {
  ...{ locked: null, unlocked: [], manifests: {}, called: [], beganEmpty: false },
  isJudge: (path: string) => isTestPath(path) || isTestSetting(path, CONVENTIONS),
  runners: CONVENTIONS,
};
const changedFile = (path: string) => ({ path, before: 'x', after: 'y' });
const addedFile = (path: string) => ({ path, before: null, after: 'y' });
const deletedFile = (path: string) => ({ path, before: 'x', after: null });

test.each([
  changedFile('test/a.test.js'),
  deletedFile('test/a.test.js'),
  changedFile('src/__tests__/a.ts'),
  changedFile('tests/test_a.py'),
  addedFile('jest.config.js'),
  changedFile('vitest.config.ts'),
  addedFile('.mocharc.json'),
  addedFile('.babelrc'),
  changedFile('.babelrc.js'),
  addedFile('.swcrc'),
  addedFile('conftest.py'),
  addedFile('tests/conftest.py'),
  changedFile('pytest.ini'),
  addedFile('sitecustomize.py'),
  changedFile('tsconfig.test.json'),
  addedFile('.npmrc'),
  addedFile('node_modules/assert/index.js'),
  changedFile('.github/workflows/ci.yml'),
  deletedFile('.gitlab-ci.yml'),
  addedFile('Jenkinsfile'),
])('%j is tampering', (change) => {
  expect(findTampering({ ...NO_CONTEXT, changes: [change] })).toEqual([change]);
});

test.each([addedFile('test/new.test.js'), changedFile('src/a.js'), addedFile('README.md'), deletedFile('src/old.js')])(
  '%j is not tampering',
  (change) => {
    expect(findTampering({ ...NO_CONTEXT, changes: [change] })).toEqual([]);
  },
);

test('in package.json only the test settings count', () => {
  const json = (value: object) => JSON.stringify(value);
  const find = (before: object, now: object) =>
    findTampering({
      ...NO_CONTEXT,
      changes: [changedFile('package.json')],
      manifests: { 'package.json': { before: json(before), after: json(now) } },
    });
  expect(find({ scripts: { test: 'node --test' } }, { scripts: { test: 'true' } })).toHaveLength(1);
  expect(find({}, { jest: { passWithNoTests: true } })).toHaveLength(1);
  expect(find({}, { babel: { plugins: ['./strip.js'] } })).toHaveLength(1);
  expect(find({}, { scripts: { pretest: 'x' } })).toHaveLength(1);
  expect(find({ scripts: { test: 'jest' } }, { scripts: { test: 'jest', build: 'tsc' }, dependencies: {} })).toEqual(
    [],
  );
});

test('A.3: changing a script that the test command calls is tampering, in each package.json', () => {
  const find = (before: object, after: object, called: string[] = []) => {
    const texts = { before: JSON.stringify({ scripts: before }), after: JSON.stringify({ scripts: after }) };
    const path = 'packages/a/package.json';
    return findTampering({ ...NO_CONTEXT, called, changes: [changedFile(path)], manifests: { [path]: texts } });
  };
  expect(find({ test: 'npm run unit', unit: 'jest' }, { test: 'npm run unit', unit: 'node fake.mjs' })).toHaveLength(1);
  expect(
    find({ test: 'npm run unit', unit: 'jest' }, { test: 'npm run unit', unit: 'jest', preunit: 'x' }),
  ).toHaveLength(1);
  expect(
    find({ test: 'run-s unit:*', 'unit:a': 'jest' }, { test: 'run-s unit:*', 'unit:a': 'jest', 'unit:b': 'x' }),
  ).toHaveLength(1);
  expect(find({ unit: 'jest' }, { unit: 'true' }, ['unit'])).toHaveLength(1);
  expect(find({ test: 'jest', build: 'tsc' }, { test: 'jest', build: 'vite build', start: 'node .' })).toEqual([]);
});

test('a file that affects judging counts by its use and not by its name or folder', () => {
  const isJudge = (path: string) => path === 'support/same.js';
  const changes = [changedFile('support/same.js'), changedFile('src/spec/engine.js'), changedFile('test/price.js')];
  expect(findTampering({ ...NO_CONTEXT, isJudge, changes })).toEqual([changedFile('support/same.js')]);
});

test('the first change of an empty project may choose the test settings', () => {
  expect(findTampering({ ...NO_CONTEXT, beganEmpty: true, changes: [addedFile('jest.config.js')] })).toEqual([]);
});

test('a locked test that differs from its lock is found, even if git shows no change; an equal one is not', () => {
  const locked = { digest: DIGEST, files: { 'test/l.test.js': DIGEST, 'test/m.test.js': DIGEST } };
  const found = findTampering({
    ...NO_CONTEXT,
    locked,
    unlocked: ['test/m.test.js'],
    changes: [addedFile('test/l.test.js')],
  });
  expect(found.map(({ path }) => path)).toEqual(['test/m.test.js']);
  expect(found.map(describeTouched)).toEqual(['test/m.test.js differs from its lock']);
});

test('the digest is within the first 160 characters of a long description', () => {
  const long = changedFile(`test/${'long'.repeat(200)}/a.test.js`);
  expect(describeTampering({ ...long, digest: DIGEST }).slice(0, 160)).toContain(DIGEST);
});

test('an approval covers exactly its files and contents, in any order', () => {
  const [a, b] = [changedFile('test/a.test.js'), deletedFile('test/b.test.js')];
  const text = (...found: PathChange[]) => tamperingText(found, { locked: null, diff: '' });
  expect(text(a, b)).toBe(text(b, a));
  expect(text(a)).not.toBe(text({ ...a, after: 'z' }));
  expect(text(a)).not.toBe(text({ ...a, before: 'z' }));
  expect(isApproved([{ gate: 'tampering', digest: DIGEST, actor: 'ada', at: NOW }], 'tampering', DIGEST)).toBe(true);
  expect(isApproved([{ gate: 'plan', digest: DIGEST, actor: 'ada', at: NOW }], 'tampering', DIGEST)).toBe(false);
});

const INTEGRITY: TestIntegrity = {
  ...{ runner: 'node-test', sentinel: { kept: true, reason: '' }, unshown: [], control: { files: 1, green: [] } },
  ...{ baseline: { passed: 2, lost: 0, names: [] }, lockedDigest: DIGEST },
};
const EVIDENCE: Evidence = {
  ...{ kind: 'tests', command: ['t'], commit: COMMIT, exitCode: 0, timedOut: false, failing: [], durationMs: 1 },
  ...{ counts: { total: 3, passed: 3, failed: 0, skipped: 0 }, coveragePercent: 90, logDigest: DIGEST },
  ...{ sandbox: 'bubblewrap', at: NOW, integrity: INTEGRITY },
};
const withIntegrity = (over: Partial<TestIntegrity>): Partial<Evidence> => ({ integrity: { ...INTEGRITY, ...over } });

test('complete evidence passes', () => {
  expect(judgeTests(EVIDENCE, { commit: COMMIT, lockedDigest: DIGEST })).toEqual({ pass: true });
  expect(JSON.stringify(EVIDENCE).length).toBeLessThan(2_048);
});

test.each<[Partial<Evidence>, RegExp]>([
  [{ commit: 'd'.repeat(40) }, /ran on dddddddddddd/],
  [withIntegrity({ lockedDigest: null }), /other locked tests/],
  [{ integrity: null }, /nothing watched/],
  [withIntegrity({ sentinel: { kept: false, reason: 'Object.is was replaced' } }), /not whole: Object.is was replaced/],
  [withIntegrity({ baseline: { passed: 2, lost: 1, names: ['a'] } }), /do not pass now: a/],
  [withIntegrity({ baseline: { passed: 4, lost: 0, names: [] } }), /3 tests passed, 4 did/],
  [withIntegrity({ unshown: ['test/l.test.js'] }), /no test passed in the locked/],
  [withIntegrity({ control: null }), /were not run without the change/],
  [withIntegrity({ control: { files: 1, green: ['test/l.test.js'] } }), /show nothing/],
  [{ coveragePercent: 79.9 }, /79.9 % of the changed lines/],
  [{ exitCode: 1 }, /exit code 1/],
  [{ counts: { total: 3, passed: 0, failed: 0, skipped: 3 } }, /skipped/],
])('evidence with %j does not pass', (over, reason) => {
  const verdict = judgeTests({ ...EVIDENCE, ...over }, { commit: COMMIT, lockedDigest: DIGEST });
  expect(verdict.pass ? '' : verdict.reasons.join('; ')).toMatch(reason);
});

test('coverage counts the changed lines of code, and a script that no test loaded counts as never run', () => {
  const diff =
    'diff --git a/src/a.js b/src/a.js\n--- a/src/a.js\n+++ b/src/a.js\n@@ -1,2 +1,4 @@\n one\n+two\n+\n+three\n-old\n' +
    'diff --git a/b.js b/b.js\nnew file mode 100644\n--- /dev/null\n+++ b/b.js\n@@ -0,0 +1,2 @@\n+// why\n+++count;\n' +
    'diff --git a/test/a.test.js b/test/a.test.js\n--- /dev/null\n+++ b/test/a.test.js\n@@ -0,0 +1 @@\n+x\n';
  const lines = changedLines(diff);
  expect(lines['src/a.js']?.map(({ line }) => line)).toEqual([2, 3, 4]);
  expect(lines['b.js']).toEqual([
    { line: 1, text: '// why' },
    { line: 2, text: '++count;' },
  ]);
  expect(coverageOfChange(lines, { 'src/a.js': { 1: 1, 2: 1, 4: 1 } }, CONVENTIONS)).toBe(66.7);
  expect(coverageOfChange(lines, null, CONVENTIONS)).toBeNull();
});

test('lines that a comment excludes from coverage count as never run', () => {
  const lines = (...texts: string[]) => ({ 'src/a.js': texts.map((text, index) => ({ line: index + 1, text })) });
  const counted = { 'src/a.js': { 1: 1 } };
  expect(coverageOfChange(lines('a()', 'b()', 'c()'), counted, CONVENTIONS)).toBe(100);
  for (const hint of ['/* istanbul ignore next */ b()', '/* c8 ignore start */', '/* v8 ignore next 3 */'])
    expect(coverageOfChange(lines('a()', hint, 'c()'), counted, CONVENTIONS)).toBeLessThan(80);
});

test('a file missing from the coverage counts as never run only in languages that the run measures', () => {
  const lines = { 'a.py': [{ line: 1, text: 'x = 1' }], 'a.js': [{ line: 1, text: 'x = 1' }] };
  expect(coverageOfChange(lines, { 'b.py': { 1: 1 }, 'a.js': { 1: 1 } }, CONVENTIONS)).toBe(50);
  expect(coverageOfChange(lines, { 'a.js': { 1: 1 } }, CONVENTIONS)).toBe(100);
  expect(coverageOfChange(lines, { 'a.py': { 1: 1 } }, CONVENTIONS)).toBe(100);
});

verifies('6.5');
test('a criterion needs a test that ran and passed', () => {
  const tests = [
    { file: 'test/a.js', name: 'adds', status: 'passed' },
    { file: 'test/b.js', name: 'takes away', status: 'failed' },
  ];
  const claim = (criterion_id: string, tested_by: string) => ({ criterion_id, tested_by });
  expect(criteriaWithoutTest(['C1'], [claim('C1', 'test/a.js: adds')], tests)).toEqual([]);
  expect(criteriaWithoutTest(['C1'], [claim('C1', 'the test "takes away"')], tests)).toHaveLength(1);
  expect(criteriaWithoutTest(['C1'], [claim('C1', 'by hand')], tests)).toHaveLength(1);
  expect(criteriaWithoutTest(['C1'], [claim('C1', 'all of test/a.js')], tests)).toEqual([]);
  expect(criteriaWithoutTest(['C1'], [claim('C1', 'test/a.js:12')], tests)).toEqual([]);
  for (const invented of ['test/a.js: divides', 'test/a.js::divides', 'test/a.js > divides'])
    expect(criteriaWithoutTest(['C1'], [claim('C1', invented)], tests)).toHaveLength(1);
  expect(criteriaWithoutTest(['C1', 'C2'], [claim('C1', 'adds')], tests)).toEqual(['criterion C2 has no test']);
});
