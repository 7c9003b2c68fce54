/**
 * Tests the settings of single models, keys in files, limits of schemas, and the usage that servers report.
 */
import { mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import type { ModelSettings } from '../../../src/adapters/models/settings';
import { readTunings } from '../../../src/adapters/models/tuning';
import { createFetch } from '../../../src/adapters/network/proxied-fetch';
import * as server from './faulty-server';
import { PROTOCOLS, settingsWith } from './protocols';
import type { Protocol } from './protocols';
import { aRequest, GREETING } from './request';

const goodAnswer = JSON.stringify(GREETING);
const [anthropic, openai, compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
let faulty: server.FaultyServer | undefined;
let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'models-'))));
afterEach(async () => {
  await faulty?.close();
  faulty = undefined;
  rmSync(folder, { recursive: true });
});

async function createAnsweringModel(protocol: Protocol, spec: string, changes: Partial<ModelSettings> = {}) {
  const reply = server.events(protocol.answer(goodAnswer));
  faulty = await server.faultyServer(reply, reply, reply, reply);
  return createModel(readChain(spec), { ...settingsWith(protocol.access(faulty.origin)), ...changes });
}
const body = (index = 0) => JSON.parse(faulty?.requests[index]?.body ?? '') as Record<string, unknown>;

test.each([
  ['anthropic:gateway-alias', 16_384],
  ['anthropic:claude-sonnet-4-5', 64_000],
])('M10: %s is asked for at most %i tokens by default', async (spec, tokens) => {
  await (await createAnsweringModel(anthropic, spec)).call(aRequest());
  expect(body()['max_tokens']).toBe(tokens);
});

test('M10: native structured output is a setting for ids that the SDK does not know', async () => {
  const tunings = { 'anthropic:gateway-alias': { form: 'schema' as const } };
  await (await createAnsweringModel(anthropic, 'anthropic:gateway-alias', { tunings })).call(aRequest());
  expect(body()).toHaveProperty('output_config.format.type', 'json_schema');
});

test.each<[Protocol, string, Record<string, unknown>]>([
  [anthropic, 'anthropic:alias', { max_tokens: 20_000, temperature: 0.5, output_config: { effort: 'low' } }],
  [openai, 'openai:gpt-5-mini', { max_output_tokens: 20_000, reasoning: { effort: 'low' } }],
  [compatible, 'compatible:llama3:8b', { max_tokens: 20_000, temperature: 0.5, reasoning_effort: 'low' }],
])('the settings of a model are in the request to its provider', async (protocol, spec, expected) => {
  const modelSettings = {
    maxOutputTokens: 20_000,
    temperature: 0.5,
    headers: { 'X-Team': 'q' },
    extraBody: { top_k: 7 },
  };
  const tunings = {
    [`${protocol.name}:*`]: { reasoningEffort: 'low', maxOutputTokens: 5 },
    [spec]: modelSettings,
    'anthropic:another': { maxOutputTokens: 9 },
  };
  await (await createAnsweringModel(protocol, spec, { tunings })).call(aRequest());
  expect(body()).toMatchObject({ ...expected, top_k: 7 });
  expect(faulty?.requests[0]?.headers['x-team']).toBe('q');
});

test('every field of the settings file is read', () => {
  const text = JSON.stringify({
    'openai:*': { reasoning_effort: 'high', form: 'schema' },
    'compatible:llama3:8b': {
      max_output_tokens: 1,
      temperature: 0,
      headers: { a: 'b' },
      extra_body: { c: [1] },
      context_window: 8192,
    },
  });
  expect(readTunings(text)).toEqual({
    tunings: {
      'openai:*': { reasoningEffort: 'high', form: 'schema' },
      'compatible:llama3:8b': {
        maxOutputTokens: 1,
        temperature: 0,
        headers: { a: 'b' },
        extraBody: { c: [1] },
        contextWindow: 8192,
      },
    },
  });
});

test.each([
  ['{', 'it is not JSON'],
  ['[]', 'it is not a JSON object'],
  ['{"gpt": {}}', '"gpt" names no model: write <provider>:<id> or <provider>:*'],
  ['{"openai:x": {"max_tokens": 3}}', 'openai:x: Unrecognized key: "max_tokens"'],
  [
    '{"openai:x": {"max_output_tokens": "3"}}',
    'openai:x: max_output_tokens: Invalid input: expected number, received string',
  ],
  ['{"openai:x": {"form": "json"}}', 'openai:x: form: Invalid option: expected one of "tools"|"schema"|"text"'],
])('the settings file %s is refused with: %s', (text, wrong) => {
  expect(readTunings(text)).toEqual({ wrong });
});

