/**
 * `npm run bench` prints the longest blockage of its event loop with each table.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..', '..');

test('S1: a bench prints the longest blockage of its event loop', async () => {
  const args = ['--import', 'tsx', join('bench', 'main.ts'), 'sandbox', '--quick', '--rounds', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT });
  expect(stdout).toMatch(/^sandbox\b/m);
  expect(stdout).toMatch(/^worst stop of this process's event loop: \d+ ms$/m);
}, 300_000);
