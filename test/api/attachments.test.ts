/**
 * Attachments of a start request are stored as artifacts and named by the stored request; a refusal names the field, the value
 * and the way out.
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
const given = (bytes: Buffer, more: object = {}) => ({
  ...{ name: 'design.png', media_type: 'image/png', base64: bytes.toString('base64'), ...more },
});
const start = (attachments: unknown, more: object = {}) =>
  api.post(`/api/workflows/${api.newProject()}/start`, {
    ...{ build_id: 'b1', user_id: 'u', requirements: 'As in the picture', attachments, ...more },
  });

test('an attachment is an artifact, and the stored request has its digest in place of the bytes', async () => {
  const project = api.newProject();
  const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(50, 1)]);
  const files = [given(PNG), given(pdf, { name: 'terms.pdf', media_type: 'Application/PDF' })];
  const body = { build_id: 'b1', user_id: 'u', requirements: 'As in the picture', attachments: files };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 200 });
  const other = { ...body, attachments: [given(bytesOf('89504e470d0a1a0a', 101))] };
  expect(await api.post(`/api/workflows/${project}/start`, other)).toMatchObject({ status: 422 });

  const { artifacts } = api.stack.deps;
  const described = await api.stack.client.workflow.getHandle(`${project}.b1`).describe();
  const { request: digest } = (described.memo as { card: { request: string } }).card;
  const request = await loadRequest(artifacts, { request: digest });
  expect(request.attachments).toEqual([
    { name: 'design.png', media_type: 'image/png', digest: digestOf(PNG), bytes: 108 },
    { name: 'terms.pdf', media_type: 'application/pdf', digest: digestOf(pdf), bytes: 59 },
  ]);
  const shown = { name: 'design.png', mediaType: 'image/png', digest: digestOf(PNG) };
  const phases = PHASES.filter((phase: Phase) => attachmentsOf(request, phase).length > 0);
  expect(phases).toEqual(['discovery', 'planning', 'implementation']);
  expect(attachmentsOf(request, 'planning')[0]).toEqual(shown);
  expect(Buffer.from(await fileLoader({ artifacts })(shown.digest)).equals(PNG)).toBe(true);

  const path = `/api/workflows/${project}.b1`;
  const prompt = (await api.get(`${path}/prompt`)).body.context as string;
  expect(prompt).toContain('<data name="attachments">');
  expect(prompt).toContain(digestOf(PNG));
  expect(await api.get(`${path}/artifacts/${digestOf(PNG)}`)).toMatchObject({ status: 200 });
});

test('an amended request keeps its attachments, and takes no others', async () => {
  const project = api.newProject();
  const path = `/api/workflows/${project}.b1/request`;
  const body = { build_id: 'b1', user_id: 'u', requirements: 'As in the picture', attachments: [given(PNG)] };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
  const amended = await api.patch(path, { retries: { per_phase: 1 }, reason: 'r' });
  expect(amended).toMatchObject({ status: 200 });
  const request = await loadRequest(api.stack.deps.artifacts, amended.body);
  expect(request).toMatchObject({ retries: { per_phase: 1 }, attachments: [{ digest: digestOf(PNG) }] });
  const others = await api.patch(path, { attachments: [given(PNG)], reason: 'r' });
  expect(others).toMatchObject({ status: 400, body: { field: 'attachments' } });
});

test('5 MiB in all are taken, although other bodies end at 1 MiB', async () => {
  const half = (name: string) => given(bytesOf('89504e470d0a1a0a', 2.5 * 1024 * 1024 - 8), { name });
  expect(await start([half('a.png'), half('b.png')])).toMatchObject({ status: 201 });
});

test.each<[string, unknown, string, RegExp]>([
  ['no list', {}, 'attachments', /must be a list of \{name, media_type, base64\}/],
  ['a digest of somebody else', [{ ...given(PNG), digest: digestOf('x') }], 'attachments.0.digest', /is not a field/],
  [
    'a stored form',
    [{ name: 'a', media_type: 'image/png', digest: digestOf('x'), bytes: 1 }],
    'attachments.0.base64',
    /base64/,
  ],
  ['eleven', Array.from({ length: 11 }, (_, n) => given(PNG, { name: `${n}` })), 'attachments', /more than 10 files/],
  [
    'a byte too much',
    [given(bytesOf('89504e470d0a1a0a', 5 * 1024 * 1024 - 7))],
    'attachments',
    /has 5242881 bytes in all.* 5242880 \(5 MiB\)/,
  ],
  [
    'a text',
    [given(PNG, { media_type: 'text/markdown' })],
    'attachments.0.media_type',
    /"text\/markdown".*send text in requirements/,
  ],
  [
    'a type with parameters',
    [given(PNG, { media_type: 'image/png; q=1' })],
    'attachments.0.media_type',
    /without parameters/,
  ],
  [
    'a JPEG that is a PNG',
    [given(PNG, { media_type: 'image/jpeg' })],
    'attachments.0.media_type',
    /is "image\/jpeg", but the file/,
  ],
  ['a folder in a name', [given(PNG, { name: '../a.png' })], 'attachments.0.name', /without folders/],
  ['two of one name', [given(PNG), given(PNG)], 'attachments.1.name', /"design.png" a second time/],
  ['nothing in it', [given(PNG, { base64: '' })], 'attachments.0.base64', /is empty/],
  [
    'an address',
    [given(PNG, { base64: 'data:image/png;base64,AAAA' })],
    'attachments.0.base64',
    /what follows "base64,"/,
  ],
  [
    'base64 that is broken',
    [given(PNG, { base64: 'iVBORw0KGgo' })],
    'attachments.0.base64',
    /begins with "iVBORw0KGgo" and is not base64/,
  ],
])('refused: %s', async (_what, attachments, field, says) => {
  expect(await start(attachments)).toMatchObject({
    status: 400,
    body: { type: 'urn:q-orchestrator:problem:request-malformed', field, detail: expect.stringMatching(says) },
  });
});

test.each([
  ['image/png', '89504e470d0a1a0a'],
  ['image/jpeg', 'ffd8ffe0'],
  ['image/gif', Buffer.from('GIF89a').toString('hex')],
  ['image/webp', Buffer.from('RIFF\x00\x01\x02\x03WEBP', 'latin1').toString('hex')],
  ['application/pdf', Buffer.from('%PDF-1.4').toString('hex')],
])('%s is known by its first bytes', async (media_type, hex) => {
  expect(await start([given(bytesOf(hex), { media_type })])).toMatchObject({ status: 201 });
  const other = await start([given(Buffer.alloc(50, 1), { media_type })]);
  expect(other).toMatchObject({ status: 400, body: { field: 'attachments.0.media_type' } });
});

test('a type without known first bytes is taken as it is', async () => {
  expect(await start([given(Buffer.alloc(3), { media_type: 'audio/ogg' })])).toMatchObject({ status: 201 });
});

test('only attachments may make a body large, and not beyond 8 MiB', async () => {
  const rest = await start(undefined, { requirements: 'x'.repeat(1_100_000) });
  expect(rest).toMatchObject({
    status: 413,
    body: { detail: 'the body without its attachments may be at most 1 MiB' },
  });
  const all = await start([given(Buffer.alloc(7 * 1024 * 1024))]);
  expect(all).toMatchObject({ status: 413, body: { detail: 'the body may be at most 8 MiB' } });
  const project = api.newProject();
  const elsewhere = await api.post(`/api/workflows/${project}/check`, { x: 'x'.repeat(1_100_000) });
  expect(elsewhere).toMatchObject({ status: 413, body: { detail: 'the body may be at most 1 MiB' } });
});
