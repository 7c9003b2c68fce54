/** Tests the escape probes: none escapes from the sandbox, and without a sandbox they detect an escape. */
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { createNoSandbox } from '../../../src/adapters/sandbox/none';
import { runProbes } from '../../../src/adapters/sandbox/probes/run-probes';
import type { Sandbox } from '../../../src/ports/sandbox';
import { describeEscapes, formatFindings } from '../../../src/adapters/sandbox/probes/verdict';

const probeOptions = { outside: tmpdir() };
/** The findings without a sandbox, shared by two tests. */
let bareFindings: ReturnType<typeof runProbes> | undefined;
/** Runs the probes once without a sandbox: commands run in a folder as the user of this process. */
const probeWithoutSandbox = () => (bareFindings ??= runProbes(() => createNoSandbox(), probeOptions));

test('none of at least 30 probes in node, python and a shell escapes from bubblewrap', async () => {
  const findings = await runProbes((limits) => createBubblewrap({ limits }), probeOptions);
  expect(findings.filter(({ escaped }) => escaped)).toEqual([]);
  expect(findings.length).toBeGreaterThanOrEqual(30);
  expect(new Set(findings.map(({ from }) => from))).toEqual(new Set(['node', 'python', 'shell']));
});

test('without a sandbox most probes escape, which shows that they can detect an escape', async () => {
  const findings = await probeWithoutSandbox();
  const escaped = findings.filter((finding) => finding.escaped);
  expect(escaped.length).toBeGreaterThanOrEqual(process.getuid?.() === 0 ? 60 : 30);
  expect(escaped.map(({ probe }) => probe)).toEqual(
    expect.arrayContaining([
      'a fork bomb',
      'a flood on disk',
      'memory without end',
      'living on after the end',
      'io_uring',
    ]),
  );
});

test.each([
  ['misses once and stops at the second try is accepted', 1, []],
  ['misses each time is refused', 2, ['a flood on disk']],
])('a flood that the watch %s', async (_what, times, escapedProbes) => {
  let missedRuns = 0;
  const findings = await runProbes((limits) => {
    const sandbox = createBubblewrap({ limits });
    const isFlood = limits.diskBytes !== undefined;
    const run: Sandbox['run'] = (input) =>
      isFlood && (missedRuns += 1) <= times
        ? Promise.resolve({ exitCode: 0, timedOut: false, output: 'survived\n', durationMs: 1 })
        : sandbox.run(input);
    return { ...sandbox, run };
  }, probeOptions);
  expect(findings.filter(({ escaped }) => escaped).map(({ probe }) => probe)).toEqual(escapedProbes);
});

test('the reason to refuse a sandbox names the probe that escaped', () => {
  const heldFinding = { probe: 'mounting', from: 'python', escaped: false, detail: '' } as const;
  const leak = { probe: 'the password file', from: 'node', escaped: true, detail: '/etc/shadow' } as const;
  expect(describeEscapes([heldFinding])).toBeUndefined();
  expect(describeEscapes([heldFinding, leak])).toBe(
    '1 of 2 probes got out of it: the password file (node: /etc/shadow)',
  );
  expect(formatFindings([heldFinding, leak])).toMatch(
    /^held {5}python +mounting\nESCAPED {2}node +the password file {2}\/etc\/shadow\n/,
  );
});

test('a real leak is found: a sandbox without isolation of files is refused, and the probes are named', async () => {
  const problem = describeEscapes(await probeWithoutSandbox());
  expect(problem).toMatch(/probes got out of it: a file of another user of the machine \(node: /);
});

test('the program prints the table and ends with 1 if a probe escaped', () => {
  const run = (env: object, ...args: string[]) =>
    spawnSync(process.execPath, ['--require', 'tsx/cjs', join(__dirname, '../../../src/programs/probes.ts'), ...args], {
      cwd: join(__dirname, '../../..'),
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], ...env },
    });
  // A container's user may have /tmp as home, and the sandbox has a /tmp of its own.
  const sandboxedRun = run({ HOME: '/tmp' });
  expect(sandboxedRun.stdout).toMatch(/^\d+ probes, 0 escaped in \d+ ms$/m);
  expect(sandboxedRun.status).toBe(0);
  expect(run({}, '--without-sandbox').status).toBe(1);
});
