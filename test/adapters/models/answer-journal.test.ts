/**
 * Tests answers that a killed worker had received: a complete answer is read from the journal; after an incomplete one the call is repeated.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createAnswerJournals } from '../../../src/adapters/artifacts/answer-journals';
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import * as server from './faulty-server';
import { PROTOCOLS, settingsWith } from './protocols';
import type { Protocol } from './protocols';
import { GREETING, aRequest, failureOfCall } from './request';

const tools = { read: { description: 'Reads.', input: z.object({ path: z.string() }) } };
const folder = mkdtempSync(join(tmpdir(), 'q-heard-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let openServers: server.FaultyServer[] = [];
afterEach(async () => {
  await Promise.all(openServers.map((one) => one.close()));
  openServers = [];
});

let callCount = 0;
/** Opens a call with its own journal. Each `ask` is a newly started worker. */
async function openCall(protocol: Protocol, ...replies: server.Reply[]) {
  const faulty = await server.faultyServer(...replies);
  openServers.push(faulty);
  const key = `call-${(callCount += 1)}`;
  const root = join(folder, key);
  return {
    faulty,
    root,
    journal: () => createAnswerJournals(root).of(key),
    files: () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.includes('/'))
        .map((name) => join(root, name)),
    ask: (changes: Partial<Parameters<typeof aRequest>[0]> = {}) => {
      const model = createModel(readChain(protocol.spec), settingsWith(protocol.access(faulty.origin)));
      return model.call(aRequest({ tools, journal: createAnswerJournals(root).of(key), ...changes }));
    },
  };
}
const completeAnswer = (protocol: Protocol) => server.events(protocol.answer(JSON.stringify(GREETING)));

test.each(PROTOCOLS)(
  '$name: the next worker reads a complete answer from the journal and sends no request',
  async (protocol) => {
    const call = await openCall(protocol, completeAnswer(protocol));
    const first = await call.ask();
    const second = await call.ask();
    expect(second).toEqual(first);
    expect(second).toMatchObject({ kind: 'output', calls: 1 });
    expect(call.faulty.requests).toHaveLength(1);
  },
);

test.each(PROTOCOLS)(
  '$name: after an incomplete answer the call is repeated, and both calls count',
  async (protocol) => {
    const call = await openCall(protocol, completeAnswer(protocol), completeAnswer(protocol));
    await call.ask();
    const [file = ''] = call.files();
    truncateSync(file, Math.floor(readFileSync(file).byteLength / 2));
    expect(await call.ask()).toMatchObject({ kind: 'output', calls: 2, usage: { unknownCalls: 1 } });
    expect(call.faulty.requests).toHaveLength(2);
  },
);

test('the journaled answer to another request is not used', async () => {
  const [, , compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
  const call = await openCall(compatible, completeAnswer(compatible), completeAnswer(compatible));
  await call.ask();
  await call.ask({ messages: [{ from: 'user', text: 'Another question.' }] });
  expect(call.faulty.requests).toHaveLength(2);
});

test.each([
  [
    'in a form that another worker found to be accepted is read by a worker that does not know that yet',
    '"tools"',
    'tools are not supported',
  ],
  [
    'to a request with limits in words is read by a worker that would try keywords first',
    '"maxLength":40',
    'unsupported keyword',
  ],
])('a journaled answer %s', async (_what, refusedText, message) => {
  const [, , compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
  const answer: server.Reply = (response, request) =>
    request.body.includes(refusedText)
      ? server.status(400, {}, message)(response, request)
      : completeAnswer(compatible)(response, request);
  const call = await openCall(compatible, ...Array.from({ length: 6 }, () => answer));
  const first = await call.ask();
  const requestCount = call.faulty.requests.length;
  expect(await call.ask()).toEqual(first);
  expect(call.faulty.requests).toHaveLength(requestCount);
});

test('a call with a known failure leaves no journal, because the failure counts it', async () => {
  const [, , compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
  const cut: server.Reply = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const [event = ''] = compatible.answer(JSON.stringify(GREETING));
    response.write(event, () => response.destroy());
  };
  const call = await openCall(compatible, cut, completeAnswer(compatible));
  await failureOfCall(call.ask());
  expect(await call.journal().load()).toEqual([]);
  expect(await call.ask()).toMatchObject({ kind: 'output', calls: 1 });
});

test('an answer is used although the disk takes no journal, so that it is not paid again', async () => {
  const [protocol] = PROTOCOLS as [Protocol];
  const call = await openCall(protocol, completeAnswer(protocol));
  // No folder can be made below a file.
  writeFileSync(call.root, '');
  expect(await call.ask()).toMatchObject({ kind: 'output', calls: 1 });
  expect(call.faulty.requests).toHaveLength(1);
});

test('a refusal is not journaled, because it is no answer', async () => {
  const [, openai] = PROTOCOLS as [Protocol, Protocol];
  const call = await openCall(openai, server.status(429, { 'retry-after': '1' }));
  await failureOfCall(call.ask());
  expect(await call.journal().load()).toEqual([]);
});
