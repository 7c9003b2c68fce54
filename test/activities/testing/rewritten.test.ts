/** Tests with real git and sandbox that a test run which rewrites sources is no evidence, unless the run at the base rewrites them too (B1). */
import { MockActivityEnvironment } from '@temporalio/testing';
import { measureTests } from '../../../src/activities/testing/measure';
import type { Measured } from '../../../src/activities/testing/measure';
import { judgeTests } from '../../../src/domain/evidence/evidence';
import { startVerification } from '../changed-build';
import { isTestPath } from '../../../src/domain/files';
import { SILENT } from '../on-activity';

let verification: Awaited<ReturnType<typeof startVerification>>;
beforeAll(async () => {
  verification = await startVerification();
});
afterAll(() => verification.stop());

const STAMP = "require('node:fs').writeFileSync('src/version.js', 'module.exports = ' + Date.now() + ';');";
const testFile = (name: string, before = '') =>
  `${before}const test = require('node:test');\ntest('${name}', () => require('node:assert').equal(require('../src/a.js'), 1));\n`;
const BASE = {
  'package.json': '{ "scripts": { "pretest": "node stamp.js", "test": "node --test" } }\n',
  'stamp.js': STAMP,
  'src/version.js': 'module.exports = 0;',
  'src/a.js': 'module.exports = 1;\n',
  'test/a.test.js': testFile('old'),
};

async function verdictOn(buildId: string, change: Record<string, string>) {
  const { deps } = verification;
  const repo = { projectId: 'shop', buildId };
  const asChanges = (files: Record<string, string>) =>
    Object.entries(files).map(([path, content]) => ({ path, content }));
  const empty = await deps.workspace.prepare(repo);
  const { commit: base } = await deps.workspace.apply({ ...repo, ...empty }, asChanges(BASE), 'base');
  const { commit } = await deps.workspace.apply({ ...repo, commit: base }, asChanges(change), 'change');
  const excused = { moved: new Map<string, string>(), mayBeLost: () => false };
  const input = {
    repo,
    base,
    commit,
    commands: undefined,
    overrides: {},
    locked: { files: [], lock: null },
    changedTests: [],
  };
  const measured = await new MockActivityEnvironment({}, { logger: SILENT }).run((): Promise<Measured | undefined> =>
    measureTests(deps, { ...input, excused, isTest: isTestPath, approved: [], keepsAll: true, needsControl: false }),
  );
  return judgeTests(measured?.evidence ?? null, { commit, lockedDigest: null });
}

test('a test that writes the right source over the wrong one makes its run no evidence', async () => {
  const write = "require('node:fs').writeFileSync('src/a.js', 'module.exports = 1;');\n";
  const change = {
    'src/a.js': 'module.exports = 2;\n',
    'test/b.test.js': testFile('new', write),
    'test/a.test.js': testFile('old', write),
  };
  expect(await verdictOn('bent', change)).toEqual({
    pass: false,
    reasons: ['the test run changed these files of the commit: src/a.js'],
  });
});

test('a run is evidence if it rewrites only a source that the base also rewrites, and files that are no sources', async () => {
  const write = "require('node:fs').writeFileSync('test/seen.txt', 'x');\n";
  expect(await verdictOn('honest', { 'test/b.test.js': testFile('new', write) })).toEqual({ pass: true });
});
