/** S9, S10: limits on file names, sockets, pipes and semaphores, and the reuse of user ids by later runs. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import type { SandboxLimits } from '../../../src/adapters/sandbox/limits';
import { sharedUids } from '../../../src/adapters/sandbox/uids';
import { folderUse } from '../../../src/adapters/machine/usage';
import { asRoot } from '../../as-root';

const MEGABYTE = 1024 ** 2;

function run(limits: Partial<SandboxLimits>, command: string[], timeoutMs = 60_000) {
  const sandbox = createBubblewrap({ limits });
  return sandbox.withScratch((folder) => sandbox.run({ folder, command, timeoutMs }));
}
const pythonCommand = (text: string) => ['python3', '-I', '-S', '-c', text];

test.each(['/dev/shm', '/tmp'])('S9: a flood of empty files in %s is ended', async (place) => {
  const flood = `
import os, time
for n in range(5000): open('${place}/f%d' % n, 'w').close()
time.sleep(30)
print('survived')`;
  const result = await run({ diskFiles: 500 }, pythonCommand(flood));
  expect(result).toMatchObject({ exitCode: null, timedOut: false });
  expect(result.output).toContain('[ended: it made more than 500 files in memory');
});

test('S9: data in socket buffers counts as memory, although no process has it', async () => {
  const flood = `
import os, socket, time
for n in range(30):
    if os.fork() == 0:
        kept = [socket.socketpair() for _ in range(100)]
        for a, b in kept:
            a.setblocking(False)
            try:
                while True: a.send(b'x' * 65536)
            except BlockingIOError: pass
        time.sleep(60)
time.sleep(30)
print('survived')`;
  const result = await run({ memoryBytes: 600 * MEGABYTE }, pythonCommand(flood));
  expect(result).toMatchObject({ exitCode: null, timedOut: false });
  expect(result.output).toContain('[ended: its sockets, pipes and processes may take more than');
});

test('S9: data in pipe buffers counts as memory', async () => {
  const flood = `
import os, time
for n in range(40):
    if os.fork() == 0:
        kept = [os.pipe() for _ in range(2000)]
        time.sleep(60)
time.sleep(30)
print('survived')`;
  const result = await run({ memoryBytes: 600 * MEGABYTE }, pythonCommand(flood));
  expect(result.output).toContain('[ended: its sockets, pipes and processes may take more than');
});

test('S9: a test of a server with 400 connections is not ended', async () => {
  const serverTest = `
const net = require('net');
const server = net.createServer((s) => s.pipe(s)).listen(0, '127.0.0.1', () => {
  let left = 400;
  for (let n = 0; n < 400; n++) {
    const c = net.connect(server.address().port, '127.0.0.1', () => c.write('x'));
    c.on('data', () => { if ((left -= 1) === 0) { console.log('fine'); process.exit(0); } });
  }
});`;
  expect(await run({ memoryBytes: 600 * MEGABYTE }, ['node', '-e', serverTest])).toMatchObject({
    exitCode: 0,
    output: 'fine\n',
  });
});

test('S9: kernel semaphores, which no limit counts, cannot be made', async () => {
  const semget = `
import ctypes, platform
libc = ctypes.CDLL(None, use_errno=True)
print(libc.syscall(64 if platform.machine() == 'x86_64' else 190, 0, 1, 0o600), ctypes.get_errno())`;
  expect((await run({}, pythonCommand(semget))).output).toBe('-1 38\n');
});

test("S9: another process counts files, so this process's work does not grow with their number", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'q-count-'));
  try {
    const work = async (files: number): Promise<number> => {
      const place = join(folder, String(files));
      mkdirSync(place);
      spawnSync('sh', ['-c', `cd "$0" && seq ${files} | xargs touch`, place]);
      await folderUse(place, { bytes: Infinity, files: Infinity });
      const usageBefore = process.cpuUsage();
      expect(await folderUse(place, { bytes: Infinity, files: Infinity })).toEqual({ bytes: 0, files });
      const { user, system } = process.cpuUsage(usageBefore);
      return (user + system) / 1_000;
    };
    await work(100);
    const msForFew = await work(1_000);
    // With one promise and one system call for each file, this process would need some 30 us a file, which is 600 ms here.
    expect(await work(20_000)).toBeLessThan(msForFew + 150);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Lists the running processes of a user, without zombies. */
function runningOf(uid: number): string[] {
  const { stdout } = spawnSync('ps', ['-U', String(uid), '-o', 'stat=,args='], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => line !== '' && !line.startsWith('Z'));
}

asRoot(
  'S10: after a fork bomb the next run can start all of its processes, 20 times, whether the bomb was killed or not',
  async () => {
    const sandbox = createBubblewrap({ limits: { processes: 48 } });
    const bomb = 'import os, time\nwhile True:\n  try: os.fork()\n  except OSError: time.sleep(0.01)';
    const next = 'for n in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 0.05 & done; wait; id -u';
    for (let round = 0; round < 20; round += 1) {
      const end = new AbortController();
      const timer = setTimeout(() => end.abort(), 400);
      const isKilled = round % 2 === 0;
      await sandbox.withScratch(async (folder) => {
        const signal = isKilled ? end.signal : undefined;
        await sandbox.run({ folder, command: pythonCommand(bomb), timeoutMs: 400, signal }).catch(() => undefined);
        // The next run gets the same user id at once.
        const result = await sandbox.run({ folder, command: ['sh', '-c', next], timeoutMs: 60_000 });
        expect(result).toMatchObject({ exitCode: 0, output: expect.stringMatching(/^\d+\n$/) });
      });
      clearTimeout(timer);
    }
  },
);

asRoot('S10: background processes of a command have ended before the next run gets its user id', async () => {
  const sandbox = createBubblewrap();
  await sandbox.withScratch(async (folder) => {
    const leaveProcesses = 'for n in 1 2 3 4 5 6 7 8; do sleep 300 & done; id -u';
    for (let round = 0; round < 5; round += 1) {
      const { output } = await sandbox.run({ folder, command: ['sh', '-c', leaveProcesses], timeoutMs: 60_000 });
      expect(runningOf(Number(output))).toEqual([]);
    }
  });
});

asRoot('S10: a user id is not leased while a process runs under it', async () => {
  const uids = sharedUids(61_200, 2);
  const startSleeper = (uid: number) => spawn('sleep', ['300'], { uid, gid: uid, stdio: 'ignore' });
  const first = await uids.lease((uid) => Promise.resolve({ uid, sleeper: startSleeper(uid) }));
  try {
    const laterUids: number[] = [];
    for (let round = 0; round < 3; round += 1) laterUids.push(await uids.lease((uid) => Promise.resolve(uid)));
    expect(laterUids).toEqual([0, 1, 2].map(() => (first.uid === 61_200 ? 61_201 : 61_200)));
  } finally {
    first.sleeper.kill('SIGKILL');
    await new Promise((resolve) => first.sleeper.once('exit', resolve));
  }
});
