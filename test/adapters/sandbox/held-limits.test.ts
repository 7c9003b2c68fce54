/** Tests the line about enforced limits that the worker logs at its start. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeLimits } from '../../../src/adapters/sandbox/held-limits';
import { readConfig } from '../../../src/programs/config';
import { launch } from '../../../src/programs/launch';

test('S9: for bubblewrap the line names the limits of the kernel and of the watch, and that there is no control group', () => {
  const line = describeLimits('bubblewrap', true);
  expect(line).toMatch(/by the kernel: [^;]*memory of one process[^;]*; by a watch: memory of all processes/);
  expect(line).toContain('by a control group: none; not counted: file locks');
  expect(line).not.toContain('closes to itself');
  expect(describeLimits('bubblewrap', false)).toContain("in addition to those of this worker's user");
  expect(describeLimits('bubblewrap', false)).toContain('closes to itself');
});

test('S9: for docker and for no sandbox the line names only enforced limits', () => {
  expect(describeLimits('docker')).toMatch(/control group[^;]*memory[^;]*; by a watch: bytes and files on disk$/);
  expect(describeLimits('none')).toContain('not limited');
});

test('S9: a worker logs the enforced limits at its start', async () => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'q-limits-'));
  const config = readConfig({
    ...{ DATA_DIR, TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS ?? '' },
    ...{ TEMPORAL_TASK_QUEUE: `test-${randomUUID()}`, SANDBOX: 'none', ALLOW_NO_SANDBOX: '1', LOG_LEVEL: 'silent' },
  });
  const lines: string[] = [];
  const program = await launch({ config, api: false, worker: true, say: (line) => void lines.push(line) });
  await program.stop();
  await rm(DATA_DIR, { recursive: true, force: true });
  expect(lines).toContain(describeLimits('none'));
});
