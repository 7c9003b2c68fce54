/** Tests commands that the system cannot start: the model gets the reason, and its step continues (R6). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Deps } from '../../../src/activities/deps';
import { startProgram } from '../../../src/adapters/machine/processes/start';
import { openTools } from './tool-context';
import type { Tools } from './tool-context';
import { readersHere } from '../../readers-here';

let tools: Tools;
beforeAll(async () => {
  tools = await openTools((folder) => writeFileSync(join(folder, 'a.txt'), 'a\n'));
});
afterAll(() => tools.close());

/** Calls the tool `run` with a fake checkout: it starts `start.file` without a sandbox, or nothing if `start` is null. */
async function callRun(command: string[], start: { file: string; argument: string } | null) {
  let runs = 0;
  const run = async () => {
    runs += 1;
    if (start !== null) await startProgram({ file: start.file, args: [start.argument], env: {}, outputs: {} }).closed;
    return { exitCode: 0, timedOut: false, output: 'ran', durationMs: 1 };
  };
  const checkouts = {
    with: (_input: unknown, work: (checkout: unknown) => unknown) => work({ run, setup: { workdir: '' } }),
  };
  const { workspace } = tools.place;
  const deps = {
    workspace,
    artifacts: tools.artifacts,
    readers: readersHere,
    checkouts,
    testTimeoutMs: 1_000,
  } as unknown as Deps;
  return { said: await tools.use('run', { command }, { deps }), runs };
}

test.each([
  ['a NUL', ['echo', 'a\0b'], /a word holds the character NUL/],
  ['an empty first word', [' ', 'a'], /the first word is empty: it names the program/],
  [
    'too many bytes',
    ['echo', 'é'.repeat(30_000), 'x'.repeat(40_001)],
    /may have 100,000 bytes: write a long text into a file/,
  ],
])('R6: a command with %s is refused with the reason, and nothing is started', async (_what, command, words) => {
  const { said, runs } = await callRun(command, null);
  expect(said).toMatch(/^error: the arguments of run do not fit: /);
  expect(said).toMatch(words);
  expect(runs).toBe(0);
});

test('R6: a command of exactly the allowed size is carried out', async () => {
  expect((await callRun(['echo', 'x'.repeat(99_996)], null)).said).toBe('exit code 0\nran');
});

test.each([
  ['is too long for the system', 'x'.repeat(200_000), /E2BIG/],
  ['holds a NUL', 'a\0b', /null bytes/],
])('R6: an argument that %s is refused with a message for the model', async (_what, argument, words) => {
  const { said } = await callRun(['true'], { file: '/bin/true', argument });
  expect(said).toMatch(/^error: nothing was run: the system does not take the arguments of this command/);
  expect(said).toMatch(words);
});

test('R6: a program that the machine lacks fails the activity: it is no mistake of the model', async () => {
  await expect(callRun(['true'], { file: '/nosuch/sh', argument: 'x' })).rejects.toThrow(/ENOENT/);
});