test('a changed key file is read again, and the key stays valid while the file is missing', async () => {
  const file = path.join(folder, 'key');
  const write = (key: string, second: number) => {
    writeFileSync(file, `${key}\n`);
    utimesSync(file, second, second);
  };
  write('first-key', 1_000);
  faulty = await server.faultyServer(...Array.from({ length: 4 }, () => server.events(anthropic.answer(goodAnswer))));
  const access = { anthropic: { apiKey: undefined, baseUrl: `${faulty.origin}/v1` } };
  const settings = { ...settingsWith(access), keyFiles: { ANTHROPIC_API_KEY: file } };
  const model = createModel(readChain(anthropic.spec), settings);
  await model.call(aRequest());
  write('other-key', 2_000);
  await model.call(aRequest());
  unlinkSync(file);
  await model.call(aRequest());
  expect(faulty?.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['first-key', 'other-key', 'other-key']);
});

test.each<[Protocol, boolean]>([
  [anthropic, false],
  [openai, false],
  [compatible, true],
])('M17: a limit stays a keyword only for a provider whose servers enforce it', async (protocol, isKeyword) => {
  const model = await createAnsweringModel(protocol, protocol.spec);
  const schema = z.object({
    greeting: z.string().max(40),
    count: z.number(),
    list: z.array(z.string().max(9_000)).min(3).optional(),
  });
  const tools = { look: { description: 'Looks.', input: z.object({ names: z.array(z.string()).min(2) }) } };
  await model.call(aRequest({ schema, tools }));
  const requestBody = faulty?.requests[0]?.body ?? '';
  expect(requestBody.includes('"minItems":3')).toBe(isKeyword);
  expect(requestBody.includes('"minItems":2')).toBe(isKeyword);
  expect(requestBody.includes('"maxLength":40')).toBe(isKeyword);
  // A grammar for this limit would have 9,000 repetitions.
  expect(requestBody).toContain('(maxLength: 9000)');
});

const usageCases: Array<[string, unknown[], object]> = [
  [
    'as text',
    [{ prompt_tokens: '11', completion_tokens: '7' }],
    { inputTokens: 11, outputTokens: 7, cachedInputTokens: null },
  ],
  ['without output', [{ prompt_tokens: 11 }], { inputTokens: 11, outputTokens: null, cachedInputTokens: null }],
  [
    'twice',
    [
      { prompt_tokens: 11, completion_tokens: 7 },
      { prompt_tokens: 11, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 4 } },
    ],
    { inputTokens: 11, outputTokens: 7, cachedInputTokens: 4 },
  ],
  [
    'of nothing cached',
    [{ prompt_tokens: 11, prompt_tokens_details: { cached_tokens: 0 } }],
    { inputTokens: 11, outputTokens: null, cachedInputTokens: 0 },
  ],
  ['not at all', [], { inputTokens: null, outputTokens: null, cachedInputTokens: null }],
];
test.each(usageCases)(
  'M19: usage that is reported %s is counted once, and unknown numbers are null',
  async (_what, reports, usage) => {
    const [text, end] = compatible.answer(goodAnswer);
    const chunk = (usageReport: unknown) =>
      `data: ${JSON.stringify({ id: 'c1', model: 'm', choices: [], usage: usageReport })}\n\n`;
    faulty = await server.faultyServer(
      server.events([text ?? '', end ?? '', ...reports.map(chunk), 'data: [DONE]\n\n']),
    );
    const model = createModel(readChain(compatible.spec), settingsWith(compatible.access(faulty.origin)));
    expect((await model.call(aRequest())).usage).toEqual(usage);
  },
);

test('M19: text of an answer that looks like a count is not changed', async () => {
  const text = JSON.stringify({ greeting: '{"prompt_tokens":"5"}', count: 1 });
  faulty = await server.faultyServer(server.events(compatible.answer(text)));
  const model = createModel(readChain(compatible.spec), settingsWith(compatible.access(faulty.origin)));
  expect(await model.call(aRequest())).toMatchObject({ output: { greeting: '{"prompt_tokens":"5"}' } });
});

test('a model is reached through the configured proxy of the worker', async () => {
  faulty = await server.faultyServer(server.events(compatible.answer(goodAnswer)));
  const target = new URL(faulty.origin);
  const connectTargets: string[] = [];
  const proxy = createServer();
  proxy.on('connect', (request, socket) => {
    connectTargets.push(request.url ?? '');
    const tunnel = connect(Number(target.port), target.hostname, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      tunnel.pipe(socket).pipe(tunnel);
    });
    socket.on('error', () => tunnel.destroy());
    tunnel.on('error', () => socket.destroy());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const access = { compatible: { apiKey: undefined, baseUrl: 'http://models.example:8080/v1' } };
    const settings = { ...settingsWith(access), fetch: createFetch({ HTTP_PROXY: proxyUrl, http_proxy: proxyUrl }) };
    const reply = await createModel(readChain(compatible.spec), settings).call(aRequest({ idempotencyKey: 'k' }));
    expect(reply).toMatchObject({ output: GREETING });
    expect(faulty.requests[0]?.headers['idempotency-key']).toMatch(/^k\.[0-9a-f]{12}$/);
    expect(connectTargets).toEqual(['models.example:8080']);
  } finally {
    proxy.close();
    proxy.closeAllConnections();
  }
});
