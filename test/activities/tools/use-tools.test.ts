/** Tests tool calls of models: the tools of each role, and the results of calls that cannot be carried out (M1, M14, R7). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROLES } from '../../../src/domain/roles';
import { toolsFor } from '../../../src/activities/tools';
import { auditorPathRule } from '../../../src/activities/testing/auditor-paths';
import { z } from 'zod';
import { openTools } from './tool-context';
import type { Tools } from './tool-context';
import { readersHere } from '../../readers-here';

const READING_TOOLS = ['list', 'read', 'search', 'diff', 'log', 'blame', 'result'];
const CHANGING_TOOLS = ['edit', 'write', 'append', 'move', 'delete', 'mode', 'run'];

let tools: Tools | undefined;
afterEach(() => {
  tools?.close();
  tools = undefined;
});
const makeFiles = (folder: string) => {
  writeFileSync(join(folder, 'a.js'), 'export const a = 1;\n');
  writeFileSync(join(folder, 'a.test.js'), "import './a.js';\n");
};

test.each(ROLES)(
  'R7: every role reads; only the Code Writer and the Test Auditor change files and run commands: %s',
  (role) => {
    const canChange = ['code_writer', 'test_auditor'].includes(role);
    expect(Object.keys(toolsFor(role))).toEqual(canChange ? [...READING_TOOLS, ...CHANGING_TOOLS] : READING_TOOLS);
    for (const { description, input } of Object.values(toolsFor(role))) {
      expect(description).not.toBe('');
      expect(z.toJSONSchema(input)).toMatchObject({ type: 'object' });
    }
  },
);

test('R7: a call of a tool that the role lacks is refused with the names of its tools', async () => {
  tools = await openTools(makeFiles, 'q_assistant');
  expect(await tools.use('write', { path: 'b.js', content: 'x' })).toBe(
    `error: there is no tool "write"; there are ${READING_TOOLS.join(', ')} and finish`,
  );
  expect(await tools.use('constructor')).toMatch(/^error: there is no tool "constructor"/);
  expect(tools.state.commit).toBe(tools.base);
});

test('M1: a call with unreadable arguments gets an error, and the other calls of the turn are carried out', async () => {
  tools = await openTools(makeFiles);
  const [broken, finish, written] = await tools.turn([
    { name: 'write', broken: 'the JSON ends in mid-string' },
    { name: 'finish', input: {} },
    { name: 'write', input: { path: 'b.js', content: 'x' } },
  ]);
  expect(broken).toBe('error: the arguments of write could not be read: the JSON ends in mid-string; nothing was done');
  expect(finish).toBe(
    'error: finish was called beside other tools; nothing is finished: look at their results, then call finish alone',
  );
  expect(written).toMatch(/^written b.js/);
});

test('R6: optional members may be null, and each call is reported before it is carried out', async () => {
  tools = await openTools(makeFiles);
  const reported: unknown[] = [];
  const onCall = (now: unknown) => void reported.push(now);
  const input = { path: './a.js', from: null, lines: null, column: null };
  expect(await tools.use('read', input, { onCall })).toMatch(/^a.js: lines 1 to 1 of 1/);
  await tools.use(
    'search',
    { pattern: 'a', text: null, paths: null, context: null, ignore_case: null, from: null },
    { onCall },
  );
  expect(reported).toEqual([{ tool: 'read', path: 'a.js' }, { tool: 'search' }]);
});

test.each([
  ['read', { path: 'x'.repeat(100_000) }],
  ['write', { path: `${'x'.repeat(100_000)}\ud83d`, content: 'x' }],
  ['edit', { path: 'a\ud83d.js', edits: [{ old: '\ud83d', new: 'x' }] }],
  ['list', { folder: 'x'.repeat(100_000) }],
  ['list', { glob: '*'.repeat(100_000) }],
  ['search', { text: 'export', paths: Array.from({ length: 40 }, () => '"'.repeat(200)) }],
  ['search', { pattern: '('.repeat(2_000) }],
  ['log', { path: 'x'.repeat(100_000) }],
  ['result', { id: '\ud83d'.repeat(100_000) }],
  ['😀'.repeat(100_000), {}],
])('M11: a wrong call with long arguments gets a short error of whole characters: %.20s', async (name, input) => {
  tools = await openTools(makeFiles);
  const said = await tools.use(name, input);
  expect(said).toMatch(/^error: /);
  expect(said.length).toBeLessThanOrEqual(24_000);
  expect(said.isWellFormed()).toBe(true);
});

test('R7: work that was cancelled carries out no further call', async () => {
  tools = await openTools(makeFiles);
  const stop = new AbortController();
  const calls = ['b.js', 'c.js'].map((path) => ({ name: 'write', input: { path, content: 'x' } }));
  const work = tools.turn(calls, {
    signal: stop.signal,
    onCall: ({ path }) => (path === 'c.js' ? undefined : stop.abort()),
  });
  await expect(work).rejects.toThrow(/abort/);
});

const TOO_MUCH = 'error: not carried out: at most 30 calls (200,000 characters of results) a turn; call it again';

test('R7: if a turn has more than 30 calls, the first 30 are carried out, and the others may be made again', async () => {
  tools = await openTools(makeFiles);
  const calls = Array.from({ length: 32 }, (_, n) => ({ name: 'write', input: { path: `${n}.js`, content: 'x' } }));
  const said = await tools.turn(calls);
  expect(said[29]).toMatch(/^written 29.js/);
  expect(said.slice(30)).toEqual([TOO_MUCH, TOO_MUCH]);
  expect(await tools.changed()).toHaveLength(30);
  expect(await tools.use('write', { path: '30.js', content: 'x' })).toMatch(/^written 30.js/);
});

test('R7: all results of a turn have at most 200,000 characters, and no call after that is carried out', async () => {
  tools = await openTools((folder) => writeFileSync(join(folder, 'long.txt'), `${'y'.repeat(99)}\n`.repeat(400)));
  const read = { name: 'read', input: { path: 'long.txt' } };
  const said = await tools.turn([
    ...Array.from({ length: 12 }, () => read),
    { name: 'delete', input: { path: 'long.txt' } },
  ]);
  const carriedOut = said.filter((one) => one !== TOO_MUCH);
  const chars = carriedOut.reduce((sum, one) => sum + one.length, 0);
  expect(carriedOut.length).toBeGreaterThan(6);
  expect(chars).toBeLessThanOrEqual(200_000);
  expect(chars).toBeGreaterThan(150_000);
  expect(said.at(-1)).toBe(TOO_MUCH);
  expect(await tools.changed()).toEqual([]);
});

test('R7: a Test Auditor may write tests and the files that they read, by every tool, and nothing else', async () => {
  tools = await openTools(makeFiles, 'test_auditor');
  const mayWrite = auditorPathRule(
    { workspace: tools.place.workspace, readers: readersHere },
    { startCommit: tools.base, testFiles: ['a.test.js'] },
  );
  const use = (name: string, input: unknown) => tools?.use(name, input, { mayWrite }) ?? Promise.resolve('');
  const helper = { path: 'test/helper.js', content: 'export const h = 1;\n' };
  expect(await use('write', { path: 'made-up.js', content: 'x' })).toMatch(
    /^error: "made-up.js" is not a test, and no test of yours reads it/,
  );
  expect(await use('edit', { path: 'a.js', edits: [{ old: '1', new: '2' }] })).toMatch(
    /^error: "a.js" is not a test, and it existed before/,
  );
  expect(await use('append', { path: 'a.js', content: 'x' })).toMatch(/^error: "a.js"/);
  expect(await use('delete', { path: 'a.js' })).toMatch(/^error: "a.js"/);
  expect(await use('mode', { path: 'a.js', executable: true })).toMatch(/^error: "a.js"/);
  expect(await use('move', { from: 'a.js', to: 'b.test.js' })).toMatch(/^error: "a.js"/);
  expect(await use('write', { path: 'spec.data.js', content: 'x' })).toMatch(/^error:/);
  expect(tools.state.commit).toBe(tools.base);
  expect(await use('write', helper)).toMatch(/^written/);
  const reader = { path: 'b.test.js', content: "import { f } from './fixtures/fixed.js';\n" };
  expect(await use('write', reader)).toMatch(/^written/);
  expect(await use('write', { path: 'fixtures/fixed.js', content: 'export const f = 1;\n' })).toMatch(
    /^written fixtures\/fixed.js/,
  );
  // The Test Auditor may still change its own file, although no test reads it any more.
  await use('write', { ...reader, content: '// nothing\n' });
  expect(await use('append', { path: 'fixtures/fixed.js', content: 'x\n' })).toMatch(/^appended/);
  expect(await use('delete', { path: 'fixtures/fixed.js' })).toBe('deleted fixtures/fixed.js');
});
