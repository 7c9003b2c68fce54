/** B1: tests with real git and sandbox that a run which rewrites sources is no evidence, unless the base's run rewrites them too. */
import { MockActivityEnvironment } from '@temporalio/testing';
import { measureTests } from '../../../src/activities/testing/measure';
import type { Measured } from '../../../src/activities/testing/measure';
import { judgeTests } from '../../../src/domain/evidence/evidence';
import { startPlace } from '../changed-build';
import { isTestPath } from '../../../src/domain/files';
import { SILENT } from '../on-activity';

let place: Awaited<ReturnType<typeof startPlace>>;
beforeAll(async () => {
  place = await startPlace();
});
afterAll(() => place.stop());

const STAMP = "require('node:fs').writeFileSync('src/version.js', 'module.exports = ' + Date.now() + ';');";
const TEST = (name: string, before = '') =>
  `${before}const test = require('node:test');\ntest('${name}', () => require('node:assert').equal(require('../src/a.js'), 1));\n`;
const BASE = {
  'package.json': '{ "scripts": { "pretest": "node stamp.js", "test": "node --test" } }\n',
  'stamp.js': STAMP,
  'src/version.js': 'module.exports = 0;',
  'src/a.js': 'module.exports = 1;\n',
  'test/a.test.js': TEST('old'),
};

async function verdictOn(buildId: string, change: Record<string, string>) {
  const { deps } = place;
  const repo = { projectId: 'shop', buildId };
  const as = (files: Record<string, string>) => Object.entries(files).map(([path, content]) => ({ path, content }));
  const empty = await deps.workspace.prepare(repo);
  const { commit: base } = await deps.workspace.apply({ ...repo, ...empty }, as(BASE), 'base');
  const { commit } = await deps.workspace.apply({ ...repo, commit: base }, as(change), 'change');
  const excused = { moved: new Map<string, string>(), mayBeLost: () => false };
  const given = {
    repo,
    base,
    commit,
    commands: undefined,
    overrides: {},
    locked: { files: [], lock: null },
    changedTests: [],
  };
  const measured = await new MockActivityEnvironment({}, { logger: SILENT }).run((): Promise<Measured | undefined> =>
    measureTests(deps, { ...given, excused, isTest: isTestPath, approved: [], keepsAll: true, needsControl: false }),
  );
  return judgeTests(measured?.evidence ?? null, { commit, lockedDigest: null });
}

test('a test that writes the right source over the wrong one makes its run no evidence', async () => {
  const write = "require('node:fs').writeFileSync('src/a.js', 'module.exports = 1;');\n";
  const change = {
    'src/a.js': 'module.exports = 2;\n',
    'test/b.test.js': TEST('new', write),
    'test/a.test.js': TEST('old', write),
  };
  expect(await verdictOn('bent', change)).toEqual({
    pass: false,
    reasons: ['the test run changed these files of the commit: src/a.js'],
  });
});

test('a source that the base writes, too, and files that are no sources, hold nothing', async () => {
  const write = "require('node:fs').writeFileSync('test/seen.txt', 'x');\n";
  expect(await verdictOn('honest', { 'test/b.test.js': TEST('new', write) })).toEqual({ pass: true });
});
