/** Tests the folder SETUP_HOME, with files as an administrator or Kubernetes makes them. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { homeDigests } from '../../../src/adapters/checkouts/setup-home';
import { createPlace } from './place';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'q-home-'));
  mkdirSync(join(home, '..2026_11_26', 'deep'), { recursive: true });
  writeFileSync(join(home, '..2026_11_26', '.npmrc'), 'first');
  writeFileSync(join(home, '..2026_11_26', 'deep', 'key'), 'key');
  symlinkSync('..2026_11_26', join(home, '..data'));
  symlinkSync('..data/.npmrc', join(home, '.npmrc'));
  symlinkSync('..data/deep', join(home, '.ssh'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('O4: secrets that Kubernetes mounts as links become files in the home folder of setup; links out of the folder are ignored', async () => {
  symlinkSync('/etc/hostname', join(home, 'outside'));
  symlinkSync('nowhere', join(home, 'dangling'));
  symlinkSync('.', join(home, 'loop'));
  const place = createPlace({ homeFolder: home, timeoutMs: 30_000 });
  try {
    const at = await place.commit({ 'a.txt': '' });
    const script =
      'mkdir node_modules; cd; (cat .npmrc .ssh/key; stat -c %a .ssh/key; find . -type l; ls outside dangling loop) > /workspace/node_modules/seen 2>&1; true';
    const seen = await place.outputOf(at, ['cat', 'node_modules/seen'], { overrides: { setup: ['sh', '-c', script] } });
    expect(seen).toMatch(/^firstkey600\n(ls: cannot access '\w+': No such file or directory\n){3}$/);
  } finally {
    place.stop();
  }
});

test('O4: the content behind links is part of the cache key, so a new secret is used', async () => {
  const digestsBefore = await homeDigests(home);
  mkdirSync(join(home, '..2026_11_27'));
  writeFileSync(join(home, '..2026_11_27', '.npmrc'), 'second');
  rmSync(join(home, '..2026_11_26'), { recursive: true });
  execFileSync('ln', ['-sfn', '..2026_11_27', join(home, '..data')]);
  expect(await homeDigests(home)).not.toEqual(digestsBefore);
  expect(await homeDigests(undefined)).toEqual([]);
});

test('a missing SETUP_HOME fails with an error that names the setting', async () => {
  await expect(homeDigests(join(home, 'missing'))).rejects.toThrow(/^SETUP_HOME cannot be read: ENOENT/);
});
