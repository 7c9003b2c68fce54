/**
 * The programs as users and on file systems that containers have: no name, no home, nothing writable but one folder.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beginProgram } from './a-program';

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'q-test-users-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A user id that /etc/passwd does not have, in a mount namespace of its own: all read-only, /tmp noexec, but for `room`. */
function asNobody(room: string): string[] {
  const script = `
    mount --make-rprivate /
    mount -t tmpfs -o mode=0755 tmpfs ${room}
    mkdir ${room}/work && chown 54321:54321 ${room}/work
    mount -t tmpfs -o noexec,mode=1777 tmpfs /tmp
    mount -o remount,bind,ro /
    cd ${room}/work
    exec setpriv --reuid 54321 --regid 54321 --clear-groups env -u HOME -u USER -u LOGNAME -u XDG_CACHE_HOME \\
      DATA_DIR=${room}/work/data "$@"`;
  return ['unshare', '--mount', '/bin/sh', '-c', script, 'sh'];
}

const asRoot = process.getuid?.() === 0 ? test : test.skip;
asRoot(
  'O5: npm run demo reaches its release for a user id without a name and a home',
  async () => {
    // Not below /tmp, which is hidden there.
    const room = mkdtempSync('/var/tmp/q-test-room-');
    try {
      const { exitCode, said } = beginProgram({ name: 'demo/main', folder, under: asNobody(room) });
      expect({ exitCode: await exitCode, said: said() }).toEqual({
        exitCode: 0,
        said: expect.stringContaining('is live'),
      });
      expect(said()).toContain('15 of 15 tests passed');
    } finally {
      rmSync(room, { recursive: true });
    }
  },
  300_000,
);

test.each(['start', 'worker', 'api', 'demo/main'])(
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
