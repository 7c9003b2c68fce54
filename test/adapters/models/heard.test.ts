/**
 * An answer that a killed worker had heard: read as if it came now where it is whole, and paid again only where it is not.
 */
import { mkdtempSync, readFileSync, readdirSync, rmSync, truncateSync } from 'node:fs';
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

let open: server.FaultyServer[] = [];
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  open = [];
});

let keys = 0;
/** A journal of its own, and as many workers one after the other as are asked for. */
async function openCall(protocol: Protocol, ...replies: server.Reply[]) {
  const faulty = await server.faultyServer(...replies);
  open.push(faulty);
  const key = `call-${(keys += 1)}`;
  const root = join(folder, key);
  return {
    faulty,
    journal: () => createAnswerJournals(root).of(key),
    files: () =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.includes('/'))
        .map((name) => join(root, name)),
    ask: (over: Partial<Parameters<typeof aRequest>[0]> = {}) => {
      const model = createModel(readChain(protocol.spec), settingsWith(protocol.access(faulty.origin)));
      return model.call(aRequest({ tools, journal: createAnswerJournals(root).of(key), ...over }));
    },
  };
}
const whole = (protocol: Protocol) => server.events(protocol.answer(JSON.stringify(GREETING)));

test.each(PROTOCOLS)('$name: a whole answer is read by the next worker, and nobody is asked', async (protocol) => {
  const call = await openCall(protocol, whole(protocol));
  const first = await call.ask();
  const second = await call.ask();
  expect(second).toEqual(first);
  expect(second).toMatchObject({ kind: 'output', calls: 1 });
  expect(call.faulty.requests).toHaveLength(1);
});

test.each(PROTOCOLS)(
  '$name: of an answer that was heard in part the call is made again, and both count',
  async (protocol) => {
    const call = await openCall(protocol, whole(protocol), whole(protocol));
    await call.ask();
    const [file = ''] = call.files();
    truncateSync(file, Math.floor(readFileSync(file).byteLength / 2));
    expect(await call.ask()).toMatchObject({ kind: 'output', calls: 2, usage: { unknownCalls: 1 } });
    expect(call.faulty.requests).toHaveLength(2);
  },
);

test('the answer to another request is not taken for this one', async () => {
  const [, , compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
  const call = await openCall(compatible, whole(compatible), whole(compatible));
  await call.ask();
  await call.ask({ messages: [{ from: 'user', text: 'Another question.' }] });
  expect(call.faulty.requests).toHaveLength(2);
});

test.each([
  [
    'in a form that the server was found to take is read by a worker that does not know that yet',
    '"tools"',
    'tools are not supported',
  ],
  [
    'that was asked for with limits in words is read by a worker that asks with keywords first',
    '"maxLength":40',
    'unsupported keyword',
  ],
])('an answer %s', async (_what, refused, words) => {
  const [, , compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
  const answer: server.Reply = (response, request) =>
    request.body.includes(refused)
      ? server.status(400, {}, words)(response, request)
      : whole(compatible)(response, request);
  const call = await openCall(compatible, ...Array.from({ length: 6 }, () => answer));
  const first = await call.ask();
  const asked = call.faulty.requests.length;
  expect(await call.ask()).toEqual(first);
  expect(call.faulty.requests).toHaveLength(asked);
});

test('what is known to have failed leaves nothing behind: it is counted where it failed', async () => {
  const [, , compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
  const cut: server.Reply = (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const [event = ''] = compatible.answer(JSON.stringify(GREETING));
    response.write(event, () => response.destroy());
  };
  const call = await openCall(compatible, cut, whole(compatible));
  await failureOfCall(call.ask());
  expect(await call.journal().load()).toEqual([]);
  expect(await call.ask()).toMatchObject({ kind: 'output', calls: 1 });
});

test('a refusal is no answer: nothing is kept of it', async () => {
  const [, openai] = PROTOCOLS as [Protocol, Protocol];
  const call = await openCall(openai, server.status(429, { 'retry-after': '1' }));
  await failureOfCall(call.ask());
  expect(await call.journal().load()).toEqual([]);
});
