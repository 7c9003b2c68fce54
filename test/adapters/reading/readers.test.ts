/** Tests the pool of reader threads: its limits of time, memory and size, its errors, and that the main thread stays responsive. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { join } from 'node:path';
import { createReaders } from '../../../src/adapters/reading/readers';
import type { ReadersOptions } from '../../../src/adapters/reading/readers';
import type { Readers } from '../../../src/ports/readers';

const SLOW = join(__dirname, 'slow-thread.cjs');
let readers: Readers | undefined;
afterEach(async () => readers?.close());
const openReaders = (options: ReadersOptions): Readers => (readers = createReaders({ thread: SLOW, ...options }));

test('plain data are returned unchanged: maps, sets and texts with any characters', async () => {
  const input = { texts: new Map([['a', 'é\ud800\0😀\r\n']]), lines: new Set([1, 2]), none: null };
  expect(await openReaders({}).read('echo', input, {})).toEqual(input);
});

test('a reader that exceeds its time limit is ended with its thread, and the next one runs', async () => {
  const pool = openReaders({ threads: 1, timeoutMs: 300 });
  await expect(pool.read('stand still', { ms: 60_000 }, {})).rejects.toMatchObject({
    type: 'Reading.Unfinished',
    message: expect.stringMatching(/\(stand still\) did not end within 0.3 s.*request-retry/) as string,
  });
  readers = openReaders({ threads: 1 });
  expect(await readers.read('echo', 1, {})).toBe(1);
});

test('the time limit does not include the wait for a thread', async () => {
  const pool = openReaders({ threads: 1, timeoutMs: 20_000 });
  await pool.read('echo', 1, {});
  const all = Array.from({ length: 5 }, (_, at) => pool.read('echo', at, {}));
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
});

test('a reader that exceeds its memory limit is ended, and the process continues', async () => {
  await expect(openReaders({ heapMb: 32 }).read('fill', {}, {})).rejects.toMatchObject({
    type: 'Reading.Unfinished',
    message: expect.stringMatching(/with 32 MB of memory/) as string,
  });
});

test('texts above the limit are refused before they are sent to a thread', async () => {
  const pool = openReaders({ maxChars: 1_000 });
  const input = { files: [{ text: 'a'.repeat(600) }], before: new Map([['b', 'b'.repeat(600)]]) };
  await expect(pool.read('echo', input, {})).rejects.toMatchObject({
    type: 'Reading.TooLarge',
    message: expect.stringMatching(/\(echo\) have 1216 characters, more than the 1000/) as string,
  });
});

test('a cancelled activity ends its reader', async () => {
  const controller = new AbortController();
  const read = openReaders({}).read('stand still', { ms: 60_000 }, { signal: controller.signal });
  const reason = new Error('cancelled');
  setImmediate(() => controller.abort(reason));
  await expect(read).rejects.toBe(reason);
});

test('an error of a reader is thrown to the caller', async () => {
  await expect(openReaders({}).read('fail', {}, {})).rejects.toMatchObject({ message: 'no such thing' });
});

test('a thread does not see the environment, which contains keys', async () => {
  expect(await openReaders({}).read('environment', {}, {})).toEqual([]);
});

test('the main thread is not blocked while a thread reads', async () => {
  const pool = openReaders({});
  await pool.read('echo', 1, {});
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  await pool.read('stand still', { ms: 1_500 }, {});
  delay.disable();
  expect(delay.max / 1e6).toBeLessThan(1_000);
});

test('a thread runs the readers of this product from its sources', async () => {
  readers = createReaders();
  const texts = new Map([['src/a.js', 'if (process.env.NODE_ENV === "test") a();\n']]);
  const questions = (await readers.read('questions', texts, {})) as Map<string, unknown[]>;
  expect(questions.get('src/a.js')).toHaveLength(1);
});
