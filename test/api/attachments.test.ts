/**
 * Tests attachments of a start request: they are stored as artifacts that the stored request names, and a refusal names the field,
 * the value and the remedy.
 */
import { attachmentsOf, fileLoader } from '../../src/activities/attachments';
import { loadRequest } from '../../src/activities/load-request';
import { digestOf } from '../../src/inspect/digest';
import type { Phase } from '../../src/domain/roles';
import { PHASES } from '../../src/domain/roles';
import { serveApi } from './served';
import type { Api } from './served';

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api.stop());

const bytesOf = (hex: string, size = 100) => Buffer.concat([Buffer.from(hex, 'hex'), Buffer.alloc(size, 7)]);
const PNG = bytesOf('89504e470d0a1a0a');
const attachmentOf = (bytes: Buffer, changes: object = {}) => ({
  ...{ name: 'design.png', media_type: 'image/png', base64: bytes.toString('base64'), ...changes },
});
const start = (attachments: unknown, changes: object = {}) =>
  api.post(`/api/workflows/${api.newProject()}/start`, {
    ...{ build_id: 'b1', user_id: 'u', requirements: 'As in the picture', attachments, ...changes },
  });

test('an attachment is an artifact, and the stored request has its digest in place of the bytes', async () => {
  const project = api.newProject();
  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(50, 1)]);
  const files = [attachmentOf(PNG), attachmentOf(pdf, { name: 'terms.pdf', media_type: 'Application/PDF' })];
  const body = { build_id: 'b1', user_id: 'u', requirements: 'As in the picture', attachments: files };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 200 });
  const other = { ...body, attachments: [attachmentOf(bytesOf('89504e470d0a1a0a', 101))] };
  expect(await api.post(`/api/workflows/${project}/start`, other)).toMatchObject({ status: 422 });

  const { artifacts } = api.stack.deps;
  const description = await api.stack.client.workflow.getHandle(`${project}.b1`).describe();
  const { request: digest } = (description.memo as { card: { request: string } }).card;
  const request = await loadRequest(artifacts, { request: digest });
  expect(request.attachments).toEqual([
    { name: 'design.png', media_type: 'image/png', digest: digestOf(PNG), bytes: 108 },
    { name: 'terms.pdf', media_type: 'application/pdf', digest: digestOf(pdf), bytes: 59 },
  ]);
  const expectedAttachment = { name: 'design.png', mediaType: 'image/png', digest: digestOf(PNG) };
  const phases = PHASES.filter((phase: Phase) => attachmentsOf(request, phase).length > 0);
  expect(phases).toEqual(['discovery', 'planning', 'implementation']);
  expect(attachmentsOf(request, 'planning')[0]).toEqual(expectedAttachment);
  expect(Buffer.from(await fileLoader({ artifacts })(expectedAttachment.digest)).equals(PNG)).toBe(true);

  const path = `/api/workflows/${project}.b1`;
  const prompt = (await api.get(`${path}/prompt`)).body.context as string;
  expect(prompt).toContain('<data name="attachments">');
  expect(prompt).toContain(digestOf(PNG));
  expect(await api.get(`${path}/artifacts/${digestOf(PNG)}`)).toMatchObject({ status: 200 });
});

test('an amendment keeps the attachments of the request, and may not name others', async () => {
  const project = api.newProject();
  const path = `/api/workflows/${project}.b1/request`;
  const body = { build_id: 'b1', user_id: 'u', requirements: 'As in the picture', attachments: [attachmentOf(PNG)] };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
  const amendment = await api.patch(path, { retries: { per_phase: 1 }, reason: 'r' });
  expect(amendment).toMatchObject({ status: 200 });
  const request = await loadRequest(api.stack.deps.artifacts, amendment.body);
  expect(request).toMatchObject({ retries: { per_phase: 1 }, attachments: [{ digest: digestOf(PNG) }] });
  const refusal = await api.patch(path, { attachments: [attachmentOf(PNG)], reason: 'r' });
  expect(refusal).toMatchObject({ status: 400, body: { field: 'attachments' } });
});

test('attachments of 5 MiB in all are accepted, although other bodies may have only 1 MiB', async () => {
  const halfOfLimit = (name: string) => attachmentOf(bytesOf('89504e470d0a1a0a', 2.5 * 1024 * 1024 - 8), { name });
  expect(await start([halfOfLimit('a.png'), halfOfLimit('b.png')])).toMatchObject({ status: 201 });
});

