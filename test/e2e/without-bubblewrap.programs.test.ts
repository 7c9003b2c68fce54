/**
 * The programs on a machine without bubblewrap: in this file system, every installed bubblewrap is hidden.
 */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programFolders } from '../../src/adapters/machine/programs/program-folders';
import { beginProgram, onSharedServer } from './a-program';
import type { Program } from './a-program';

const isRoot = process.getuid?.() === 0;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'q-test-without-'));
  mkdirSync(join(folder, 'bin'));
  chmodSync(folder, 0o755);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program of ours where `bwrap` is an empty file that nobody may run. */
async function begin(name: string): Promise<Program> {
  const installed = (await programFolders()).map((one) => join(one, 'bwrap')).filter((path) => existsSync(path));
  const masks = installed.map((path) => `mount --bind /dev/null "$(realpath ${path})"`).join('\n');
  const namespace = ['--mount', ...(isRoot ? [] : ['--user', '--map-current-user', '--keep-caps'])];
  const PATH = `${join(folder, 'bin')}:${process.env.PATH}`;
  return beginProgram({
    ...{ name, folder },
    env: { PATH, XDG_CACHE_HOME: join(folder, 'cache'), ...onSharedServer() },
    under: ['unshare', ...namespace, '/bin/sh', '-c', `${masks}\nexec "$@"`, 'sh'],
  });
}

test('O1: npm start fetches it, says so in one line, proves that it holds, and is ready', async () => {
  const { child, exitCode, said, seen } = await begin('start');
  try {
    await seen(/^ready http/m);
    expect(said()).toMatch(/^bubblewrap: \S+\/bubblewrap\/bwrap, from the package bubblewrap.*\n/);
    expect(said()).toMatch(/^ready http:\/\/127\.0\.0\.1:\d+$/m);
  } finally {
    child.kill('SIGINT');
    expect(await exitCode).toBe(0);
  }
}, 300_000);

test.each(['start', 'worker', 'demo/main'])(
  'O1: where it cannot be fetched, npm run %s ends with one line before Temporal is looked for',
  async (program) => {
    for (const name of ['apt-get', 'python3'])
      writeFileSync(join(folder, 'bin', name), '#!/bin/sh\necho "no way" >&2\nexit 1\n', { mode: 0o755 });
    const { exitCode, said } = await begin(program);
    expect(await exitCode).toBe(1);
    expect(said().trim().split('\n').at(-1)).toMatch(/^The sandbox cannot hold commands.*apt-get install bubblewrap/);
    expect(said()).not.toMatch(/temporal:|Error:|\n +at /);
  },
);
