/**
 * Tests the sandbox inside a simulated container, without a container engine: namespaces, a /proc and no privileges, as in docker-compose.yml.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { parse } from 'yaml';
import { findMachine } from '../../../src/adapters/sandbox/find-profile';
import { DEFAULT_LIMITS } from '../../../src/adapters/sandbox/limits';
import { etcFiles, sandboxArgv } from '../../../src/adapters/sandbox/profile';
import { isProcessor, seccompFilter } from '../../../src/adapters/sandbox/seccomp';

const isRoot = process.getuid?.() === 0;
/** The mounts with which an engine covers parts of /proc unless `systempaths=unconfined` is set. */
const MASKS = `
  for file in keys timer_list; do [ ! -e /proc/$file ] || mount --bind /dev/null /proc/$file; done
  for folder in acpi scsi; do [ ! -d /proc/$folder ] || mount -t tmpfs -o ro tmpfs /proc/$folder; done
  for folder in bus fs irq sys; do mount --bind /proc/$folder /proc/$folder; mount -o remount,bind,ro /proc/$folder; done`;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'q-container-'));
  chmodSync(folder, 0o777);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `true` in the sandbox in a simulated container: as user 1000 if this process is root, else as its user. */
async function runInContainer(masks: string): Promise<{ code: number | null; errorOutput: string }> {
  const machine = await findMachine({ programs: {}, hidden: [] });
  const profile = { ...machine, uid: 1000, gid: 1000, limits: DEFAULT_LIMITS };
  if (!isProcessor(process.arch)) throw new Error(process.arch);
  const namespaces = ['--mount', '--pid', '--fork', '--uts', '--ipc', '--net', '--mount-proc'];
  const user = isRoot ? ['--reuid', '1000', '--regid', '1000', '--clear-groups'] : [];
  const rights = [...user, '--ambient-caps=-all', '--bounding-set=-all', '--inh-caps=-all', '--no-new-privs'];
  const command = ['/bin/sh', '-c', `${masks}\nexec setpriv ${rights.join(' ')} "$@"`, 'sh'];
  const child = spawn(
    'unshare',
    [
      ...(isRoot ? [] : ['--user', '--map-current-user', '--keep-caps']),
      ...namespaces,
      ...command,
      ...sandboxArgv(profile, { folder }, ['true']),
    ],
    { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' }, stdio: Array<'pipe'>(12).fill('pipe') },
  );
  const inputs = [seccompFilter(process.arch), ...etcFiles(profile).map(({ text }) => text)];
  inputs.forEach((text, index) => (child.stdio[index + 4] as Writable).on('error', () => undefined).end(text));
  let errorOutput = '';
  child.stderr?.on('data', (chunk: Buffer) => (errorOutput += chunk.toString()));
  child.stdout?.resume();
  child.stdio[3]?.on('data', () => undefined);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, errorOutput };
}

test('a worker without privileges can run the sandbox if /proc is not covered', async () => {
  expect(await runInContainer('')).toEqual({ code: 0, errorOutput: '' });
});

test('with the mounts of an engine over /proc the sandbox fails, and the output names the cause', async () => {
  const { code, errorOutput } = await runInContainer(MASKS);
  expect({ code, errorOutput }).toEqual({
    code: 1,
    errorOutput: expect.stringContaining("Can't mount proc on /newroot/proc"),
  });
});

test('docker-compose.yml removes these mounts and profiles only for the worker, and drops all of its privileges', () => {
  const compose = parse(readFileSync(join(__dirname, '../../../docker-compose.yml'), 'utf8'), { merge: true }) as {
    services: Record<string, { security_opt?: string[]; cap_drop?: string[]; user?: string; privileged?: boolean }>;
  };
  const { worker, ...otherServices } = compose.services;
  expect(worker?.security_opt).toEqual(['seccomp=unconfined', 'apparmor=unconfined', 'systempaths=unconfined']);
  expect({ cap_drop: worker?.cap_drop, user: worker?.user, privileged: worker?.privileged }).toEqual({
    cap_drop: ['ALL'],
  });
  for (const service of Object.values(otherServices)) expect(service.security_opt).toBeUndefined();
  // Every service of the image has this user.
  const image = readFileSync(join(__dirname, '../../../Dockerfile'), 'utf8');
  expect(image.match(/^USER .*$/gm)?.at(-1)).toBe('USER node');
});
