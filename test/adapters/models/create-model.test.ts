/**
 * Tests the names of models, missing settings, and fallback chains.
 */
import { createModel } from '../../../src/adapters/models/create-model';
import { CHAIN_PATTERN, MODEL_FORMS, readChain } from '../../../src/adapters/models/model-spec';
import { Failure } from '../../../src/domain/failures';
import * as server from './faulty-server';
import { PROTOCOLS, settingsWith, type Protocol } from './protocols';
import { aRequest, failureOfCall, GREETING } from './request';

const [anthropic, openai] = PROTOCOLS as [Protocol, Protocol];
const goodAnswer = JSON.stringify(GREETING);

test.each([
  ['anthropic:claude-sonnet-4-5', 'ANTHROPIC_API_KEY'],
  ['openai:gpt-5-mini', 'OPENAI_API_KEY'],
  ['compatible:llama3:8b', 'COMPATIBLE_BASE_URL'],
  ['compatible:a,openai:b', 'COMPATIBLE_BASE_URL'],
  ['openai-chat:gpt-5-mini', 'OPENAI_API_KEY'],
  ['bedrock:x', 'AWS_REGION'],
  ['vertex:x', 'GOOGLE_VERTEX_PROJECT'],
])('%s without its setting is refused at once, with the name %s', (spec, setting) => {
  expect(refusalOf(spec)).toMatchObject({
    type: 'Model.NotConfigured',
    message: expect.stringContaining(setting),
  });
});

test.each(['gpt-5', 'toString:x', 'anthropic:', '', 'openai:a,,openai:b', 'Scripted:x'])(
  '"%s" names no model',
  (text) => expect(text).not.toMatch(CHAIN_PATTERN),
);

test('the name of a model is its provider, a colon and an id, which may contain colons', () => {
  expect(MODEL_FORMS).toMatch(
    /^anthropic:<id>, openai:<id>, openai-chat:<id>, .*, compatible:<id> or scripted:<file>$/,
  );
  expect(readChain('openai-chat:x')).toEqual([{ provider: 'openai-chat', id: 'x' }]);
  expect('compatible:llama3:8b , scripted:a.json').toMatch(CHAIN_PATTERN);
  expect(readChain('compatible:llama3:8b , scripted:a.json')).toEqual([
    { provider: 'compatible', id: 'llama3:8b' },
    { provider: 'scripted', id: 'a.json' },
  ]);
});

