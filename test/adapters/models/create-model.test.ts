/**
 * Names of models, what is missing for them, and chains of them.
 */
import { createModel } from '../../../src/adapters/models/create-model';
import { CHAIN_PATTERN, MODEL_FORMS, readChain } from '../../../src/adapters/models/model-spec';
import { Failure } from '../../../src/domain/failures';
import * as server from './faulty-server';
import { PROTOCOLS, settingsWith, type Protocol } from './protocols';
import { aRequest, failureOfCall, GREETING } from './request';

const [anthropic, openai] = PROTOCOLS as [Protocol, Protocol];
const good = JSON.stringify(GREETING);

test.each([
  ['anthropic:claude-sonnet-4-5', 'ANTHROPIC_API_KEY'],
  ['openai:gpt-5-mini', 'OPENAI_API_KEY'],
  ['compatible:llama3:8b', 'COMPATIBLE_BASE_URL'],
  ['compatible:a,openai:b', 'COMPATIBLE_BASE_URL'],
])('%s without its setting is refused at once, and %s is named', (spec, setting) => {
  expect(refusalOf(spec)).toMatchObject({
    type: 'Model.NotConfigured',
    message: expect.stringContaining(setting),
  });
});

test.each(['gpt-5', 'toString:x', 'anthropic:', '', 'openai:a,,openai:b', 'Scripted:x'])(
  '"%s" names no model',
  (text) => expect(text).not.toMatch(CHAIN_PATTERN),
);

test('a model is named by its provider and, behind the first colon, by the id there', () => {
  expect(MODEL_FORMS).toBe('anthropic:<id>, openai:<id>, compatible:<id> or scripted:<file>');
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

  async function chain(firstReply: server.Reply, secondReply: server.Reply) {
    first = await server.faultyServer(firstReply, firstReply, firstReply);
    second = await server.faultyServer(secondReply);
    const access = { ...anthropic.access(first.origin), ...openai.access(second.origin) };
    return createModel(readChain(`${anthropic.spec}, ${openai.spec}`), settingsWith(access));
  }

  test.each([401, 400, 429, 500])('goes on after status %i and says which model answered', async (code) => {
    const model = await chain(server.status(code), server.events(openai.answer(good)));
    expect(model).toMatchObject({ id: `${anthropic.spec},${openai.spec}`, scripted: false });
    expect(await model.call(aRequest())).toMatchObject({ output: GREETING, model: openai.spec });
    expect(first.requests).toHaveLength(1);
  });

  test('asks nobody else where the first one answers', async () => {
    const model = await chain(server.events(anthropic.answer(good)), server.status(500));
    expect(await model.call(aRequest())).toMatchObject({ model: anthropic.spec });
    expect(second.requests).toHaveLength(0);
  });

  test('ends with the last failure', async () => {
    const model = await chain(server.status(500), server.status(429, { 'retry-after': '7' }));
    expect(await failureOfCall(model.call(aRequest()))).toMatchObject({
      type: 'Model.RateLimited',
      retryAfterMs: 7_000,
    });
  });

  test('stops where the caller aborts', async () => {
    const model = await chain(server.silence(), server.events(openai.answer(good)));
    const controller = new AbortController();
    const call = model.call(aRequest({ signal: controller.signal }));
    await first.arrived;
    controller.abort(new Error('cancelled'));
    await expect(call).rejects.toThrow('cancelled');
    expect(second.requests).toHaveLength(0);
  });

  test('does not change the model for an answer that does not fit', async () => {
    const model = await chain(server.events(anthropic.answer('{}')), server.events(openai.answer(good)));
    expect((await failureOfCall(model.call(aRequest()))).type).toBe('Role.OutputInvalid');
    expect(second.requests).toHaveLength(0);
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
