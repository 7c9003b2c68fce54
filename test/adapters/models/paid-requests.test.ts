/**
 * Tests what counts for each result of a request, and the limit of output tokens that bounds its cost.
 */
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import { Failure } from '../../../src/domain/failures';
import type { PaidRequest, Purse, Settlement } from '../../../src/ports/purse';
import { cutAfter, events, faultyServer, hangAfter, page, reset, silence, status } from './faulty-server';
import type { FaultyServer, Reply } from './faulty-server';
import { PROTOCOLS, answerOf, chatEvents, event, settingsWith } from './protocols';
import type { Protocol } from './protocols';
import { GREETING, aRequest } from './request';

const compatible = PROTOCOLS.find(({ name }) => name === 'compatible') as Protocol;
const LIMITS = { timeoutMs: 60_000, idleTimeoutMs: 60_000 };
const SHORT = { timeoutMs: 2_000, idleTimeoutMs: 200 };

let server: FaultyServer | undefined;
afterEach(() => server?.close());

/** Notes what is reserved and settled. `refuses`: the budget does not allow the request with this number, from 1. */
function notingPurse({ refuses = 0, outputTokens = 32_000 } = {}) {
  const reserved: PaidRequest[] = [];
  const settled: Settlement[] = [];
  const earlier: string[] = [];
  const purse: Purse = {
    outputTokens,
    reserve: async (request) => {
      reserved.push(request);
      if (reserved.length === refuses) throw new Failure('Budget.Reached', 'it is too little');
      return { settle: async (result) => void settled.push(result) };
    },
    settleEarlier: async (request) => void earlier.push(request),
  };
  return { purse, reserved, settled, earlier };
}

async function call(replies: Reply[], { purse }: { purse: Purse }, over: Parameters<typeof settingsWith>[1] = {}) {
  server = await faultyServer(...replies);
  const settings = settingsWith(compatible.access(server.origin), { ...LIMITS, ...over });
  return createModel(readChain(compatible.spec), settings)
    .call(aRequest({ purse }))
    .catch((error: unknown) => error as Failure);
}

const answer = () => events(chatEvents(JSON.stringify(GREETING), answerOf()));
const content = event({ choices: [{ index: 0, delta: { content: 'half' }, finish_reason: null }] });

test('an answer counts with its tokens, and its request was reserved with its bytes and its limit', async () => {
  const noted = notingPurse();
  await call([answer()], noted);
  expect(noted.settled).toMatchObject([{ inputTokens: 11, outputTokens: 7 }]);
  const { body = '' } = server?.requests[0] ?? {};
  expect(noted.reserved).toMatchObject([
    {
      model: 'compatible:llama3:8b',
      bytes: Buffer.byteLength(body),
      files: 0,
      outputTokens: 32_000,
      timeoutMs: 60_000,
    },
  ]);
  expect(JSON.parse(body)).toMatchObject({ max_tokens: 32_000 });
});

test.each<[string, Reply, Settlement]>([
  ['a refusal with 500', status(500), 'unpaid'],
  ['a refusal with 429', status(429), 'unpaid'],
  ['a web page', page(), 'unpaid'],
  ['the time-out of a gateway', status(504), 'unknown'],
  ['a connection that is reset', reset(), 'unknown'],
  ['no response at all', silence(), 'unknown'],
  ['an answer that is cut', cutAfter([content]), 'unknown'],
  ['an answer that stalls', hangAfter([content]), 'unknown'],
  ['an error after content', events([content, event({ error: { message: 'it broke', code: 500 } })]), 'unknown'],
  ['a refused tool call that was written', status(400, {}, 'tool_use_failed'), 'unknown'],
])('%s settles as it should', async (_, reply, settlement) => {
  const noted = notingPurse();
  expect(await call([reply], noted, SHORT)).toBeInstanceOf(Failure);
  expect(noted.settled[0]).toBe(settlement);
});

test('an answer whose cost cannot be stored is used all the same', async () => {
  const noted = notingPurse();
  const settle = () => Promise.reject(new Error('the disk is full'));
  const purse = { ...noted.purse, reserve: () => Promise.resolve({ settle }) };
  expect(await call([answer()], { purse })).toMatchObject({ kind: 'output', output: GREETING });
});

test('a server that is not reached costs nothing', async () => {
  const noted = notingPurse();
  const closed = await faultyServer();
  await closed.close();
  const settings = settingsWith(compatible.access(closed.origin), LIMITS);
  const failed = createModel(readChain(compatible.spec), settings).call(aRequest({ purse: noted.purse }));
  await expect(failed).rejects.toMatchObject({ type: 'Model.Unavailable' });
  expect(noted.settled).toEqual(['unpaid']);
});

