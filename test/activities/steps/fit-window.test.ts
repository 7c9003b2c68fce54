/**
 * Tests that a conversation fits into the context window of its model: short lines replace old results.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileArtifacts } from '../../../src/adapters/artifacts/file-store';
import { fitWindow, halve, sizeOf } from '../../../src/activities/steps/fit-window';
import type { ModelMessage } from '../../../src/ports/model';

const folder = mkdtempSync(join(tmpdir(), 'q-fit-window-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const artifacts = createFileArtifacts(folder);

/** A conversation of this many turns, each of which reads a file of 10,000 characters. */
function conversationOf(turns: number): ModelMessage[] {
  const messages = Array.from({ length: turns }, (_, n): ModelMessage[] => [
    {
      from: 'model',
      text: '',
      toolCalls: [{ id: `c${n}`, name: 'read', input: { path: `src/${n}.js` } }],
      native: { model: 'a:b', content: [] },
    },
    { from: 'tools', results: [{ id: `c${n}`, name: 'read', output: String(n % 10).repeat(10_000) }] },
  ]);
  return [{ from: 'user', text: 'Begin.' }, ...messages.flat()];
}
const outputs = (messages: ModelMessage[]) =>
  messages.flatMap((message) => (message.from === 'tools' ? message.results.map(({ output }) => output) : []));

test('a conversation that fits is sent unchanged', async () => {
  expect(await fitWindow(artifacts, conversationOf(5), 100_000)).toBeUndefined();
});

test('past six tenths of the window, the oldest results become lines that name them and how to see them again', async () => {
  const shortened = (await fitWindow(artifacts, conversationOf(8), 100_000)) ?? [];
  expect(sizeOf(shortened)).toBeLessThanOrEqual(32_000);
  expect(outputs(shortened)[0]).toBe(
    '[left out to save room: the result of read {"path":"src/0.js"}, 10000 characters; to see it again: result {"id": "c0"}]',
  );
  expect(
    outputs(shortened)
      .slice(-2)
      .map((output) => output.length),
  ).toEqual([10_000, 10_000]);
});

test('a result that was left out stays as an artifact', async () => {
  const shortened = (await fitWindow(artifacts, conversationOf(8), 100_000)) ?? [];
  const first = shortened[2] as ModelMessage & { from: 'tools' };
  const digest = first.results[0]?.digest ?? '';
  expect((await artifacts.get(digest)).toString()).toBe('0'.repeat(10_000));
});

test('M2, M3: files that were written long ago are left out of the calls; reasoning and signatures stay', async () => {
  const input = { path: 'a.js', content: 'x'.repeat(90_000) };
  const reasoning = {
    type: 'reasoning',
    text: 'r'.repeat(500),
    providerOptions: { a: { signature: 's'.repeat(900) } },
  };
  const written: ModelMessage = {
    ...{ from: 'model', text: '' },
    toolCalls: [{ id: 'w', name: 'write', input }],
    native: { model: 'a:b', content: [reasoning, { type: 'tool-call', toolCallId: 'w', input }] },
  };
  const shortened =
    (await fitWindow(artifacts, [{ from: 'user', text: '' }, written, ...conversationOf(3).slice(1)], 100_000)) ?? [];
  const shortInput = { path: 'a.js', content: '[left out to save room: 90000 characters]' };
  expect(shortened[1]).toEqual({
    ...{ from: 'model', text: '' },
    toolCalls: [{ id: 'w', name: 'write', input: shortInput }],
    native: { model: 'a:b', content: [reasoning, { type: 'tool-call', toolCallId: 'w', input: shortInput }] },
  });
});

test('a request that was refused as too long is halved: first old results are replaced, then new ones are cut at whole characters', async () => {
  const half = (await halve(artifacts, conversationOf(8))) ?? [];
  expect(sizeOf(half)).toBeLessThan(sizeOf(conversationOf(8)) * 0.6);
  const small = (await halve(artifacts, conversationOf(2))) ?? [];
  expect(sizeOf(small)).toBeLessThan(sizeOf(conversationOf(2)) * 0.6);
  expect(outputs(small)[0]).toMatch(
    /^0{4000,}\n\[cut to fit this model's context: \d+ more characters; to see them: result \{"id": "c0"\}, by lines\]$/,
  );
});

test('a first message that is too long by itself is cut, its data block is closed, and a line names the cut', async () => {
  const text = `Build.\n<data name="files">\n${'😀'.repeat(50_000)}\n</data>\nMore.`;
  const [first] = (await halve(artifacts, [{ from: 'user', text }])) ?? [];
  const cut = (first as { text: string }).text;
  expect(cut.isWellFormed()).toBe(true);
  expect(cut).toMatch(/😀\n<\/data>\n\[cut to fit this model's context: \d+ more characters are not shown/);
});

test('a conversation that cannot be shortened fails', async () => {
  expect(await halve(artifacts, [{ from: 'user', text: 'x'.repeat(1_000) }])).toBeUndefined();
});
