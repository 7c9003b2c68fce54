/**
 * The dark-mode build, end to end: scripted answers, with real git, sandbox, tests, rework and release.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigner } from '../../src/adapters/record/signature';
import { makeRecord } from '../../src/api/record/make-record';
import { TOOLS } from '../../src/programs/cli/verify-file';
import type { BuildState } from '../../src/domain/build/state';
import type { Evidence } from '../../src/domain/evidence/evidence';
import { verifyRecord } from '../../src/domain/record/verify';
import { buildQuery } from '../../src/workflows/messages';
import { DARK_MODE_SCRIPT, startBuild, startStack } from '../fixture';
import type { Stack } from '../fixture';
import { verifies } from '../requirements/verifies';

let stack: Stack;
let repository: string;
let build: BuildState;
let history: { events: number; bytes: number };

beforeAll(async () => {
  repository = mkdtempSync(join(tmpdir(), 'q-test-repository-'));
  cpSync(join(__dirname, '../../examples/dark-mode/project'), repository, { recursive: true });
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'Field notes');
  stack = await startStack({ env: { MODEL: `scripted:${DARK_MODE_SCRIPT}` } });
  const smoke = { http: { path: '/index.html', status: 200, contains: 'id="theme-toggle"' } };
  const handle = await startBuild(stack, { request: { repository: { path: repository }, release: { smoke } } });
  await handle.result();
  build = await handle.query(buildQuery);
  const { historyLength, historySize } = await handle.describe();
  history = { events: historyLength, bytes: historySize ?? 0 };
});

afterAll(async () => {
  await stack?.stop();
  rmSync(repository, { recursive: true, force: true });
});

verifies('4.10', '7.1');
test('the build is complete after every state, with one rework', () => {
  expect(build.state).toBe('complete');
  expect(build.handoffs.map((handoff) => handoff.toState)).toEqual([
    'planning',
    'handoff_to_coder',
    'implementation',
    'handoff_to_tester',
    'testing',
    'implementation',
    'handoff_to_tester',
    'testing',
    'handoff_to_verifier',
    'verification',
    'handoff_to_releaser',
    'deployment',
    'complete',
  ]);
});

test('a failed test caused the rework, as the notes of the handoff say', () => {
  const reworkHandoff = build.handoffs.find(
    (handoff) => handoff.fromState === 'testing' && handoff.toState === 'implementation',
  );
  expect(reworkHandoff?.notes).toContain('tests failed');
  expect(build.attempts).toMatchObject({ implementation: 2, testing: 2, verification: 1 });
});

verifies('1.6', '1.7');
test('the evidence was measured on the released commit, in the sandbox, and counts every test', () => {
  expect(build.evidence).toMatchObject({ commit: build.commit, exitCode: 0, sandbox: 'bubblewrap' });
  expect(build.evidence?.counts).toEqual({ total: 15, passed: 15, failed: 0, skipped: 0 });
});

verifies('1.11');
test('the release is live: the current link leads to it and has the page', () => {
  const current = join(stack.config.dataDir, 'releases', 'shop', 'current');
  expect(build.release).toMatchObject({ number: 1, commit: build.commit });
  expect(readlinkSync(current)).toContain('1');
  expect(readFileSync(join(current, 'index.html'), 'utf8')).toContain('theme-toggle');
});

test('the given repository was not changed', () => {
  expect(execFileSync('git', ['-C', repository, 'status', '--porcelain'], { encoding: 'utf8' })).toBe('');
  expect(execFileSync('git', ['-C', repository, 'branch', '--list'], { encoding: 'utf8' }).trim()).toBe('* main');
});

verifies('6.1');
test('the record can be verified, and has every test run with its log, every diff, and every call with its prompt', async () => {
  const record = await makeRecord({ ...stack.deps, signText: createSigner(stack.deps.documents) }, build);
  expect(verifyRecord(record, TOOLS)).toMatchObject({ flaws: [], signedBy: expect.any(String) });
  const bodies = (kind: string) => record.entries.filter((entry) => entry.kind === kind).map((entry) => entry.body);
  const evidenceParts = bodies('evidence').map(({ evidence }) => evidence as Evidence);
  const counts = evidenceParts.filter(({ kind }) => kind === 'tests').map((piece) => piece.counts);
  expect(counts).toHaveLength(3);
  expect(counts.at(-1)).toEqual({ total: 15, passed: 15, failed: 0, skipped: 0 });
  for (const { logDigest } of evidenceParts) expect(record.contents[logDigest]).toBeDefined();
  const texts = Object.values(record.contents).map(({ content }) => content);
  expect(texts.filter((text) => text.startsWith('diff --git'))).toHaveLength(4);
  expect(texts.some((text) => text.includes('theme-toggle') && text.startsWith('diff --git'))).toBe(true);
  expect(new Set(bodies('call').map(({ promptDigest }) => promptDigest)).size).toBe(6);
  expect(bodies('call')[0]).toMatchObject({ model: 'scripted:dark-mode', scripted: true, phase: 'discovery' });
});

test('the history stays within its budget: 80 events and 50 KB, and 20 events for the rework', () => {
  expect(history.events).toBeLessThanOrEqual(100);
  expect(history.bytes).toBeLessThanOrEqual(50_000 + 12_000);
});
