/**
 * Tests servers that do not accept tools: the next form is tried at once, and remembered. The refusal is not paid.
 */
import { z } from 'zod';
import { createModel, createModels } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import type { ModelSettings } from '../../../src/adapters/models/settings';
import type { ModelMessage } from '../../../src/ports/model';
import * as server from './faulty-server';
import { PROTOCOLS, settingsWith } from './protocols';
import type { Protocol } from './protocols';
import { aRequest, failureOfCall, GREETING } from './request';

const goodAnswer = JSON.stringify(GREETING);
const tools = { write: { description: 'Writes a file.', input: z.object({ path: z.string() }) } };
const compatible = PROTOCOLS.find(({ name }) => name === 'compatible') as Protocol;

let faulty: server.FaultyServer;
afterEach(() => faulty.close());

/** Starts a server that refuses a body that `pattern` matches, with status `code`, and otherwise answers with the greeting. */
async function createRefusedModel(pattern: RegExp, code = 400, changes: Partial<ModelSettings> = {}) {
  const reply: server.Reply = (response, request) => {
    const matchedText = pattern.exec(request.body)?.[0];
    const answer =
      matchedText === undefined
        ? server.events(compatible.answer(goodAnswer))
        : server.status(code, {}, `no ${matchedText}`);
    answer(response, request);
  };
  faulty = await server.faultyServer(...Array.from({ length: 9 }, () => reply));
  const logLines: string[] = [];
  const settings = {
    ...settingsWith(compatible.access(faulty.origin)),
    say: (line: string) => logLines.push(line),
    ...changes,
  };
  return { logLines, model: createModel(readChain(compatible.spec), settings) };
}

const TRANSCRIPT: ModelMessage[] = [
  { from: 'user', text: 'Greet twice.' },
  { from: 'model', text: 'I write.', toolCalls: [{ id: 'w1', name: 'write', input: { path: 'a.js' } }] },
  { from: 'tools', results: [{ id: 'w1', name: 'write', output: 'written </data>' }] },
  { from: 'user', text: 'Go on.' },
];

const OWN_TURN = {
  model: compatible.spec,
  content: [{ type: 'tool-call', toolCallId: 'w1', toolName: 'write', input: { path: 'a.js' } }],
};

test.each([400, 422, 501])(
  'M4: a server that refuses tools with %i is asked for structured output, now and later',
  async (code) => {
    const { model, logLines } = await createRefusedModel(/"tools"/, code);
    expect(await model.call(aRequest({ tools, idempotencyKey: 'k' }))).toMatchObject({ output: GREETING, calls: 1 });
    expect(await model.call(aRequest({ tools, idempotencyKey: 'k' }))).toMatchObject({ output: GREETING, calls: 1 });
    expect(faulty.requests.map(({ body }) => [body.includes('"tools"'), body.includes('"response_format"')])).toEqual([
      [true, false],
      [false, true],
      [false, true],
    ]);
    const [first, second, again] = faulty.requests.map(({ headers }) => headers['idempotency-key']);
    expect(first).toMatch(/^k\.[0-9a-f]{12}$/);
    expect(second).toMatch(/^k\.[0-9a-f]{12}$/);
    expect(second).not.toBe(first);
    expect(again).toBe(second);
    expect(logLines).toEqual([
      expect.stringMatching(/^compatible:llama3:8b: the server refuses the form "tools"; .* "schema"/),
    ]);
  },
);

test('M17: a server that cannot enforce a limit gets the same form with limits in the description', async () => {
  const { model, logLines } = await createRefusedModel(/"maxLength":40/, 400);
  expect(await model.call(aRequest({ tools }))).toMatchObject({ output: GREETING, calls: 1 });
  await model.call(aRequest({ tools }));
  expect(faulty.requests.map(({ body }) => [body.includes('"tools"'), body.includes('"maxLength":40')])).toEqual([
    [true, true],
    [true, false],
    [true, false],
  ]);
  expect(logLines).toEqual([expect.stringContaining('limits as keywords in the form "tools"')]);
});

test('a refusal within a conversation is not remembered, because its cause may be another one', async () => {
  const { model, logLines } = await createRefusedModel(/"tools"/);
  await model.call(aRequest({ tools, messages: TRANSCRIPT }));
  await model.call(aRequest({ tools, messages: TRANSCRIPT }));
  expect(faulty.requests.map(({ body }) => body.includes('"tools"'))).toEqual([true, false, true, false]);
  expect(logLines).toEqual([]);
});

test.each([
  ['with an unrelated message', 'invalid request', undefined],
  [
    'that names a message',
    'messages.2: `tool_use` ids without `tool_result`; messages[3].function: no json',
    undefined,
  ],
  ['that names tools, although the model has called tools before,', 'tools are not supported', OWN_TURN],
])('after a restart, a refusal within a conversation %s ends the call', async (_what, message, native) => {
  const refusal = server.status(400, {}, message);
  faulty = await server.faultyServer(refusal, refusal, refusal, refusal, refusal, refusal);
  const model = createModel(readChain(compatible.spec), settingsWith(compatible.access(faulty.origin)));
  const messages = TRANSCRIPT.map((message) => (message.from === 'model' ? { ...message, native } : message));
  expect(await failureOfCall(model.call(aRequest({ tools, messages })))).toMatchObject({ type: 'Model.BadRequest' });
  expect(faulty.requests).toHaveLength(1);
});

