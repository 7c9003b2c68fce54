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

// What start does here, worker does by the same function.
test.each(['start', 'api', 'demo/main'])(
  'O5: a DATA_DIR that cannot be written is one line that names it: %s',
  async (name) => {
    writeFileSync(join(folder, 'file'), '');
    const DATA_DIR = join(folder, 'file/data');
    const { exitCode, said } = beginProgram({ name, folder, env: { DATA_DIR } });
    expect(await exitCode).toBe(1);
    const last = said().trim().split('\n').at(-1);
    expect(last).toBe(`DATA_DIR="${DATA_DIR}" cannot be written (ENOTDIR): set DATA_DIR to a folder that can`);
    expect(said()).not.toMatch(/\n +at /);
  },
  300_000,
);
