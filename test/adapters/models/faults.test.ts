/**
 * Tests failures between the worker and a provider, over a real connection, in the protocol of every provider.
 *
 * Each case expects the right failure type, exactly one request, and no secret in the failure.
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

let openServers: server.FaultyServer[] = [];
afterEach(async () => {
  await Promise.all(openServers.map((one) => one.close()));
  openServers = [];
});

async function prepareCall(protocol: Protocol, replies: server.Reply[], limits: Partial<CallLimits> = {}) {
  const faulty = await server.faultyServer(...replies);
  openServers.push(faulty);
  const model = createModel(readChain(protocol.spec), settingsWith(protocol.access(faulty.origin), limits));
  return { faulty, model, call: (changes?: Partial<ModelRequest>) => model.call(aRequest(changes)) };
}

const goodAnswer = JSON.stringify(GREETING);
const halfAnswer = goodAnswer.slice(0, goodAnswer.length / 2);
/** The beginning of an answer. */
const beginningOf = (protocol: Protocol) => {
  const parts = protocol.answer(halfAnswer);
  return parts.slice(0, parts.findIndex((part) => part.includes('good ')) + 1);
};
type Case = [
  what: string,
  type: FailureType,
  reply: (protocol: Protocol) => server.Reply,
  limits?: Partial<CallLimits>,
];

const CASES: Case[] = [
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
  [
    'a stream that ends too early',
    'Model.NotAnAnswer',
    (protocol) => server.events(protocol.answer(halfAnswer).slice(0, -3)),
  ],
  [
    'a stream that is torn down',
    'Model.NotAnAnswer',
    (protocol) => server.cutAfter(protocol.answer(halfAnswer).slice(0, 1)),
  ],
  ['a refusal', 'Model.Refused', (protocol) => server.events(protocol.answer(server.PROVIDER_TEXT, 'refused'))],
  ['silence from the start', 'Model.Timeout', () => server.silence(), { idleTimeoutMs: 500 }],
  [
    'silence in mid-answer',
    'Model.Timeout',
    (protocol) => server.hangAfter(protocol.answer(halfAnswer).slice(0, 1)),
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
  // Without the default value jest would pass its own callback as the fourth parameter.
  test.each(CASES)('%s fails with %s, after one request', async (_what, type, reply, limits = {}) => {
    const consoleSpies = [jest.spyOn(console, 'error'), jest.spyOn(console, 'warn')];
    const { faulty, call } = await prepareCall(protocol, [reply(protocol)], limits);
    const failure = await failureOfCall(call());
    expect(failure.type).toBe(type);
    expect(faulty.requests).toHaveLength(1);
    expect(inspect(failure, { depth: 9 })).not.toContain('SECRET');
    expect(inspect(failure, { depth: 9 })).not.toContain('key-of-test');
    for (const spy of consoleSpies) expect(spy).not.toHaveBeenCalled();
  });

  test.each([
    ['seconds', { 'retry-after': '90' }, 90_000],
    ['milliseconds', { 'retry-after-ms': '1500', 'retry-after': '2' }, 1_500],
  ])('a wait in %s is returned with the failure', async (_unit, headers, expected) => {
    const { call } = await prepareCall(protocol, [server.status(429, headers)]);
    expect((await failureOfCall(call())).retryAfterMs).toBe(expected);
  });

  test('a caller that aborts gets its own reason back', async () => {
    const { faulty, call } = await prepareCall(protocol, [server.hangAfter(protocol.answer(halfAnswer).slice(0, 1))]);
    const controller = new AbortController();
    const reason = new Error('cancelled by the workflow');
    const rejection = expect(call({ signal: controller.signal })).rejects.toBe(reason);
    await faulty.arrived;
    controller.abort(reason);
    await rejection;
    expect(faulty.requests).toHaveLength(1);
  });

  test('M18: the detail of the failure has the message of a 400, shortened and without keys; the message of the failure quotes nothing', async () => {
    const words = `max_tokens: 99 > 8, key-of-test and sk-ant-api03-${'Zq8'.repeat(20)} ${'long '.repeat(900)}`;
    const { faulty, call } = await prepareCall(protocol, [
      server.status(400, {}, words),
      server.status(400, {}, words),
    ]);
    const failure = await failureOfCall(call());
    expect(failure).toMatchObject({ type: 'Model.BadRequest', detail: expect.stringContaining('max_tokens: 99 > 8') });
    expect(failure.detail?.length).toBeLessThanOrEqual(2_000);
    expect(failure.detail).not.toMatch(/key-of-test|sk-ant/);
    expect(failure.message).not.toContain('max_tokens');
    // One request in each form without tools: refusals are not paid.
    expect(faulty.requests).toHaveLength(2);
  });

  test.each([
    ['a stream that is torn down', () => server.cutAfter(beginningOf(protocol))],
    ['a stream that ends too early', () => server.events(beginningOf(protocol))],
    ['a filter', () => server.events(protocol.answer(halfAnswer, 'refused'))],
    ['silence in mid-answer', () => server.hangAfter(beginningOf(protocol))],
  ])('%s is a failure that is marked as paid', async (_what, reply) => {
    const { call } = await prepareCall(protocol, [reply()], { idleTimeoutMs: 2_000 });
    expect((await failureOfCall(call())).isPaid).toBe(true);
  });

  test('a refusal before the answer begins is not marked as paid', async () => {
    const { call } = await prepareCall(protocol, [server.status(429), server.silence()], { idleTimeoutMs: 500 });
    expect((await failureOfCall(call())).isPaid).toBeUndefined();
    expect(await failureOfCall(call())).toMatchObject({ type: 'Model.Timeout' });
  });
});

test('a call that was aborted before its start sends no request', async () => {
  const [protocol] = PROTOCOLS as [Protocol];
  const { faulty, call } = await prepareCall(protocol, [server.events(protocol.answer(goodAnswer))]);
  await expect(call({ signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow('too late');
  expect(faulty.requests).toHaveLength(0);
});

test('usage that the provider does not report is unknown, not zero', async () => {
  const compatible = PROTOCOLS.find(({ name }) => name === 'compatible') as Protocol;
  const eventsWithoutUsage = compatible.answer(goodAnswer).filter((part) => !part.includes('usage'));
  const { call } = await prepareCall(compatible, [server.events(eventsWithoutUsage)]);
  expect((await call()).usage).toEqual({ inputTokens: null, outputTokens: null, cachedInputTokens: null });
});
