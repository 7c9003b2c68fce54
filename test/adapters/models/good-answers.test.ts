/**
 * Tests valid answers in the protocol of every provider, from mocks of the providers' servers.
 */
import { LLMock } from '@copilotkit/aimock';
import { z } from 'zod';
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import { events, faultyServer } from './faulty-server';
import { PROTOCOLS, settingsWith } from './protocols';
import { aRequest, GREETING } from './request';

const mock = new LLMock({ port: 0 });
const usage = { prompt_tokens: 31, completion_tokens: 17, input_tokens: 31, output_tokens: 17 };
const tools = { read_file: { description: 'Reads a file.', input: z.object({ path: z.string() }) } };

beforeAll(async () => {
  mock.on({ toolCallId: 'call_1', toolResultContains: 'text of a.txt' }, { content: JSON.stringify(GREETING), usage });
  mock.onMessage('Greet twice.', { content: JSON.stringify(GREETING), usage });
  mock.onMessage('Look first.', {
    toolCalls: [{ id: 'call_1', name: 'read_file', arguments: '{"path":"a.txt"}' }],
    usage,
  });
  await mock.start();
});
afterAll(() => mock.stop());

describe.each(PROTOCOLS)('$name', ({ spec, access }) => {
  const model = () => createModel(readChain(spec), settingsWith(access(mock.url)));

  test('an answer that fits its schema is returned as output, with the usage that the provider reported', async () => {
    expect(await model().call(aRequest())).toEqual({
      kind: 'output',
      output: GREETING,
      model: spec,
      scripted: false,
      usage: { inputTokens: 31, outputTokens: 17, cachedInputTokens: null },
      calls: 1,
    });
  });

  test('a tool call ends the model call and is returned', async () => {
    const reply = await model().call(aRequest({ tools, messages: [{ from: 'user', text: 'Look first.' }] }));
    expect(reply).toMatchObject({
      kind: 'tools',
      toolCalls: [{ id: 'call_1', name: 'read_file', input: { path: 'a.txt' } }],
      calls: 1,
    });
  });

  test('the result of a tool call is sent in the next step', async () => {
    const toolCalls = [{ id: 'call_1', name: 'read_file', input: { path: 'a.txt' } }];
    const messages = [
      { from: 'user' as const, text: 'Look first.' },
      { from: 'model' as const, text: '', toolCalls },
      { from: 'tools' as const, results: [{ id: 'call_1', name: 'read_file', output: 'text of a.txt' }] },
    ];
    const reply = await model().call(aRequest({ tools, step: 2, messages }));
    expect(reply).toMatchObject({ kind: 'output', output: GREETING });
  });
});

test('only the provider itself gets its options', async () => {
  const bodies = await Promise.all(
    PROTOCOLS.map(async ({ spec, access, answer }) => {
      const fakeServer = await faultyServer(events(answer(JSON.stringify(GREETING))));
      await createModel(readChain(spec), settingsWith(access(fakeServer.origin))).call(aRequest());
      await fakeServer.close();
      return fakeServer.requests[0]?.body ?? '';
    }),
  );
  expect(bodies.map((body) => body.match(/"cache_control":\{"type":"ephemeral"\}/g)?.length ?? 0)).toEqual([2, 0, 0]);
  expect(bodies.map((body) => body.includes('"store":false'))).toEqual([false, true, false]);
});