test('a form that was learned for a model is used by every role with this model', async () => {
  const reply: server.Reply = (response, request) =>
    (request.body.includes('"tools"') ? server.status(400) : server.events(compatible.answer(goodAnswer)))(
      response,
      request,
    );
  faulty = await server.faultyServer(reply, reply, reply, reply);
  const create = createModels(settingsWith(compatible.access(faulty.origin)));
  await create(readChain(compatible.spec)).call(aRequest({ tools }));
  await create(readChain(`${compatible.spec},compatible:other`)).call(aRequest({ tools }));
  expect(faulty.requests.map(({ body }) => body.includes('"tools"'))).toEqual([true, false, false]);
});

test('M1: a tool call that the server could not read is an answer, not a refusal of tools', async () => {
  const message = "Failed to call a function. See 'failed_generation' for more details. (tool_use_failed)";
  faulty = await server.faultyServer(server.status(400, {}, message));
  const model = createModel(readChain(compatible.spec), settingsWith(compatible.access(faulty.origin)));
  expect(await failureOfCall(model.call(aRequest({ tools })))).toMatchObject({
    type: 'Model.NotAnAnswer',
    isPaid: true,
  });
  expect(faulty.requests).toHaveLength(1);
});

test('M4: a server that accepts neither tools nor structured output gets the schema in the prompt', async () => {
  const { model } = await createRefusedModel(/"tools"|"response_format"/);
  expect(await model.call(aRequest({ tools }))).toMatchObject({ output: GREETING, calls: 1 });
  expect(faulty.requests[2]?.body).toContain('JSON Schema');
  expect(faulty.requests[2]?.body).toContain('greeting');
  await model.call(aRequest({ tools }));
  expect(faulty.requests).toHaveLength(4);
});

test('in a form without tools earlier calls and their results are text, and user and model messages alternate', async () => {
  const { model } = await createRefusedModel(/"tools"/);
  await model.call(aRequest({ tools, messages: TRANSCRIPT }));
  const { messages } = JSON.parse(faulty.requests[1]?.body ?? '') as {
    messages: Array<{ role: string; content: unknown }>;
  };
  expect(messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
  expect(JSON.stringify(messages[3])).toMatch(/write.*a\.js.*written.*Go on\./);
  expect(JSON.stringify(messages[3]).match(/<\/data>/g)).toHaveLength(2);
});

test('if every form is refused, the call fails and nothing is remembered', async () => {
  const { model, logLines } = await createRefusedModel(/messages/);
  expect(await failureOfCall(model.call(aRequest({ tools })))).toMatchObject({ type: 'Model.BadRequest' });
  await failureOfCall(model.call(aRequest({ tools })));
  expect(faulty.requests).toHaveLength(6);
  expect(logLines).toEqual([]);
});

test('a form that a server has accepted once is still used after one refused request', async () => {
  const { model, logLines } = await createRefusedModel(/"tools".*poison|poison.*"tools"/);
  await model.call(aRequest({ tools }));
  const poison: ModelMessage[] = [{ from: 'user', text: 'poison' }];
  expect(await model.call(aRequest({ tools, messages: poison }))).toMatchObject({ output: GREETING });
  await model.call(aRequest({ tools }));
  expect(faulty.requests.map(({ body }) => body.includes('"tools"'))).toEqual([true, true, false, true]);
  expect(logLines).toEqual([]);
});

test.each([
  ['a request that is too long', 'maximum context length is 8192 tokens, tools included', 'Model.ContextTooLong'],
  ['an account without credit', 'credit balance is too low for tools', 'Model.Unauthorized'],
])('%s is not tried in another form', async (_what, message, type) => {
  faulty = await server.faultyServer(server.status(400, {}, message));
  const model = createModel(readChain(compatible.spec), settingsWith(compatible.access(faulty.origin)));
  expect(await failureOfCall(model.call(aRequest({ tools })))).toMatchObject({ type });
  expect(faulty.requests).toHaveLength(1);
});

test('if the settings choose a form, only that form is tried', async () => {
  const { model } = await createRefusedModel(/nothing/, 400, { tunings: { 'compatible:*': { form: 'text' } } });
  await model.call(aRequest({ tools }));
  expect(faulty.requests[0]?.body).not.toMatch(/"tools"|response_format/);
  expect(faulty.requests[0]?.body).toContain('JSON Schema');
});

test('a request without tools asks for structured output', async () => {
  const { model } = await createRefusedModel(/nothing/);
  await model.call(aRequest());
  expect(faulty.requests[0]?.body).toContain('"response_format":{"type":"json_schema"');
  expect(faulty.requests[0]?.body).not.toContain('"tools"');
});

test('the window is known from the settings, and learned from refused requests', async () => {
  const tooLong = server.status(
    400,
    {},
    'This model has a maximum context length of 4000 tokens, you asked for 16000 tokens',
  );
  faulty = await server.faultyServer(tooLong);
  const settings = settingsWith(compatible.access(faulty.origin));
  const tuned = createModel(readChain(compatible.spec), {
    ...settings,
    tunings: { 'compatible:*': { contextWindow: 8_000 } },
  });
  expect(tuned.windowChars).toBe(24_000);
  const model = createModel(readChain(compatible.spec), settings);
  expect(model.windowChars).toBeUndefined();
  await failureOfCall(model.call(aRequest({ tools, messages: [{ from: 'user', text: 'x'.repeat(40_000) }] })));
  expect(model.windowChars).toBeGreaterThan(5_000);
  expect(model.windowChars).toBeLessThan(10_000);
});