test.each<[string, unknown, string, RegExp]>([
  ['no list', {}, 'attachments', /must be a list of \{name, media_type, base64\}/],
  [
    'a digest of somebody else',
    [{ ...attachmentOf(PNG), digest: digestOf('x') }],
    'attachments.0.digest',
    /is not a field/,
  ],
  [
    'a stored form',
    [{ name: 'a', media_type: 'image/png', digest: digestOf('x'), bytes: 1 }],
    'attachments.0.base64',
    /base64/,
  ],
  [
    'eleven',
    Array.from({ length: 11 }, (_, n) => attachmentOf(PNG, { name: `${n}` })),
    'attachments',
    /more than 10 files/,
  ],
  [
    'a byte too much',
    [attachmentOf(bytesOf('89504e470d0a1a0a', 5 * 1024 * 1024 - 7))],
    'attachments',
    /has 5242881 bytes in all.* 5242880 \(5 MiB\)/,
  ],
  [
    'a text',
    [attachmentOf(PNG, { media_type: 'text/markdown' })],
    'attachments.0.media_type',
    /"text\/markdown".*send text in requirements/,
  ],
  [
    'a type with parameters',
    [attachmentOf(PNG, { media_type: 'image/png; q=1' })],
    'attachments.0.media_type',
    /without parameters/,
  ],
  [
    'a JPEG that is a PNG',
    [attachmentOf(PNG, { media_type: 'image/jpeg' })],
    'attachments.0.media_type',
    /is "image\/jpeg", but the file/,
  ],
  ['a folder in a name', [attachmentOf(PNG, { name: '../a.png' })], 'attachments.0.name', /without folders/],
  ['two of one name', [attachmentOf(PNG), attachmentOf(PNG)], 'attachments.1.name', /"design.png" a second time/],
  ['nothing in it', [attachmentOf(PNG, { base64: '' })], 'attachments.0.base64', /is empty/],
  [
    'an address',
    [attachmentOf(PNG, { base64: 'data:image/png;base64,AAAA' })],
    'attachments.0.base64',
    /what follows "base64,"/,
  ],
  [
    'base64 that is broken',
    [attachmentOf(PNG, { base64: 'iVBORw0KGgo' })],
    'attachments.0.base64',
    /begins with "iVBORw0KGgo" and is not base64/,
  ],
])('a request is refused with attachments that are wrong: %s', async (_what, attachments, field, message) => {
  expect(await start(attachments)).toMatchObject({
    status: 400,
    body: { type: 'urn:q-orchestrator:problem:request-malformed', field, detail: expect.stringMatching(message) },
  });
});

test.each([
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ffe0'],
  ['image/gif', Buffer.from('GIF89a').toString('hex')],
  ['image/webp', Buffer.from('RIFF\x00\x01\x02\x03WEBP', 'latin1').toString('hex')],
  ['application/pdf', Buffer.from('%PDF-1.4').toString('hex')],
])('%s is known by its first bytes', async (media_type, hex) => {
  expect(await start([attachmentOf(bytesOf(hex), { media_type })])).toMatchObject({ status: 201 });
  const other = await start([attachmentOf(Buffer.alloc(50, 1), { media_type })]);
  expect(other).toMatchObject({ status: 400, body: { field: 'attachments.0.media_type' } });
});

test('a type without known first bytes is accepted without that check', async () => {
  expect(await start([attachmentOf(Buffer.alloc(3), { media_type: 'audio/ogg' })])).toMatchObject({ status: 201 });
});

test('only attachments may make a body larger than 1 MiB, and no body may be larger than 8 MiB', async () => {
  const longRequest = await start(undefined, { requirements: 'x'.repeat(1_100_000) });
  expect(longRequest).toMatchObject({
    status: 413,
    body: { detail: 'the body without its attachments may be at most 1 MiB' },
  });
  const longAttachment = await start([attachmentOf(Buffer.alloc(7 * 1024 * 1024))]);
  expect(longAttachment).toMatchObject({ status: 413, body: { detail: 'the body may be at most 8 MiB' } });
  const project = api.newProject();
  const longCheck = await api.post(`/api/workflows/${project}/check`, { x: 'x'.repeat(1_100_000) });
  expect(longCheck).toMatchObject({ status: 413, body: { detail: 'the body may be at most 1 MiB' } });
});
