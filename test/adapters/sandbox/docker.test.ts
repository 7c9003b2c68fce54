/**
 * Tests the docker driver with a fake `docker` program, since tests have no daemon: it writes its arguments to a file and
 * runs the command without a sandbox. The probes test a real docker at every start of a worker.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../until';
import { createDocker } from '../../../src/adapters/sandbox/docker';
import { dockerArgv } from '../../../src/adapters/sandbox/docker-args';
import { DEFAULT_LIMITS } from '../../../src/adapters/sandbox/limits';

let place: string;
let docker: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'q-docker-'));
  chmodSync(place, 0o777);
  docker = join(place, 'docker');
  writeFileSync(
    docker,
    `#!/bin/bash
     printf '%s\\n' "$*" >> ${place}/calls; chmod 666 ${place}/calls
     if [ "$1" = kill ]; then
       # The started command writes its process id, perhaps a moment after its client has ended.
       for try in {1..300}; do [ -s ${place}/$2 ] && break; sleep 0.01; done
       kill -9 -- -$(cat ${place}/$2); exit
     fi
     while [ $# -gt 0 ]; do
       case $1 in --name) name=$2;; --mount) [[ $2 == *'target=/workspace"' ]] && folder=$(sed 's/.*"source=\\([^"]*\\)".*/\\1/' <<< "$2");; esac
       [ "$1" = the-image ] && shift && break
       shift
     done
     cd "$folder"; touch ${place}/$name; chmod 666 ${place}/$name
     setsid sh -c 'echo $$ > "$0"; exec "$@"' ${place}/$name "$@" & wait $!
    `,
  );
  chmodSync(docker, 0o755);
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const sandbox = (image: string | undefined = 'the-image') => createDocker({ image, dockerPath: docker });
const calls = () => readFileSync(join(place, 'calls'), 'utf8').trim().split('\n');

test('every restriction of the sandbox has its argument', () => {
  const run = { name: 'q-1', image: 'the-image', uid: 60_801, gid: 60_801, limits: DEFAULT_LIMITS, timeoutMs: 1_000 };
  const argv = dockerArgv('/usr/bin/docker', { ...run, folder: '/scratch/a,b"c', command: ['node', '--test'] });
  const line = argv.join(' ');
  for (const part of [
    '--rm --init --pull never --name q-1',
    '--network none',
    '--read-only',
    '--user 60801:60801',
    '--cap-drop ALL',
    '--security-opt no-new-privileges',
    '--pids-limit 512',
    '--memory 4294967296 --memory-swap 4294967296',
    '--cpus 2',
    '--ulimit core=0:0',
    '--ulimit fsize=1073741824:1073741824',
    '--tmpfs /tmp:rw,nosuid,nodev,mode=1777,size=268435456',
    '--shm-size 67108864',
    '--mount type=bind,"source=/scratch/a,b""c","target=/workspace"',
    '--workdir /workspace',
  ]) {
    expect(line).toContain(part);
  }
  expect(argv.slice(-5)).toEqual(['--entrypoint', '/usr/bin/env', 'the-image', 'node', '--test']);
});

test('S2: no run has a network, also if it asks for one; a run with a proxy gets its socket, and readOnly folders are read-only', () => {
  const run = {
    name: 'q-1',
    image: 'i',
    uid: 1,
    gid: 1,
    limits: DEFAULT_LIMITS,
    timeoutMs: 1,
    folder: '/s',
    command: [],
  };
  const runWithProxy = {
    ...run,
    network: true as const,
    proxy: '/p/socket',
    readOnly: [{ from: '/c', to: 'node_modules' }],
  };
  const line = dockerArgv('docker', runWithProxy).join(' ');
  expect(line).toContain('--network none');
  expect(line).not.toContain('bridge');
  expect(line).toContain('--env HTTPS_PROXY=http://127.0.0.1:3128');
  expect(line).toContain('"target=/run/q/proxy.sock"');
  expect(line).toContain('"target=/etc/ssh/ssh_config",readonly');
  expect(line).toContain('type=bind,"source=/c","target=/workspace/node_modules",readonly');
});

test("exit code and output are returned, and the command runs in the run's folder", async () => {
  await sandbox().withScratch(async (folder) => {
    const command = ['sh', '-c', 'echo out; echo err >&2; pwd; touch made; exit 7'];
    const result = await sandbox().run({ folder, command, timeoutMs: 5_000 });
    expect(result).toMatchObject({ exitCode: 7, timedOut: false, output: `out\nerr\n${folder}\n` });
    expect(existsSync(join(folder, 'made'))).toBe(true);
  });
  expect(sandbox().name).toBe('docker');
});

test('a time-out kills the container by its name, since ending the client does not end it', async () => {
  const word = `q-container-${process.pid}`;
  const result = await sandbox().withScratch((folder) =>
    sandbox().run({ folder, command: ['sh', '-c', 'while :; do sleep 0.1; done', word], timeoutMs: 1_500 }),
  );
  expect(result).toMatchObject({ timedOut: true, exitCode: null });
  const [run, kill] = calls();
  expect(kill).toBe(`kill ${/--name (\S+)/.exec(run ?? '')?.[1]}`);
  // The fake docker sends the signal; the process ends a moment later.
  await until(
    async () => execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' }),
    (all) => !all.includes(word),
  );
});

test('an abort kills the container, too, and throws its reason', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('cancelled by a person')), 200);
  await sandbox().withScratch(async (folder) => {
    const run = sandbox().run({ folder, command: ['sleep', '20'], timeoutMs: 30_000, signal: abort.signal });
    await expect(run).rejects.toThrow('cancelled by a person');
  });
  expect(calls().at(-1)).toMatch(/^kill q-sandbox-/);
});

test('a docker that does not isolate commands is refused by the probes', async () => {
  await expect(sandbox().selfTest()).rejects.toMatchObject({ type: 'Sandbox.Unavailable' });
});

test.each([
  ['no image', undefined, undefined],
  ['no daemon', 'the-image', '#!/bin/sh\necho Cannot connect to the Docker daemon; exit 125\n'],
])('with %s the sandbox throws Sandbox.Unavailable and no test result', async (_what, image, script) => {
  if (script !== undefined) writeFileSync(docker, script);
  const dockerSandbox = createDocker({ image, dockerPath: docker });
  const run = dockerSandbox.withScratch((folder) => dockerSandbox.run({ folder, command: ['true'], timeoutMs: 5_000 }));
  await expect(run).rejects.toMatchObject({ type: 'Sandbox.Unavailable' });
});