describe('a fallback chain', () => {
  let first: server.FaultyServer;
  let second: server.FaultyServer;
  afterEach(() => Promise.all([first.close(), second.close()]));

  async function createChain(firstReply: server.Reply, secondReply: server.Reply) {
    first = await server.faultyServer(firstReply, firstReply, firstReply);
    second = await server.faultyServer(secondReply);
    const access = { ...anthropic.access(first.origin), ...openai.access(second.origin) };
    return createModel(readChain(`${anthropic.spec}, ${openai.spec}`), settingsWith(access));
  }

  test.each([401, 400, 429, 500])('continues after status %i and names the model that answered', async (code) => {
    const model = await createChain(server.status(code), server.events(openai.answer(goodAnswer)));
    expect(model).toMatchObject({ id: `${anthropic.spec},${openai.spec}`, scripted: false });
    expect(await model.call(aRequest())).toMatchObject({ output: GREETING, model: openai.spec });
    // Status 400 may be a refusal of the form, so the other form is tried; the refusal was not paid.
    expect(first.requests).toHaveLength(code === 400 ? 2 : 1);
  });

  test('calls no other model if the first one answers', async () => {
    const model = await createChain(server.events(anthropic.answer(goodAnswer)), server.status(500));
    expect(await model.call(aRequest())).toMatchObject({ model: anthropic.spec });
    expect(second.requests).toHaveLength(0);
  });

  test('throws the last failure if no failure is retryable', async () => {
    const model = await createChain(server.status(401), server.status(404));
    expect(await failureOfCall(model.call(aRequest()))).toMatchObject({ type: 'Model.BadRequest' });
  });

  const tooLong = server.status(400, {}, 'prompt is too long');
  test.each([
    ['a wait of days before a link that is down', server.status(429, { 'retry-after': '309600' }), server.status(503)],
    ['a link that is down before a wait of days', server.status(503), server.status(429, { 'retry-after': '309600' })],
    ['a link that is down before one without a key', server.status(503), server.status(401)],
  ])('%s: the failure can be retried soon', async (_what, one, other) => {
    const failure = await failureOfCall((await createChain(one, other)).call(aRequest()));
    expect(failure.type).toBe('Model.Unavailable');
    expect(failure.retryAfterMs).toBeUndefined();
  });

  test.each([
    ['a wait', tooLong, server.status(429, { 'retry-after': '309600' })],
    ['a link that is down', server.status(503), tooLong],
  ])(
    'a request that is too long is reported rather than %s, because the caller can shorten it',
    async (_what, one, other) => {
      const failure = await failureOfCall((await createChain(one, other)).call(aRequest()));
      expect(failure.type).toBe('Model.ContextTooLong');
    },
  );

  test('stops if the caller aborts', async () => {
    const model = await createChain(server.silence(), server.events(openai.answer(goodAnswer)));
    const controller = new AbortController();
    const call = model.call(aRequest({ signal: controller.signal }));
    await first.arrived;
    controller.abort(new Error('cancelled'));
    await expect(call).rejects.toThrow('cancelled');
    expect(second.requests).toHaveLength(0);
  });

  test('does not try the next model after an answer that does not fit, because the caller decides that', async () => {
    const model = await createChain(server.events(anthropic.answer('{}')), server.events(openai.answer(goodAnswer)));
    expect(await model.call(aRequest())).toMatchObject({ kind: 'unusable', reason: 'misfit', link: 0 });
    expect(second.requests).toHaveLength(0);
    expect(await model.call(aRequest({ link: 1 }))).toMatchObject({ kind: 'output', link: 1, model: openai.spec });
    expect(first.requests).toHaveLength(1);
  });

  test('first calls the link that gave the last answer', async () => {
    const model = await createChain(server.status(500), server.events(openai.answer(goodAnswer)));
    expect(await model.call(aRequest({ lastLink: 1 }))).toMatchObject({ kind: 'output', link: 1 });
    expect(first.requests).toHaveLength(0);
  });

  test('calls the other links if the link that gave the last answer fails', async () => {
    const model = await createChain(server.events(anthropic.answer(goodAnswer)), server.status(500));
    expect(await model.call(aRequest({ lastLink: 1 }))).toMatchObject({ kind: 'output', link: 0 });
    expect(second.requests).toHaveLength(1);
  });

  test('does not call the link that gave the last answer if its answers could not be used', async () => {
    const model = await createChain(
      server.events(anthropic.answer(goodAnswer)),
      server.events(openai.answer(goodAnswer)),
    );
    expect(await model.call(aRequest({ link: 1, lastLink: 0 }))).toMatchObject({ kind: 'output', link: 1 });
    expect(first.requests).toHaveLength(0);
  });

  test('starts at its last link if the chain is shorter than the wanted link', async () => {
    const model = await createChain(server.status(500), server.events(openai.answer(goodAnswer)));
    expect(await model.call(aRequest({ link: 5 }))).toMatchObject({ kind: 'output', link: 1 });
    expect(first.requests).toHaveLength(0);
  });

  test('M15: if all links ask to wait, the failure is the one with the shortest wait', async () => {
    const model = await createChain(
      server.status(429, { 'retry-after': '60' }),
      server.status(429, { 'retry-after': '309600' }),
    );
    const failure = await failureOfCall(model.call(aRequest()));
    expect(failure).toMatchObject({ type: 'Model.RateLimited', retryAfterMs: 60_000 });
    expect(failure.message).toContain(anthropic.spec);
  });

  test('M15: a failure with a wait is preferred to a terminal failure of a later link', async () => {
    const model = await createChain(server.status(429, { 'retry-after': '309600' }), server.status(401));
    expect(await failureOfCall(model.call(aRequest()))).toMatchObject({
      type: 'Model.RateLimited',
      retryAfterMs: 309_600_000,
    });
  });

  test('counts a paid answer that broke off before the complete one', async () => {
    const model = await createChain(
      server.events(anthropic.answer(goodAnswer).slice(0, -3)),
      server.events(openai.answer(goodAnswer)),
    );
    expect(await model.call(aRequest())).toMatchObject({
      ...{ kind: 'output', link: 1, calls: 2 },
      usage: { inputTokens: 11, outputTokens: 7, unknownCalls: 1 },
    });
  });

  test('throws a failure marked as paid if a call of one link was paid', async () => {
    const model = await createChain(server.events(anthropic.answer(goodAnswer).slice(0, -3)), server.status(500));
    const failure = await failureOfCall(model.call(aRequest()));
    expect(failure).toMatchObject({ type: 'Model.NotAnAnswer', isPaid: true });
    expect(failure.paidCalls).toBeUndefined();
  });

  test('throws a failure with the number of paid calls if there were several', async () => {
    const beginningOf = ({ answer }: Protocol) => {
      const parts = answer(goodAnswer);
      return server.events(parts.slice(0, parts.findIndex((part) => part.includes('good ')) + 1));
    };
    const model = await createChain(beginningOf(anthropic), beginningOf(openai));
    expect(await failureOfCall(model.call(aRequest()))).toMatchObject({ isPaid: true, paidCalls: 2 });
  });
});

function refusalOf(spec: string): Failure {
  try {
    createModel(readChain(spec), settingsWith({}));
  } catch (error) {
    if (error instanceof Failure) return error;
  }
  throw new Error(`${spec} was not refused`);
}
