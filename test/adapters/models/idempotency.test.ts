/**
 * Tests the header `Idempotency-Key`: the same for the same body to the same model, another one for every other request.
 */
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import { ALL_PROVIDERS } from './all-providers';
import type { FakeProvider } from './all-providers';
import * as server from './faulty-server';
import { settingsWith } from './protocols';
import { aRequest, failureOfCall } from './request';

const busyReplies = () => Array.from({ length: 9 }, () => server.status(503));
let faulty: server.FaultyServer;
beforeEach(async () => (faulty = await server.faultyServer(...busyReplies())));
afterEach(() => faulty.close());
const keys = () => faulty.requests.map(({ headers }) => headers['idempotency-key']);

test.each(ALL_PROVIDERS)(
  '$spec: a repeated request has the same key, a shortened request has another key',
  async (provider) => {
    const { spec, access }: FakeProvider = provider;
    const ask = (text: string) =>
      // A new model each time, as after a restart.
      createModel(readChain(spec), settingsWith(access(faulty.origin))).call(
        aRequest({ idempotencyKey: 'shop.b1.discovery.g1.a1.s1', messages: [{ from: 'user', text }] }),
      );
    await failureOfCall(ask('a long question'));
    await failureOfCall(ask('a long question'));
    await failureOfCall(ask('a question'));
    const [first, again, shorter] = keys();
    expect(first).toMatch(/^shop\.b1\.discovery\.g1\.a1\.s1\.[0-9a-f]{12}$/);
    expect(again).toBe(first);
    expect(shorter).toMatch(/^shop\.b1\.discovery\.g1\.a1\.s1\.[0-9a-f]{12}$/);
    expect(shorter).not.toBe(first);
  },
);

test.each(['google', 'openai'])('each link of a chain of %s has its own key', async (name) => {
  const { access } = ALL_PROVIDERS.find(({ spec }) => spec.startsWith(`${name}:`)) as FakeProvider;
  const model = createModel(readChain(`${name}:one,${name}:two`), settingsWith(access(faulty.origin)));
  await failureOfCall(model.call(aRequest({ idempotencyKey: 'k' })));
  expect(keys()).toHaveLength(2);
  expect(new Set(keys()).size).toBe(2);
});

test('a call without a key sends none', async () => {
  const { spec, access } = ALL_PROVIDERS[0] as FakeProvider;
  await failureOfCall(createModel(readChain(spec), settingsWith(access(faulty.origin))).call(aRequest()));
  expect(keys()).toEqual([undefined]);
});
