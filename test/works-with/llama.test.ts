/**
 * Tests parts of `npm run works-with -- --llama`: what the proxy records of requests and answers, and which checks fail. A mock stands
 * for the llama.cpp server.
 */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerOf, chatEvents } from '../adapters/models/protocols';
import type { Answer } from '../adapters/models/protocols';
import type { LlamaBuild } from '../../works-with/llama/build';
import type { Exchange } from '../../works-with/llama/exchange';
import { startProxy } from '../../works-with/llama/proxy';
import type { Proxy } from '../../works-with/llama/proxy';
import { findFailedChecks } from '../../works-with/llama/table';

let server: Server;
let proxy: Proxy;
let answer: string[];
let status: number;

beforeEach(async () => {
  status = 200;
  server = createServer((request, response) => {
    request.resume().on('end', () => {
      response.writeHead(status, { 'content-type': 'text/event-stream' });
      for (const part of answer) response.write(part);
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await startProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  await proxy.stop();
  await new Promise((resolve) => server.close(resolve));
});

const schema = {
  type: 'object',
  properties: {
    rooms: { type: 'array', items: { type: 'string' }, minItems: 2 },
    // A property with the name of a limit.
    pattern: { type: 'string' },
  },
  required: ['rooms'],
};
const TOOLS = { tools: [{ type: 'function', function: { name: 'finish', parameters: schema } }] };
const FORMAT = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } };
const [GOOD, SHORT] = ['{"rooms":["hall","attic"]}', '{"rooms":["hall"]}'];

/** Sends a request through the proxy, and gives the exchange that it recorded. */
async function ask(body: object, text: string, more: Answer = {}): Promise<Exchange> {
  answer = chatEvents(text, answerOf(more));
  const response = await fetch(`${proxy.baseUrl}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ messages: [], ...body }),
  });
  expect(await response.text()).toBe(answer.join(''));
  expect(response.status).toBe(status);
  return proxy.exchanges.at(-1) as Exchange;
}

const answerWithCall = (name: string, input: string): Answer => ({ calls: [{ id: 'c1', name, input }] });

test('the proxy records a request with its form, its limits and the token counts of the server', async () => {
  const exchange = await ask(TOOLS, '', answerWithCall('finish', GOOD));
  expect(exchange).toMatchObject({ form: 'tools', tools: ['finish'], limits: ['minItems'], status: 200 });
  expect(exchange).toMatchObject({ tokens: { input: 11, output: 7 }, finishReason: 'tool_calls', verdict: null });
  expect(await ask(FORMAT, GOOD)).toMatchObject({ form: 'schema', tools: [], limits: ['minItems'] });
  expect(await ask({}, 'a hall')).toMatchObject({ form: 'text', tools: [], limits: [], verdict: null });
});

test.each([
  ['fits', GOOD, {}],
  ['misfit', SHORT, {}],
  ['no JSON', '{"rooms":', {}],
  ['cut', '{"rooms":', { finish: 'length' }],
] as const)('the proxy judges a structured answer by the schema of its request: %s', async (verdict, text, more) => {
  expect(await ask(FORMAT, text, more)).toMatchObject({ verdict });
});

test.each([
  ['fits', 'finish', GOOD],
  ['misfit', 'finish', SHORT],
  ['no JSON', 'finish', '{"rooms":'],
  ['not offered', 'paint', GOOD],
])('the proxy judges a call by the schema of its tool: %s', async (verdict, name, input) => {
  expect((await ask(TOOLS, '', answerWithCall(name, input))).calls).toEqual([{ name, verdict }]);
});

test('the proxy records a refusal with the message of the server, and without a verdict', async () => {
  status = 400;
  expect(await ask(FORMAT, 'no grammar')).toMatchObject({
    status: 400,
    verdict: null,
    tokens: null,
    finishReason: null,
  });
  expect(proxy.exchanges.at(-1)?.refusal).toContain('no grammar');
});

test('a failed check is named: an answer that does not fit its schema, a release, a call that is not counted', async () => {
  const exchanges = [await ask(FORMAT, GOOD), await ask(FORMAT, '{"rooms":', { finish: 'length' })];
  const buildWith = (more: Partial<LlamaBuild>): LlamaBuild => ({
    ...{ name: 'a build', exchanges, outcome: 'error', releaseCount: 0, seconds: 1 },
    usage: { calls: 2, inputTokens: 22, outputTokens: 14 },
    ...more,
  });
  const wrongs = (one: LlamaBuild): string[] =>
    findFailedChecks([{ name: 'here', showsTools: true, callResults: [], builds: [one] }]);
  expect(wrongs(buildWith({}))).toEqual([]);
  expect(wrongs(buildWith({ releaseCount: 1 }))).toEqual(['here, a build: something was released']);
  expect(wrongs(buildWith({ usage: { calls: 1, inputTokens: 22, outputTokens: 14 } }))).toEqual([
    'here, a build: 1 calls are counted, and 2 were answered',
  ]);
  const misfits = [...exchanges.slice(1), await ask(FORMAT, SHORT)];
  expect(wrongs(buildWith({ exchanges: misfits }))).toEqual(['here, a build: 1 answers or calls are "misfit"']);
});
