/**
 * Tests servers that refuse files: the request is repeated without them at once. Later requests omit such files if the refusal says so.
 */
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import * as server from './faulty-server';
import { PROTOCOLS, settingsWith } from './protocols';
import type { Protocol } from './protocols';
import { aRequest, failureOfCall, GREETING } from './request';

const [anthropic, , compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
let faulty: server.FaultyServer;
afterEach(() => faulty.close());

/** Starts a server that refuses a body with one of the files, with `message`, and otherwise answers with the greeting. */
async function createRefusedModel(protocol: Protocol, refusedTexts: string[], message: string) {
  const reply: server.Reply = (response, request) =>
    refusedTexts.some((text) => request.body.includes(inBase64(text)))
      ? server.status(400, {}, message)(response, request)
      : server.events(protocol.answer(JSON.stringify(GREETING)))(response, request);
  faulty = await server.faultyServer(...Array.from({ length: 40 }, () => reply));
  const logLines: string[] = [];
  const settings = { ...settingsWith(protocol.access(faulty.origin)), say: (line: string) => logLines.push(line) };
  return { logLines, model: createModel(readChain(protocol.spec), settings) };
}
const inBase64 = (text: string) => Buffer.from(text).toString('base64');
/** Makes a request with files; the content of each file is its media type. */
const requestWith = (...mediaTypes: string[]) =>
  aRequest({
    loadFile: async (digest) => Buffer.from(digest),
    messages: [
      {
        ...{ from: 'user', text: 'As here.' },
        files: mediaTypes.map((mediaType) => ({ name: `${mediaType}.bin`, mediaType, digest: mediaType })),
      },
    ],
  });
/** Returns the files that the last request had. */
const sentFiles = (...files: string[]) => files.filter((file) => faulty.requests.at(-1)?.body.includes(inBase64(file)));

test.each([
  'image input is not supported by this model',
  'unknown variant `image_url`, expected `text`',
  'this model has no vision',
  'Invalid content type',
  'unsupported modality',
])('a server that refuses pictures with the message "%s" gets no more pictures', async (message) => {
  const { model, logLines } = await createRefusedModel(compatible, ['image/png'], message);
  expect((await model.call(requestWith('image/png'))).kind).toBe('output');
  const requestCount = faulty.requests.length;
  expect((await model.call(requestWith('image/png'))).kind).toBe('output');
  expect(faulty.requests).toHaveLength(requestCount + 1);
  expect(sentFiles('image/png')).toEqual([]);
  expect(faulty.requests.at(-1)?.body).toContain('(image/png) is not shown');
  expect(logLines).toEqual([expect.stringMatching(/files of image\/png; requests go out without them from now on/)]);
});

test.each(['invalid request', 'Could not process image', 'image exceeds the maximum of 5 MB'])(
  'the message "%s" is about one picture, so the next request has its pictures again',
  async (message) => {
    const { model, logLines } = await createRefusedModel(compatible, ['image/png'], message);
    expect((await model.call(requestWith('image/png'))).kind).toBe('output');
    expect(sentFiles('image/png')).toEqual([]);
    await model.call(requestWith('image/jpeg'));
    expect(sentFiles('image/jpeg')).toEqual(['image/jpeg']);
    const requestCount = faulty.requests.length;
    await model.call(requestWith('image/png'));
    expect(faulty.requests.length).toBeGreaterThan(requestCount + 1);
    expect(logLines[0]).toMatch(/files of image\/png; this request went out without them/);
  },
);

test('a media type that the SDK cannot send is remembered', async () => {
  const { model, logLines } = await createRefusedModel(compatible, [], '');
  expect((await model.call(requestWith('video/mp4'))).kind).toBe('output');
  expect(logLines).toEqual([expect.stringMatching(/video\/mp4; requests go out without them from now on/)]);
});

test.each([
  ['the one refused type', ['image/webp'], ['application/pdf', 'image/png']],
  ['all pictures if all are refused', ['image/webp', 'image/png'], ['application/pdf']],
  ['every file if all are refused', ['application/pdf', 'image/png', 'image/webp'], []],
])('of several types, %s is left out and the others are sent', async (_what, refusedTexts, sentTypes) => {
  const { model } = await createRefusedModel(anthropic, refusedTexts, 'unsupported media type');
  const files = ['application/pdf', 'image/png', 'image/webp'];
  expect((await model.call(requestWith(...files))).kind).toBe('output');
  expect(sentFiles(...files)).toEqual(sentTypes);
  const requestCount = faulty.requests.length;
  await model.call(requestWith(...files));
  expect(faulty.requests).toHaveLength(requestCount + 1);
  expect(sentFiles(...files)).toEqual(sentTypes);
});

test('a request that is also refused without its files fails with the first refusal', async () => {
  const reply = server.status(400, {}, 'field x is wrong');
  faulty = await server.faultyServer(...Array.from({ length: 40 }, () => reply));
  const model = createModel(readChain(compatible.spec), settingsWith(compatible.access(faulty.origin)));
  expect(await failureOfCall(model.call(requestWith('image/png')))).toMatchObject({
    ...{ type: 'Model.BadRequest', detail: 'field x is wrong' },
  });
});

test('a rate limit while a file is left out is the failure', async () => {
  const refusals = Array.from({ length: 2 }, () => server.status(400, {}, 'no image, please'));
  faulty = await server.faultyServer(...refusals, server.status(429, { 'retry-after': '7' }));
  const model = createModel(readChain(anthropic.spec), settingsWith(anthropic.access(faulty.origin)));
  expect(await failureOfCall(model.call(requestWith('image/png')))).toMatchObject({ retryAfterMs: 7_000 });
});
