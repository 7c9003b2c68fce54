/**
 * Tests disk faults: a build waits while the disk is full, and goes to `error` where a stored file is damaged.
 */
import { readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileArtifacts } from '../../src/adapters/artifacts/file-store';
import { until } from '../fixture';
import { openStage } from './stage';
import type { Stage } from './stage';

const folder = mkdtempSync(join(tmpdir(), 'q-test-storage-'));
const artifacts = createFileArtifacts(folder);
let isFull = false;
let stage: Stage;

beforeAll(async () => {
  stage = await openStage({
    deps: {
      artifacts: {
        get: artifacts.get,
        put(content) {
          if (!isFull || !String(content).includes('FULL-DISK')) return artifacts.put(content);
          return Promise.reject(Object.assign(new Error('ENOSPC: write'), { code: 'ENOSPC', syscall: 'write' }));
        },
      },
    },
  });
});
afterAll(async () => {
  await stage?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a disk that is full for a moment delays a role, and its paid call is not repeated', async () => {
  isFull = true;
  const run = await stage.begin({
    roles: { code_writer: 'external' },
    answers: { discovery: () => ({ summary: 'FULL-DISK' }) },
  });
  const lastFailure = async () => (await run.handle.describe()).raw.pendingActivities?.[0]?.lastFailure;
  const failure = await until(lastFailure, (found) => found != null);
  expect(failure?.applicationFailureInfo).toMatchObject({ type: 'Storage.Full' });
  isFull = false;
  await run.reach('implementation');
  expect(run.calls().filter(({ phase }) => phase === 'discovery')).toHaveLength(1);
});

test('a damaged file takes the build to error with the name of the damage; after the file is repaired, a retry continues', async () => {
  const run = await stage.begin({ roles: { code_writer: 'external' } });
  const { outputs } = await run.reach('implementation');
  const hex = outputs.discovery?.digest.replace('sha256:', '') ?? '';
  const file = join(folder, hex.slice(0, 2), hex);
  const whole = readFileSync(file);
  writeFileSync(file, 'damaged');
  await run.send('retry', { reason: 'another plan' });
  const { failure } = await run.reach('error');
  expect(failure).toMatchObject({ type: 'Storage.Damaged', phase: 'planning' });
  expect(failure?.message).toContain('Restore the file');
  writeFileSync(file, whole);
  await run.send('retry', { reason: 'the file is back' });
  await run.reach('implementation');
});
