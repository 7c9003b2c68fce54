/** S8: a kill from outside says nothing about the code in the sandbox; a command that kills itself has failed. */
import { readFileSync, readdirSync } from 'node:fs';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { createKillDetector } from '../../../src/adapters/sandbox/outside-kills';
import { until } from '../../until';

interface Process {
  pid: number;
  parent: number;
  line: string;
}

/** Lists the processes of this machine with their parents and command lines. */
function listProcesses(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const line = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ');
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      return [{ pid: Number(pid), parent: Number(stat.slice(stat.lastIndexOf(')')).split(' ')[2]), line }];
    } catch {
      return [];
    }
  });
}

/** Returns the chain of processes of a run: the worker's helper, bubblewrap, the first process inside, the command. */
function chainOf(word: string): Process[] {
  const processes = listProcesses();
  const command = processes.find(({ line }) => line.startsWith(`sleep ${word}`));
  const chain: Process[] = [];
  for (let at = command; at !== undefined; at = processes.find(({ pid }) => pid === at?.parent)) {
    chain.unshift(at);
    if (at.line.includes('host.cjs')) return chain;
  }
  return [];
}

let sleepSeconds = 300;

/** Starts a command that waits, kills one process of its chain, and returns the end of the run. */
async function runWithKill(chainIndex: number, sandbox = createBubblewrap()) {
  const word = `${(sleepSeconds += 1)}.25`;
  const run = sandbox.withScratch((folder) => sandbox.run({ folder, command: ['sleep', word], timeoutMs: 120_000 }));
  const outcome = run.then(
    (result) => ({ result }),
    (error: Error) => ({ error }),
  );
  const chain = await until(
    () => Promise.resolve(chainOf(word)),
    (found) => found.length === 4,
  );
  const victim = chain[chainIndex] as Process;
  process.kill(victim.pid, 'SIGKILL');
  const end = await outcome;
  expect(listProcesses().filter(({ line }) => line.includes(word))).toEqual([]);
  return end;
}

test.each([
  ["the worker's helper", 0],
  ['bubblewrap', 1],
  ['the first process inside', 2],
  ['the command', 3],
])('S8: a SIGKILL of %s makes the sandbox unavailable, and leaves no process', async (_what, chainIndex) => {
  expect(await runWithKill(chainIndex)).toEqual({
    error: expect.objectContaining({ type: 'Sandbox.Unavailable', message: expect.stringMatching(/SIGKILL|ended/) }),
  });
});

test('S8: a command that kills itself each time runs once more, and then it has failed', async () => {
  const sandbox = createBubblewrap();
  const run = () =>
    sandbox.withScratch((folder) => sandbox.run({ folder, command: ['sh', '-c', 'kill -9 $$'], timeoutMs: 30_000 }));
  await expect(run()).rejects.toMatchObject({ type: 'Sandbox.Unavailable' });
  expect(await run()).toMatchObject({ exitCode: 137, timedOut: false });
});

test('S8: a command that exceeds its memory limit has failed, without a second run', async () => {
  const sandbox = createBubblewrap({ limits: { memoryBytes: 120 * 1024 ** 2 } });
  const script = 'const all = Buffer.alloc(300 * 1024 ** 2, 1); setTimeout(() => all, 60_000)';
  const result = await sandbox.withScratch((folder) =>
    sandbox.run({ folder, command: ['node', '-e', script], timeoutMs: 60_000 }),
  );
  expect(result).toMatchObject({ exitCode: null, timedOut: false });
  expect(result.output).toContain('[ended: its processes took more than 125829120 bytes of memory]');
});

const ENDED_RUN = { timedOut: false, output: '', durationMs: 1, status: '' };

test.each([
  ['killed while the kernel killed processes for lack of memory', 137, 1, /ran out of memory/],
  ['ended by a signal', null, 0, /outside/],
  ['ended with an error while the kernel killed processes for lack of memory', 1, 1, /run once more/],
])('S8: a run that was %s must be tried again', async (_what, exitCode, kills, why) => {
  let count = 7;
  const detector = createKillDetector(() => Promise.resolve(count));
  const outsideCauseOf = await detector.begin({ command: ['npm', 'test'] });
  count += kills;
  expect(await outsideCauseOf({ ...ENDED_RUN, exitCode })).toMatch(why);
});

test.each([
  ['a test that fails', { exitCode: 1 }],
  ['a run whose time was up', { exitCode: null, timedOut: true }],
  ['a run that took too much', { exitCode: null, excess: { what: 'it wrote too much', by: 'command' as const } }],
])('S8: %s has no outside cause', async (_what, end) => {
  const outsideCauseOf = await createKillDetector(() => Promise.resolve(0)).begin({ command: ['npm', 'test'] });
  expect(await outsideCauseOf({ ...ENDED_RUN, ...end })).toBeUndefined();
});

test('S8: if other programs use up memory or disk, the run ends with a failure that is retried', async () => {
  const outsideCauseOf = await createKillDetector().begin({ command: ['npm', 'test'] });
  const excess = { what: 'the machine ran out of memory', by: 'machine' as const };
  expect(await outsideCauseOf({ ...ENDED_RUN, exitCode: null, excess })).toBe('the machine ran out of memory');
});
