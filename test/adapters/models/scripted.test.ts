/**
 * Tests the scripted model with real script files.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { createModel } from '../../../src/adapters/models/create-model';
import { codeSchema } from '../../../src/activities/outputs';
import { settingsWith } from './protocols';
import { aRequest, failureOfCall, GREETING } from './request';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'script-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function scripted(script: unknown) {
  const file = path.join(folder, 'script.json');
  writeFileSync(file, typeof script === 'string' ? script : JSON.stringify(script));
  return createModel([{ provider: 'scripted', id: file }], settingsWith({}));
}
const discovery = (...attempts: unknown[]) => ({ name: 'demo', phases: { discovery: attempts } });
const tools = { read: { description: 'Reads a file.', input: z.object({ path: z.string() }) } };

test('an answer is found by phase, attempt and step, and is marked as scripted', async () => {
  const otherGreeting = { greeting: 'good evening', count: 1 };
  const model = scripted(discovery([{ output: GREETING }], [{ output: GREETING }, { output: otherGreeting }]));
  expect(model).toMatchObject({ id: 'scripted:demo', scripted: true });
  expect(await model.call(aRequest({ attempt: 2, step: 2 }))).toEqual({
    kind: 'output',
    output: otherGreeting,
    model: 'scripted:demo',
    scripted: true,
    usage: { inputTokens: 0, outputTokens: 0 },
    calls: 0,
  });
});

test('the same request gets the same answer, also from a new model', async () => {
  const script = discovery([{ text: 'I look.', tools: [{ name: 'read', input: { path: 'a' } }] }]);
  const replies = [await scripted(script).call(aRequest({ tools })), await scripted(script).call(aRequest({ tools }))];
  expect(replies[0]).toEqual(replies[1]);
  expect(replies[0]).toMatchObject({
    kind: 'tools',
    text: 'I look.',
    toolCalls: [{ id: 'discovery-1-1-1', name: 'read', input: { path: 'a' } }],
  });
});

test.each([
  ['attempt', { attempt: 2 }, 'discovery, attempt 2, step 1'],
  ['step', { step: 2 }, 'discovery, attempt 1, step 2'],
  ['phase', { phase: 'planning' as const }, 'planning, attempt 1, step 1'],
])('a request for an %s that the script does not have fails with its name', async (_what, changes, expectedText) => {
  const failure = await failureOfCall(scripted(discovery([{ output: GREETING }])).call(aRequest(changes)));
  expect(failure).toMatchObject({ type: 'Model.ScriptEnded', message: expect.stringContaining(expectedText) });
});

test('an output that does not fit the schema fails as an error of the script, with the field', async () => {
  const model = scripted(discovery([{ output: { greeting: '', count: 1 } }]));
  const failure = await failureOfCall(model.call(aRequest()));
  expect(failure).toMatchObject({ type: 'Role.OutputInvalid', message: expect.stringContaining('greeting') });
});

test('a tool that is not offered fails as an error of the script', async () => {
  const model = scripted(discovery([{ tools: [{ name: 'shell', input: {} }] }]));
  const failure = await failureOfCall(model.call(aRequest({ tools })));
  expect(failure).toMatchObject({ type: 'Role.OutputInvalid', message: expect.stringContaining('"shell"') });
});

test('an abort by the caller ends a delay at once, with the reason of the caller', async () => {
  const model = scripted(discovery([{ delay_ms: 60_000, output: GREETING }]));
  const controller = new AbortController();
  const call = model.call(aRequest({ signal: controller.signal }));
  controller.abort(new Error('cancelled'));
  await expect(call).rejects.toThrow('cancelled');
});

test('the content of a file can be in a separate file next to the script', async () => {
  mkdirSync(path.join(folder, 'answers'));
  writeFileSync(path.join(folder, 'answers', 'index.html'), '<p>dark</p>\n');
  const files = [{ path: 'index.html', content_file: 'answers/index.html' }];
  const output = { summary: 's', files, test_cases: [], documentation: '', technical_notes: [], fixed: [] };
  const model = scripted({ name: 'demo', phases: { implementation: [[{ output }]] } });
  const reply = await model.call(aRequest({ phase: 'implementation', schema: codeSchema }));
  expect(reply).toMatchObject({ output: { files: [{ path: 'index.html', content: '<p>dark</p>\n' }] } });
});

test.each([
  ['a text that is not JSON', '{"name": ', 'JSON'],
  ['an unknown phase', { name: 'demo', phases: { dreaming: [] } }, 'dreaming'],
  ['an answer that is neither output nor tools', discovery([{ text: 'hm' }]), 'either "output" or "tools"'],
  ['an unknown field', discovery([{ output: {}, delay: 3 }]), 'delay'],
  ['a content file that is missing', discovery([{ output: { content_file: 'gone.txt' } }]), 'gone.txt'],
  ['a content file outside', discovery([{ output: { content_file: '../../etc/passwd' } }]), ''],
  ['a link that leads outside', discovery([{ output: { content_file: 'link' } }]), 'outside'],
])('%s is refused when the model is created', (_what, script, expectedText) => {
  symlinkSync(process.execPath, path.join(folder, 'link'));
  expect(() => scripted(script)).toThrow(
    expect.objectContaining({ type: 'Model.NotConfigured', message: expect.stringContaining(expectedText) }),
  );
});

test('a missing script is refused when the model is created', () => {
  expect(() => createModel([{ provider: 'scripted', id: `${folder}/none.json` }], settingsWith({}))).toThrow(
    expect.objectContaining({ type: 'Model.NotConfigured', message: expect.stringContaining('none.json') }),
  );
});
