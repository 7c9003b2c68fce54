/** Tests the limits of one run (memory, disk, files, users, descriptors), each with a command that exceeds it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import type { SandboxLimits } from '../../../src/adapters/sandbox/limits';
import { asRoot } from '../../as-root';

const MEGABYTE = 1024 ** 2;

function sh(limits: Partial<SandboxLimits>, script: string, timeoutMs = 60_000) {
  const sandbox = createBubblewrap({ limits });
  return sandbox.withScratch((folder) => sandbox.run({ folder, command: ['sh', '-c', script], timeoutMs }));
}

test('memory is counted over all processes: four processes, each below the limit, are ended together', async () => {
  const one = `node -e "const b = Buffer.alloc(${100 * MEGABYTE}, 1); setTimeout(() => b, 5000)" & `;
  const result = await sh({ memoryBytes: 300 * MEGABYTE }, `${one.repeat(4)} wait; echo survived`);
  expect(result).toMatchObject({ exitCode: null, timedOut: false });
  // Between two looks the estimate of all that the kernel holds for them may pass the limit before their own memory does.
  expect(result.output).toMatch(
    /\[ended: its (?:processes took|sockets, pipes and processes may take) more than 314572800 bytes of memory\]/,
  );
  expect(result.durationMs).toBeLessThan(4_000);
});

test('a program below the memory limit is not ended', async () => {
  const result = await sh({ memoryBytes: 300 * MEGABYTE }, `node -e "Buffer.alloc(${100 * MEGABYTE}, 1)"; echo fine`);
  expect(result).toMatchObject({ exitCode: 0, output: 'fine\n' });
});

test('a run that writes many files at once is ended soon after it exceeds the disk limit', async () => {
  const sandbox = createBubblewrap({ limits: { diskBytes: 64 * MEGABYTE } });
  await sandbox.withScratch(async (folder) => {
    const script = 'for n in 1 2 3 4; do head -c 200000000 /dev/zero > $n & done; wait; sleep 3; echo survived';
    const result = await sandbox.run({ folder, command: ['sh', '-c', script], timeoutMs: 15_000 });
    expect(result.output).toContain('[ended: it wrote more than 67108864 bytes to disk]');
    const writtenFiles = ['1', '2', '3', '4'].map((name) => join(folder, name)).filter(existsSync);
    // Between two checks of the watch the run can write this much.
    expect(writtenFiles.reduce((sum, path) => sum + statSync(path).size, 0)).toBeLessThan(600 * MEGABYTE);
  });
});

test('open files without a name count, too', async () => {
  const script = 'exec 7> a; rm a; head -c 200000000 /dev/zero >&7; sleep 5; echo survived';
  const result = await sh({ diskBytes: 64 * MEGABYTE }, script);
  expect(result.output).toContain('[ended: it wrote more than');
});

test.each([
  ['its folder', 'cd /workspace'],
  ['/tmp', 'cd /tmp'],
])('a flood of empty files in %s is ended', async (_where, enter) => {
  const result = await sh({ diskFiles: 500 }, `${enter}; seq 3000 | xargs touch; sleep 5; echo survived`);
  expect(result.output).toContain('[ended: it made more than 500 files');
});

test('a folder that was already large is allowed', async () => {
  const sandbox = createBubblewrap({ limits: { diskBytes: 8 * MEGABYTE } });
  await sandbox.withScratch(async (folder) => {
    writeFileSync(join(folder, 'given'), Buffer.alloc(6 * MEGABYTE));
    const result = await sandbox.run({ folder, command: ['sh', '-c', 'echo a > b; sleep 0.3'], timeoutMs: 5_000 });
    expect(result.exitCode).toBe(0);
  });
});

test('the git directory of the folder is neither visible nor changed', async () => {
  const sandbox = createBubblewrap();
  await sandbox.withScratch(async (folder) => {
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, '.git/config'), 'the settings');
    const command = ['sh', '-c', 'ls -A .git; echo evil > .git/config; rm -rf .git; mv .git aside; true'];
    const result = await sandbox.run({ folder, command, timeoutMs: 5_000 });
    expect(result.output).not.toContain('config\n');
    expect(readFileSync(join(folder, '.git/config'), 'utf8')).toBe('the settings');
  });
});

test('readOnly folders are visible and cannot be written', async () => {
  const sandbox = createBubblewrap();
  await sandbox.withScratch((packages) =>
    sandbox.withScratch(async (folder) => {
      writeFileSync(join(packages, 'a'), 'alpha');
      spawnSync('chmod', ['755', packages]);
      const command = ['sh', '-c', 'cat sub/given/a /given/a; echo x > sub/given/a || echo held'];
      const readOnly = [
        { from: packages, to: 'sub/given' },
        { from: packages, to: '/given' },
      ];
      const result = await sandbox.run({ folder, command, timeoutMs: 5_000, readOnly });
      expect(result.output).toMatch(/^alphaalpha[^]*held\n$/);
    }),
  );
});

asRoot('two concurrent runs have two users, neither of them root, which own their folders', async () => {
  const sandbox = createBubblewrap();
  const runs = [1, 2].map(() =>
    sandbox.withScratch(async (folder) => {
      const result = await sandbox.run({
        folder,
        command: ['sh', '-c', 'id -u; sleep 0.3; touch a'],
        timeoutMs: 5_000,
      });
      expect(String(statSync(join(folder, 'a')).uid)).toBe(result.output.trim());
      return Number(result.output);
    }),
  );
  const [first, second] = await Promise.all(runs);
  expect(first).toBeGreaterThan(60_000);
  expect(second).not.toBe(first);
});

asRoot('a fork bomb of one run does not limit the processes of another run', async () => {
  const bomb = sh({ processes: 64 }, 'bomb() { bomb | bomb & }; bomb; sleep 5', 1_500);
  const otherRun = await sh({ processes: 64 }, 'for n in 1 2 3 4 5 6 7 8; do sleep 0.05 & done; wait; echo fine');
  expect(otherRun.output).toBe('fine\n');
  await bomb;
});
