/** Tests that a signal to `npm start`, as a supervisor sends it, ends the program behind npm. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedServerEnv } from '../e2e/a-program';
import { until } from '../until';

const ROOT = join(__dirname, '../..');

test('SIGTERM to npm start stops the program, which says so, and leaves no process behind', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'q-test-npm-'));
  const env = { ...process.env, ...sharedServerEnv(), PORT: '0', DATA_DIR: folder };
  const child = spawn('npm', ['start'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  // The pipes are closed when the last process that holds them has ended.
  const closed = new Promise((resolve) => child.once('close', resolve));
  try {
    await until(
      () => Promise.resolve(output),
      (text) => /^ready /m.test(text),
      120_000,
    );
    child.kill('SIGTERM');
    await closed;
    expect(output).toMatch(/^stopping: /m);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 240_000);
