/** S7: tests the removal of folders that commands have made hard to remove. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  discardFolder,
  leftBehind,
  removeFolder,
  setAsideLeftovers,
} from '../../../src/adapters/machine/remove-folder';
import type { LeftBehind } from '../../../src/adapters/machine/remove-folder';
import { sweep } from '../../../src/adapters/machine/sweep';
import { asRoot } from '../../as-root';

let place: string;
beforeEach(() => (place = mkdtempSync(join(tmpdir(), 'q-remove-'))));
afterEach(() => execFileSync('/bin/rm', ['-rf', '--', place]));

/** Makes nested folders one by one, with `chdir`: a path of this length would be too long. */
const NEST = `
import os, sys
os.chdir(sys.argv[1])
for _ in range(int(sys.argv[2])):
    os.mkdir(sys.argv[3])
    os.chdir(sys.argv[3])
open('last', 'w').close()
`;
const nest = (folder: string, depth: number, name: string) =>
  execFileSync('python3', ['-c', NEST, folder, String(depth), name]);

test('S7: 20,000 nested folders are removed', async () => {
  const folder = join(place, 'deep');
  mkdirSync(folder);
  nest(folder, 20_000, 'd');
  await removeFolder(folder);
  expect(existsSync(folder)).toBe(false);
});

test.each<[string, (folder: string) => void]>([
  ['1,000 nested names of 255 bytes', (folder) => nest(folder, 1_000, 'n'.repeat(255))],
  ['names of odd bytes', (folder) => writeFileSync(Buffer.from(`${folder}/\xff\n-rf *`, 'latin1'), '')],
  ['a name that begins with a dash', (folder) => mkdirSync(join(folder, '-rf'))],
  [
    'folders that nobody may enter',
    (folder) => {
      mkdirSync(join(folder, 'a/b'), { recursive: true });
      writeFileSync(join(folder, 'a/b/c'), '');
      chmodSync(join(folder, 'a/b'), 0);
      chmodSync(join(folder, 'a'), 0);
    },
  ],
])('S7: %s are removed', async (_what, make) => {
  const folder = join(place, 'odd');
  mkdirSync(folder);
  make(folder);
  await removeFolder(folder);
  expect(readdirSync(place)).toEqual([]);
});

test('S7: removing a missing folder is no error', async () => {
  await removeFolder(join(place, 'nothing'));
});

test('S7: a link is removed, and its target stays', async () => {
  mkdirSync(join(place, 'kept'));
  writeFileSync(join(place, 'kept/file'), 'kept');
  mkdirSync(join(place, 'folder'));
  symlinkSync(join(place, 'kept'), join(place, 'folder/link'));
  await removeFolder(join(place, 'folder'));
  expect(readFileSync(join(place, 'kept/file'), 'utf8')).toBe('kept');
});

/** A script that creates files as fast as it can. */
const WRITER = `
import os, sys
os.chdir(sys.argv[1])
print('begun', flush=True)
for n in range(2_000):
    try:
        os.mkdir('d%d' % n)
    except FileNotFoundError:
        break
`;

test('S7: a folder into which a command writes during the removal is removed in the end, or renamed and reported', async () => {
  const folder = join(place, 'busy');
  mkdirSync(folder);
  const writer = spawn('python3', ['-c', WRITER, folder], { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    await new Promise((resolve) => writer.stdout.once('data', resolve));
    await discardFolder(folder);
    expect(existsSync(folder)).toBe(false);
  } finally {
    writer.kill('SIGKILL');
    await new Promise((resolve) =>
      (writer.exitCode ?? writer.signalCode) === null ? writer.once('exit', resolve) : resolve(0),
    );
  }
  await sweep(setAsideLeftovers(place));
  expect(readdirSync(place)).toEqual([]);
});

/** Marks the file as immutable, so that no user can remove it. Returns false if that is not possible. */
function makeImmutable(path: string): boolean {
  try {
    execFileSync('/usr/bin/chattr', ['+i', path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

asRoot(
  'S7: a folder that cannot be removed is renamed, closed to other users, reported, and removed by a later sweep',
  async () => {
    const folder = join(place, 'fast');
    mkdirSync(folder, { mode: 0o755 });
    writeFileSync(join(folder, 'file'), 'x');
    // Some file systems, such as those of containers, have no immutable files.
    if (!makeImmutable(join(folder, 'file'))) return;
    const reports: LeftBehind[] = [];
    const collect = (message: unknown): void => void reports.push(message as LeftBehind);
    leftBehind.subscribe(collect);
    await discardFolder(folder);
    leftBehind.unsubscribe(collect);
    const [name = ''] = readdirSync(place);
    expect(name).toMatch(/^q-left-[0-9a-f]{12}$/);
    expect(lstatSync(join(place, name)).mode & 0o777).toBe(0o700);
    expect(reports).toEqual([{ folder: join(place, name), why: expect.stringContaining('Operation not permitted') }]);
    expect(await sweep(setAsideLeftovers(place))).toBe(0);
    execFileSync('/usr/bin/chattr', ['-i', join(place, name, 'file')]);
    expect(await sweep(setAsideLeftovers(place))).toBe(1);
    expect(readdirSync(place)).toEqual([]);
  },
);

asRoot('S7: the removal does not empty a file system that is mounted below the folder', async () => {
  const [folder, keptFolder] = [join(place, 'mounted'), join(place, 'kept')];
  mkdirSync(join(folder, 'sub'), { recursive: true });
  mkdirSync(keptFolder);
  const script = `mount -t tmpfs none ${folder}/sub && echo x > ${folder}/sub/file && rm -rf --one-file-system ${folder}; cat ${folder}/sub/file`;
  expect(
    execFileSync('unshare', ['-m', 'sh', '-c', script], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  ).toBe('x\n');
});

test('S7: the removal of 20,000 files does not block the JavaScript thread', async () => {
  const folder = join(place, 'many');
  mkdirSync(folder);
  execFileSync('sh', ['-c', 'cd "$0" && seq 20000 | xargs touch', folder]);
  const usageBefore = process.cpuUsage();
  await removeFolder(folder);
  const { user, system } = process.cpuUsage(usageBefore);
  expect(existsSync(folder)).toBe(false);
  // Removing them in this process would take 1 s, with a system call and a promise for each file.
  expect((user + system) / 1_000).toBeLessThan(400);
});
