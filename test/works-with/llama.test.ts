/**
 * `npm run works-with -- --llama`: what its proxy keeps of requests and answers, and what its page calls wrong. The server itself
 * is started on demand only.
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
    // Named as a limit, and none.
    pattern: { type: 'string' },
  },
  required: ['rooms'],
};
const TOOLS = { tools: [{ type: 'function', function: { name: 'finish', parameters: schema } }] };
const FORMAT = { response_format: { type: 'json_schema', json_schema: { name: 'x', schema } } };
const [GOOD, SHORT] = ['{"rooms":["hall","attic"]}', '{"rooms":["hall"]}'];

/** What the proxy keeps, once the caller has the whole answer. */
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

const call = (name: string, input: string): Answer => ({ calls: [{ id: 'c1', name, input }] });

test('a request is kept with its form, its limits and the tokens that the server names', async () => {
  const kept = await ask(TOOLS, '', call('finish', GOOD));
  expect(kept).toMatchObject({ form: 'tools', tools: ['finish'], limits: ['minItems'], status: 200 });
  expect(kept).toMatchObject({ tokens: { input: 11, output: 7 }, finishReason: 'tool_calls', verdict: null });
  expect(await ask(FORMAT, GOOD)).toMatchObject({ form: 'schema', tools: [], limits: ['minItems'] });
  expect(await ask({}, 'a hall')).toMatchObject({ form: 'text', tools: [], limits: [], verdict: null });
});

test.each([
  ['fits', GOOD, {}],
  ['misfit', SHORT, {}],
  ['no JSON', '{"rooms":', {}],
  ['cut', '{"rooms":', { finish: 'length' }],
] as const)('a structured answer is judged by the schema of its request: %s', async (verdict, text, more) => {
  expect(await ask(FORMAT, text, more)).toMatchObject({ verdict });
});

test.each([
  ['fits', 'finish', GOOD],
  ['misfit', 'finish', SHORT],
  ['no JSON', 'finish', '{"rooms":'],
  ['not offered', 'paint', GOOD],
])('a call is judged by the schema of its tool: %s', async (verdict, name, input) => {
  expect((await ask(TOOLS, '', call(name, input))).calls).toEqual([{ name, verdict }]);
});

test('a refusal is kept with the words of the server, and judged by nothing', async () => {
  status = 400;
  expect(await ask(FORMAT, 'no grammar')).toMatchObject({
    status: 400,
    verdict: null,
    tokens: null,
    finishReason: null,
  });
  expect(proxy.exchanges.at(-1)?.refusal).toContain('no grammar');
});

test('what does not hold is named: an answer against its schema, a release, a call that is not counted', async () => {
  const exchanges = [await ask(FORMAT, GOOD), await ask(FORMAT, '{"rooms":', { finish: 'length' })];
  const built = (more: Partial<LlamaBuild>): LlamaBuild => ({
    ...{ name: 'a build', exchanges, outcome: 'error', releaseCount: 0, seconds: 1 },
    usage: { calls: 2, inputTokens: 22, outputTokens: 14 },
    ...more,
  });
  const wrongs = (one: LlamaBuild): string[] =>
    findFailedChecks([{ name: 'here', showsTools: true, callResults: [], builds: [one] }]);
  expect(wrongs(built({}))).toEqual([]);
  expect(wrongs(built({ releaseCount: 1 }))).toEqual(['here, a build: something was released']);
  expect(wrongs(built({ usage: { calls: 1, inputTokens: 22, outputTokens: 14 } }))).toEqual([
    'here, a build: 1 calls are counted, and 2 were answered',
  ]);
  const misfits = [...exchanges.slice(1), await ask(FORMAT, SHORT)];
  expect(wrongs(built({ exchanges: misfits }))).toEqual(['here, a build: 1 answers or calls are "misfit"']);
});