test('a request that the budget does not allow is not sent, and no other model of the chain is called', async () => {
  const noted = notingPurse({ refuses: 1 });
  server = await faultyServer(answer());
  const access = settingsWith(compatible.access(server.origin), LIMITS);
  const chain = createModel(readChain('compatible:a,compatible:b'), access).call(aRequest({ purse: noted.purse }));
  await expect(chain).rejects.toMatchObject({ type: 'Budget.Reached' });
  expect([server.requests.length, noted.reserved.length, noted.settled]).toEqual([0, 1, []]);
});

test('each model of a chain and each form is reserved and settled by itself', async () => {
  const noted = notingPurse();
  server = await faultyServer(status(500), status(400, {}, 'tools are not supported'), answer());
  const access = settingsWith(compatible.access(server.origin), LIMITS);
  const tools = { look: { description: 'Looks.', input: aRequest().schema } };
  const chain = createModel(readChain('compatible:a,compatible:b'), access);
  expect(await chain.call(aRequest({ purse: noted.purse, tools }))).toMatchObject({ kind: 'output' });
  expect(noted.reserved.map(({ model }) => model)).toEqual(['compatible:a', 'compatible:b', 'compatible:b']);
  expect(noted.settled).toMatchObject(['unpaid', 'unpaid', { inputTokens: 11 }]);
});

test('a bound of output tokens that the server refuses is halved, at no cost, and remembered', async () => {
  const noted = notingPurse();
  const refusal = status(400, {}, "'max_tokens' is too large: this model's maximum context length is 8192 tokens");
  server = await faultyServer(refusal, refusal, answer(), answer());
  const model = createModel(readChain(compatible.spec), settingsWith(compatible.access(server.origin), LIMITS));
  for (const _ of [1, 2])
    expect(await model.call(aRequest({ purse: noted.purse }))).toMatchObject({
      kind: 'output',
      usage: { inputTokens: 11 },
    });
  const sent = server.requests.map(({ body }) => (JSON.parse(body) as { max_tokens: number }).max_tokens);
  expect(sent).toEqual([32_000, 16_000, 8_000, 8_000]);
  expect(noted.reserved.map(({ outputTokens }) => outputTokens)).toEqual(sent);
  expect(noted.settled.slice(0, 2)).toEqual(['unpaid', 'unpaid']);
});

test('a limit of the settings is kept, also one that is added to the body', async () => {
  const noted = notingPurse();
  server = await faultyServer(answer(), answer());
  const access = settingsWith(compatible.access(server.origin), LIMITS);
  const tuned = (tuning: object) =>
    createModel(readChain(compatible.spec), { ...access, tunings: { 'compatible:*': tuning } });
  await tuned({ maxOutputTokens: 500 }).call(aRequest({ purse: noted.purse }));
  await tuned({ extraBody: { max_completion_tokens: 99_000 } }).call(aRequest({ purse: noted.purse }));
  expect(noted.reserved.map(({ outputTokens }) => outputTokens)).toEqual([500, 99_000]);
});

test('the wait for money does not count as time of the call', async () => {
  const noted = notingPurse();
  let release = (): void => {};
  const money = new Promise<void>((resolve) => (release = resolve));
  const slow: Purse = {
    ...noted.purse,
    reserve: async (request) => {
      setTimeout(release, 1_600);
      await money;
      return noted.purse.reserve(request);
    },
  };
  expect(await call([answer()], { purse: slow }, { timeoutMs: 1_500, idleTimeoutMs: 60_000 })).toMatchObject({
    kind: 'output',
  });
});

test('a call that ends while it waits for money is not sent and costs nothing', async () => {
  const noted = notingPurse();
  const controller = new AbortController();
  const purse: Purse = {
    ...noted.purse,
    reserve: (request) => {
      controller.abort(new Error('void'));
      return noted.purse.reserve(request);
    },
  };
  server = await faultyServer(answer());
  const model = createModel(readChain(compatible.spec), settingsWith(compatible.access(server.origin), LIMITS));
  await expect(model.call(aRequest({ purse, signal: controller.signal }))).rejects.toThrow('void');
  expect([server.requests.length, noted.settled]).toEqual([0, ['unpaid']]);
});

test('an answer that a killed worker received settles its earlier reservation', async () => {
  const noted = notingPurse();
  const body = Buffer.from(chatEvents(JSON.stringify(GREETING), answerOf()).join(''));
  server = await faultyServer(answer());
  const model = createModel(readChain(compatible.spec), settingsWith(compatible.access(server.origin), LIMITS));
  await model.call(aRequest({ purse: noted.purse }));
  const request = noted.reserved[0]?.request ?? '';
  const journal = {
    load: async () => [{ request, contentType: 'text/event-stream', body }],
    begin: () => () => undefined,
    remove: async () => undefined,
  };
  expect(await model.call(aRequest({ purse: noted.purse, journal }))).toMatchObject({ kind: 'output' });
  expect([server.requests.length, noted.earlier]).toEqual([1, [request]]);
});
