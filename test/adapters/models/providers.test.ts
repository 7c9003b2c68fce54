/**
 * Tests the same small conversation with every provider, in the protocol of its server.
 */
import { z } from 'zod';
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import { PROVIDERS } from '../../../src/adapters/models/providers';
import type { ModelMessage } from '../../../src/ports/model';
import { ALL_PROVIDERS } from './all-providers';
import type { FakeProvider } from './all-providers';
import * as server from './faulty-server';
import { event, settingsWith } from './protocols';
import { aRequest, failureOfCall, GREETING } from './request';

const tools = { read: { description: 'Reads a file.', input: z.object({ path: z.string() }) } };

test('this test covers every provider except the scripted one', () => {
  const fakedProviders = ALL_PROVIDERS.map(({ spec }) => spec.slice(0, spec.indexOf(':')));
  expect([...fakedProviders, 'scripted'].sort()).toEqual(PROVIDERS.map(({ name }) => name as string).sort());
});

describe.each(ALL_PROVIDERS)('$spec', ({ spec, access, reply, returnedReasoning }: FakeProvider) => {
  let faulty: server.FaultyServer;
  afterEach(() => faulty.close());
  async function createModelWith(...replies: server.Reply[]) {
    faulty = await server.faultyServer(...replies);
    return createModel(readChain(spec), settingsWith(access(faulty.origin)));
  }

  test('two steps: a tool call, its result, and finish; reasoning, usage and the cached share are kept', async () => {
    const calls = [{ id: 'Abc123xyz', name: 'read', input: '{"path":"a.txt"}' }];
    const finishCalls = [{ id: 'Abc456xyz', name: 'finish', input: JSON.stringify(GREETING) }];
    const model = await createModelWith(
      reply('', { calls, reasoning: 'hm', cached: 4 }),
      reply('', { calls: finishCalls }),
    );
    const first = await model.call(aRequest({ tools }));
    expect(first).toMatchObject({
      ...{ kind: 'tools', toolCalls: [{ name: 'read', input: { path: 'a.txt' } }], model: spec, calls: 1 },
      usage: { inputTokens: 11, outputTokens: 7, cachedInputTokens: 4 },
    });
    if (first.kind !== 'tools') throw new Error('no tools');
    const { text, toolCalls, native } = JSON.parse(JSON.stringify(first)) as typeof first;
    const id = toolCalls[0]?.id ?? '';
    const messages: ModelMessage[] = [
      { from: 'user', text: 'Look first.' },
      { from: 'model', text, toolCalls, native },
      { from: 'tools', results: [{ id, name: 'read', output: 'text of a.txt' }] },
    ];
    const second = await model.call(aRequest({ tools, step: 2, messages }));
    expect(second).toMatchObject({ kind: 'output', output: GREETING, usage: { inputTokens: 11, outputTokens: 7 } });
    const [firstBody, secondBody] = faulty.requests.map(({ body }) => body);
    expect(firstBody).toMatch(/"name":"read"[^]*"name":"finish"/);
    expect(firstBody).not.toMatch(/response_format|responseSchema|json_schema"/);
    expect(secondBody).toContain('text of a.txt');
    if (returnedReasoning !== undefined) expect(secondBody).toMatch(returnedReasoning);
  });

  // Gemini sends arguments as JSON objects, not as text that can break off.
  const hasTextArguments = !/^(?:google|vertex):/.test(spec);
  if (hasTextArguments)
    test('M1: a call with incomplete arguments is returned as broken, not as a call without arguments', async () => {
      const calls = [{ id: 'Abc123xyz', name: 'read', input: '{"path":"cut off h' }];
      const model = await createModelWith(reply('', { calls }));
      expect(await model.call(aRequest({ tools }))).toMatchObject({
        kind: 'tools',
        toolCalls: [{ name: 'read', input: {}, broken: expect.stringContaining('not JSON') }],
      });
    });

  test('status 429 is RateLimited, with the wait of its headers', async () => {
    const model = await createModelWith(server.status(429, { 'retry-after': '309600' }));
    expect(await failureOfCall(model.call(aRequest({ tools })))).toMatchObject({
      type: 'Model.RateLimited',
      retryAfterMs: 309_600_000,
    });
    expect(faulty.requests).toHaveLength(1);
  });

  test('status 400 is BadRequest, and the detail has its message without the key', async () => {
    const reply400 = server.status(400, {}, 'field x is wrong, says key-of-test');
    const model = await createModelWith(reply400, reply400, reply400);
    const failure = await failureOfCall(model.call(aRequest({ tools })));
    expect(failure).toMatchObject({ type: 'Model.BadRequest', detail: expect.stringContaining('field x is wrong') });
    expect(JSON.stringify(failure) + failure.message).not.toContain('key-of-test');
  });
});

test('M1: a call that Gemini reports as malformed is unusable, and paid', async () => {
  const end = { candidates: [{ content: { parts: [] }, finishReason: 'MALFORMED_FUNCTION_CALL' }] };
  const faulty = await server.faultyServer(server.events([event(end)]));
  const access = { google: { apiKey: 'key-of-test', baseUrl: `${faulty.origin}/v1beta` } };
  const reply = await createModel(readChain('google:gemini-3-pro'), settingsWith(access)).call(aRequest({ tools }));
  await faulty.close();
  expect(reply).toMatchObject({ kind: 'unusable', reason: 'not_json', calls: 1 });
});
