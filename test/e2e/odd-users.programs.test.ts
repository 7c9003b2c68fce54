/**
 * The programs on the file systems of containers. demo.programs.test.ts has a user without a name and a home.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginProgram } from './a-program';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'q-test-users-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

// The worker uses the same function as start.
test.each(['start', 'api', 'demo/main'])(
  'O5: for a DATA_DIR that cannot be written, %s prints one line that names it',
  async (name) => {
    writeFileSync(join(folder, 'file'), '');
    const DATA_DIR = join(folder, 'file/data');
    const { exitCode, output } = beginProgram({ name, folder, env: { DATA_DIR } });
    expect(await exitCode).toBe(1);
    const last = output().trim().split('\n').at(-1);
    expect(last).toBe(`DATA_DIR="${DATA_DIR}" cannot be written (ENOTDIR): set DATA_DIR to a folder that can`);
    expect(output()).not.toMatch(/\n +at /);
  },
  300_000,
);
