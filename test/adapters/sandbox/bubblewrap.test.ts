/** Tests what a command can and cannot do in the sandbox, with real bubblewrap. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { until } from '../../until';
import { asRoot } from '../../as-root';

const sandbox = createBubblewrap();

function sh(script: string, timeoutMs = 30_000) {
  return sandbox.withScratch((folder) => sandbox.run({ folder, command: ['sh', '-c', script], timeoutMs }));
}

/** Counts the processes of this machine whose command line contains the word. */
function countProcesses(word: string): number {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(word);
      } catch {
        return false;
      }
    }).length;
}

test('the self-test passes on this machine', async () => {
  await sandbox.selfTest();
});

test.each([0, 1, 7, 143])('exit code %j is returned', async (code) => {
  expect((await sh(`exit ${code}`)).exitCode).toBe(code);
});

test('a missing program and a command line without a program end with exit code 127', async () => {
  await sandbox.withScratch(async (folder) => {
    for (const command of [['no-such-program'], [], ['--help'], ['A=b']]) {
      expect((await sandbox.run({ folder, command, timeoutMs: 5_000 })).exitCode).toBe(127);
    }
  });
});

test('only the folder is writable, and its files are visible outside', async () => {
  await sandbox.withScratch(async (folder) => {
    mkdirSync(join(folder, 'sub'));
    writeFileSync(join(folder, 'sub/given.txt'), 'given');
    const script =
      'cat sub/given.txt > sub/made.txt; for d in / /etc /usr /usr/local /proc /dev/..; do touch $d/x && echo "wrote $d"; done';
    const result = await sandbox.run({ folder, command: ['sh', '-c', script], timeoutMs: 5_000 });
    expect(result.output).not.toContain('wrote');
    expect(readFileSync(join(folder, 'sub/made.txt'), 'utf8')).toBe('given');
  });
});

test('files of this machine are not visible', async () => {
  const canary = join(mkdtempSync(join(tmpdir(), 'q-canary-')), 'file');
  writeFileSync(canary, 'secret-of-the-host', { mode: 0o644 });
  const result = await sh(
    `cat ${canary} ${__filename} /etc/shadow /etc/hostname /root/.bashrc; ls /home /root /var /srv /sys; cat /etc/passwd`,
  );
  rmSync(join(canary, '..'), { recursive: true });
  expect(result.output).not.toContain('secret-of-the-host');
  expect(result.output.match(/No such file/g)?.length).toBe(10);
  expect(result.output).toMatch(/^sandbox:x:/m);
});

test('the network is off, but the loopback works', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const program = `const net = require('node:net');
    net.connect(${port}, '127.0.0.1').on('connect', () => console.log('REACHED')).on('error', (e) => console.log(e.code));
    const own = net.createServer((s) => s.end()).listen(0, 'localhost', () =>
      net.connect(own.address().port, 'localhost').on('connect', () => { console.log('own'); own.close(); }));
    require('node:dns').lookup('example.com', (e) => console.log('dns', e && e.code));`;
  const result = await sandbox.withScratch((folder) =>
    sandbox.run({ folder, command: ['node', '-e', program], timeoutMs: 10_000 }),
  );
  server.close();
  expect(result.output).toContain('ECONNREFUSED');
  expect(result.output).toContain('own');
  expect(result.output).toMatch(/dns E/);
  expect(result.output).not.toContain('REACHED');
});

test('no process shows a variable of the worker, and the user is not root', async () => {
  process.env['Q_TEST_SECRET'] = 'do-not-show';
  const result = await sh(
    'env; id -u; cat /proc/*/environ | tr "\\0" "\\n"; hostname; grep -E "CapEff|NoNewPrivs" /proc/self/status',
  );
  delete process.env['Q_TEST_SECRET'];
  expect(result.output).not.toContain('do-not-show');
  expect(result.output).toMatch(/^HOME=\/tmp$/m);
  expect(result.output).toMatch(/^[1-9]\d*$/m);
  expect(result.output).toMatch(/^sandbox$/m);
  expect(result.output).toMatch(/CapEff:\s0+$/m);
  expect(result.output).toMatch(/NoNewPrivs:\s1/);
});

test('a command cannot become root in its own user namespace', async () => {
  expect((await sh('unshare -Ur id')).exitCode).not.toBe(0);
});

test('a time-out ends the whole tree of children', async () => {
  const word = `q-sleeper-${process.pid}`;
  const child = `sh -c 'while :; do sleep 0.2; done' ${word}`;
  const result = await sh(`setsid ${child} & nohup ${child} >/dev/null 2>&1 & ${child}`, 700);
  expect(result).toMatchObject({ timedOut: true, exitCode: null });
  expect(result.durationMs).toBeLessThan(3_000);
  expect(
    await until(
      () => Promise.resolve(countProcesses(word)),
      (count) => count === 0,
    ),
  ).toBe(0);
});

test('background processes end with their command', async () => {
  const word = `q-daemon-${process.pid}`;
  const result = await sh(`setsid sh -c 'while :; do sleep 0.2; done' ${word} >/dev/null 2>&1 & exit 3`);
  expect(result.exitCode).toBe(3);
  expect(
    await until(
      () => Promise.resolve(countProcesses(word)),
      (count) => count === 0,
    ),
  ).toBe(0);
});

