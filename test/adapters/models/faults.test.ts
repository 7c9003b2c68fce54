/**
 * What goes wrong between us and a provider, over a real connection, in the protocol of every provider.
 *
 * Each time: the right name out of the closed list, exactly one request, and not a word of the provider's.
 */
import { inspect } from 'node:util';
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import type { CallLimits } from '../../../src/adapters/models/settings';
import type { ModelRequest } from '../../../src/ports/model';
import type { FailureType } from '../../../src/domain/failures';
import * as server from './faulty-server';
import { PROTOCOLS, settingsWith, type Protocol } from './protocols';
import { aRequest, failureOfCall, GREETING } from './request';

let open: server.FaultyServer[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

async function against(protocol: Protocol, replies: server.Reply[], limits: Partial<CallLimits> = {}) {
  const faulty = await server.faultyServer(...replies);
  open.push(faulty);
  const model = createModel(readChain(protocol.spec), settingsWith(protocol.access(faulty.origin), limits));
  return { faulty, model, call: (changes?: Partial<ModelRequest>) => model.call(aRequest(changes)) };
}

const good = JSON.stringify(GREETING);
const half = good.slice(0, good.length / 2);
type Case = [
  what: string,
  type: FailureType,
  reply: (protocol: Protocol) => server.Reply,
  limits?: Partial<CallLimits>,
];

const CASES: Case[] = [
  ['status 400', 'Model.BadRequest', () => server.status(400)],
  ['status 401', 'Model.Unauthorized', () => server.status(401)],
  ['status 403', 'Model.Unauthorized', () => server.status(403)],
  ['status 404', 'Model.BadRequest', () => server.status(404)],
  ['status 408', 'Model.Unavailable', () => server.status(408)],
  ['status 409', 'Model.Unavailable', () => server.status(409)],
  ['status 413', 'Model.ContextTooLong', () => server.status(413)],
  ['status 429', 'Model.RateLimited', () => server.status(429)],
  ['status 500', 'Model.Unavailable', () => server.status(500)],
  ['status 529', 'Model.Unavailable', () => server.status(529)],
  [
    'a 400 about a context that is too long',
    'Model.ContextTooLong',
    () => server.status(400, {}, `prompt is too long: 9 tokens > 8 maximum, ${server.PROVIDER_TEXT}`),
  ],
  [
    'a 429 of an account without credit',
    'Model.Unauthorized',
    () => server.status(429, {}, `insufficient_quota ${server.PROVIDER_TEXT}`),
  ],
  ['a connection that is reset', 'Model.Unavailable', () => server.reset()],
  ['a web page with status 200', 'Model.NotAnAnswer', () => server.page()],
  ['a stream without an event', 'Model.NotAnAnswer', () => server.events([])],
  [
    'an event that is no JSON',
    'Model.NotAnAnswer',
    () => server.events([`data: {"type": "${server.PROVIDER_TEXT}\n\n`]),
  ],
  ['an answer cut in mid-JSON', 'Model.NotAnAnswer', (protocol) => server.events(protocol.answer(half))],
  [
    'a stream that ends too early',
    'Model.NotAnAnswer',
    (protocol) => server.events(protocol.answer(half).slice(0, -3)),
  ],
  ['a stream that is torn down', 'Model.NotAnAnswer', (protocol) => server.cutAfter(protocol.answer(half).slice(0, 1))],
  ['an empty answer', 'Model.EmptyAnswer', (protocol) => server.events(protocol.answer(''))],
  ['an answer at the token limit', 'Model.Truncated', (protocol) => server.events(protocol.answer(half, 'length'))],
  ['a refusal', 'Model.Refused', (protocol) => server.events(protocol.answer(server.PROVIDER_TEXT, 'refused'))],
  ['silence from the start', 'Model.Timeout', () => server.silence(), { idleTimeoutMs: 500 }],
  [
    'silence in mid-answer',
    'Model.Timeout',
    (protocol) => server.hangAfter(protocol.answer(half).slice(0, 1)),
    { idleTimeoutMs: 500 },
  ],
  ['an answer without end', 'Model.Timeout', () => server.trickle(': still here\n\n', 5), { timeoutMs: 800 }],
  [
    'an answer over the byte cap',
    'Model.TooLarge',
    (protocol) => server.events(protocol.answer('x'.repeat(5_000))),
    { maxBytes: 4_000 },
  ],
];

describe.each(PROTOCOLS)('$name', (protocol) => {
  // The default matters: jest fills a fourth parameter without one with its own callback.
  test.each(CASES)('%s is %s, after one request', async (_what, type, reply, limits = {}) => {
    const printed = [jest.spyOn(console, 'error'), jest.spyOn(console, 'warn')];
    const { faulty, call } = await against(protocol, [reply(protocol)], limits);
    const failure = await failureOfCall(call());
    expect(failure.type).toBe(type);
    expect(faulty.requests).toHaveLength(1);
    expect(inspect(failure, { depth: 9 })).not.toContain('SECRET');
    expect(inspect(failure, { depth: 9 })).not.toContain('key-of-test');
    for (const spy of printed) expect(spy).not.toHaveBeenCalled();
  });

  test.each([
    ['seconds', { 'retry-after': '90' }, 90_000],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1_500],
  ])('a wait named in %s comes back with the failure', async (_unit, headers, expected) => {
    const { call } = await against(protocol, [server.status(429, headers)]);
    expect((await failureOfCall(call())).retryAfterMs).toBe(expected);
  });

  test('the caller who aborts gets the own reason back', async () => {
    const { faulty, call } = await against(protocol, [server.hangAfter(protocol.answer(half).slice(0, 1))]);
    const controller = new AbortController();
    const reason = new Error('cancelled by the workflow');
    const cancelled = expect(call({ signal: controller.signal })).rejects.toBe(reason);
    await faulty.arrived;
    controller.abort(reason);
    await cancelled;
    expect(faulty.requests).toHaveLength(1);
  });

  test('an answer that does not fit is asked for again, with what was wrong as data', async () => {
    const replies = ['not json at all', '{"greeting":""}', good].map((text) => server.events(protocol.answer(text)));
    const { faulty, call } = await against(protocol, replies);
    const reply = await call({ idempotencyKey: 'b1.discovery.1.1.1' });
    expect(reply).toMatchObject({ kind: 'output', output: GREETING, calls: 3 });
    expect(reply.usage).toEqual({ inputTokens: 33, outputTokens: 21 });
    expect(faulty.requests[2]?.body).toContain('schema_issues');
    expect(faulty.requests[2]?.body).toContain('too_small');
    expect(faulty.requests.map(({ headers }) => headers['idempotency-key'])).toEqual([
      'b1.discovery.1.1.1',
      'b1.discovery.1.1.1.repair-1',
      'b1.discovery.1.1.1.repair-2',
    ]);
  });

  test('a third answer that does not fit is the end, and the failure names the field', async () => {
    const wrong = server.events(protocol.answer(`{"greeting":"${server.PROVIDER_TEXT}","count":"many"}`));
    const { faulty, call } = await against(protocol, [wrong, wrong, wrong]);
    const failure = await failureOfCall(call());
    expect(failure).toMatchObject({ type: 'Role.OutputInvalid', message: expect.stringContaining('count') });
    expect(failure.message).not.toContain('SECRET');
    expect(faulty.requests).toHaveLength(3);
  });
});

test('a call that was aborted before it began sends nothing', async () => {
  const [protocol] = PROTOCOLS as [Protocol];
  const { faulty, call } = await against(protocol, [server.events(protocol.answer(good))]);
  await expect(call({ signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
  expect(faulty.requests).toHaveLength(0);
});

test('usage that the provider does not report is unknown, not zero', async () => {
  const compatible = PROTOCOLS.find(({ name }) => name === 'compatible') as Protocol;
  const unreported = compatible.answer(good).filter((part) => !part.includes('usage'));
  const { call } = await against(compatible, [server.events(unreported)]);
  expect((await call()).usage).toEqual({ inputTokens: null, outputTokens: null });
});

test('an answer in a code fence is read without a repair turn', async () => {
  const compatible = PROTOCOLS.find(({ name }) => name === 'compatible') as Protocol;
  const { call } = await against(compatible, [server.events(compatible.answer('```json\n' + good + '\n```'))]);
  expect(await call()).toMatchObject({ output: GREETING, calls: 1 });
});