test('an abort ends the command at once and throws its reason', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('cancelled by a person')), 100);
  await sandbox.withScratch(async (folder) => {
    const run = sandbox.run({ folder, command: ['sleep', '20'], timeoutMs: 30_000, signal: abort.signal });
    await expect(run).rejects.toThrow('cancelled by a person');
  });
});

test('a fork bomb is limited and ended', async () => {
  const limitedSandbox = createBubblewrap({ limits: { processes: 64 } });
  const result = await limitedSandbox.withScratch((folder) =>
    limitedSandbox.run({ folder, command: ['sh', '-c', 'bomb() { bomb | bomb & }; bomb; sleep 5'], timeoutMs: 1_000 }),
  );
  expect(result.durationMs).toBeLessThan(5_000);
  expect((await sh('echo fine')).output).toBe('fine\n');
});

test('the size of a file, memory and /tmp are limited', async () => {
  const limitedSandbox = createBubblewrap({
    limits: { fileBytes: 1_000_000, dataBytes: 300_000_000, tmpBytes: 1_000_000 },
  });
  await limitedSandbox.withScratch(async (folder) => {
    const run = (script: string) => limitedSandbox.run({ folder, command: ['sh', '-c', script], timeoutMs: 10_000 });
    expect((await run('head -c 3000000 /dev/zero > big')).exitCode).not.toBe(0);
    expect(statSync(join(folder, 'big')).size).toBe(1_000_000);
    expect((await run('for n in 1 2 3; do head -c 900000 /dev/zero > /tmp/$n || exit 9; done')).exitCode).toBe(9);
    expect((await run('node -e "const all = []; for (;;) all.push(Buffer.alloc(1e7, 1))"')).exitCode).not.toBe(0);
  });
});

test('stdout and stderr keep the order in which they were written', async () => {
  const { output } = await sh('for n in 1 2 3; do echo out $n; echo err $n >&2; done');
  expect(output).toBe('out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n');
});

test('long output keeps its head and its tail, and endless output ends the command', async () => {
  const { output, exitCode } = await sh('echo first; head -c 2000000 /dev/zero | tr "\\0" x; echo; echo last');
  expect(exitCode).toBe(0);
  expect(output.length).toBeLessThan(257 * 1024);
  expect(output).toMatch(/^first\n[^]*\n\[cut: \d+ bytes[^]*\nlast\n$/);
  const endless = await sh('yes', 120_000);
  expect(endless).toMatchObject({ exitCode: null, timedOut: false });
  expect(endless.output).toContain('far more output than allowed');
});

test('a scratch folder is removed after use, after an error, and if it contains folders without permissions', async () => {
  let scratchFolder = '';
  const use = sandbox.withScratch(async (folder) => {
    scratchFolder = folder;
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await sandbox.run({
      folder,
      command: ['sh', '-c', 'mkdir -p a/b && touch a/b/c && chmod 000 a/b a'],
      timeoutMs: 5_000,
    });
    throw new Error('mine');
  });
  await expect(use).rejects.toThrow('mine');
  expect(existsSync(scratchFolder)).toBe(false);
});

test('node --test runs in the sandbox', async () => {
  await sandbox.withScratch(async (folder) => {
    writeFileSync(join(folder, 'a.test.js'), "require('node:test')('adds', () => {});");
    const result = await sandbox.run({ folder, command: ['node', '--test', '--test-reporter=tap'], timeoutMs: 20_000 });
    expect(result.output).toContain('# pass 1');
    expect(result.exitCode).toBe(0);
  });
});

test('if prlimit is missing, one line says how to install it', async () => {
  const withoutPrograms = createBubblewrap({ programs: { folders: ['/nowhere'] } });
  await expect(withoutPrograms.selfTest()).rejects.toMatchObject({ type: 'Sandbox.Unavailable' });
  await expect(withoutPrograms.selfTest()).rejects.toThrow(/^[^\n]*apt-get install util-linux[^\n]*$/);
});

test('a sandbox that cannot be set up throws Sandbox.Unavailable and no test result', async () => {
  const run = sandbox.run({ folder: '/nowhere/at/all', command: ['true'], timeoutMs: 5_000 });
  await expect(run).rejects.toThrow();
});

asRoot('a sandbox that would run commands as root is refused', async () => {
  await expect(createBubblewrap({ uid: 0 }).selfTest()).rejects.toThrow('its user is root');
});

test('a read-only folder inside a writable one is visible', async () => {
  await sandbox.withScratch((folder) =>
    sandbox.withScratch(async (inner) => {
      chmodSync(inner, 0o755);
      writeFileSync(join(inner, 'a.txt'), 'inner');
      const { output } = await sandbox.run({
        ...{ folder, command: ['sh', '-c', 'cat packages/a.txt /moved/packages/a.txt; echo > /moved/b.txt && ls'] },
        ...{ timeoutMs: 30_000, writable: [{ from: folder, to: '/moved', isOwnedBySandboxUser: true }] },
        readOnly: ['packages', '/moved/packages'].map((to) => ({ from: inner, to })),
      });
      expect(output).toBe('innerinnerb.txt\npackages\n');
    }),
  );
});
