/**
 * `notify` of a start, and the routes of notices: what is refused at the door, and what the routes answer.
 */
import { readStartRequest } from '../../src/requests/start-request';
import { startReceiver } from '../adapters/notices/receiver';
import type { Receiver } from '../adapters/notices/receiver';
import { verifies } from '../requirements/verifies';
import { signs } from '../secret-values';
import { until } from '../until';
import { serveApi } from './served';
import type { Api, Body } from './served';

const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

let receiver: Receiver;
let api: Api;
let project: string;
beforeAll(async () => {
  receiver = await startReceiver(({ path }) => (path === '/gone' ? 410 : 204));
  const NOTIFY_PRIVATE_HOSTS = `127.0.0.1:${receiver.port}`;
  api = await serveApi({ env: { NOTIFY_PRIVATE_HOSTS, NOTIFY: `${receiver.url}/all` } });
  project = api.newProject();
});
afterAll(async () => {
  await api?.stop();
  await receiver?.stop();
});

const startWith = (notify: unknown, over: object = {}) =>
  api.post(`/api/workflows/${project}/start`, { user_id: 'u', requirements: 'Dark mode', notify, ...over });

test.each([
  ['https://a.example/', 'notify', 'must be a list of targets'],
  [['ftp://a.example/'], 'notify.0.url', 'must be a url that starts with https://'],
  [['https://user:pass@a.example/'], 'notify.0.url', 'must be a url that starts with https://'],
  [['https://a.example/#x'], 'notify.0.url', 'must be a url that starts with https://'],
  [['https://a.example/\u0000'], 'notify.0.url', 'must be a url that starts with https://'],
  [[`https://a.example/${'x'.repeat(1_000)}`], 'notify.0.url', 'must be 1 to 1000 characters of text'],
  [['https://a.example/', 7], 'notify.1', 'must be a url, {url, format, events} or {email, events}'],
  [[{ format: 'slack' }], 'notify.0', 'must have exactly one of url and email'],
  [[{ url: 'https://a.example/', email: 'ops@example.org' }], 'notify.0', 'must have exactly one of url and email'],
  [[{ url: 'https://a.example/', format: 'irc' }], 'notify.0.format', 'must be one of standard, slack, teams, discord'],
  [[{ url: 'https://a.example/', events: ['wait'] }], 'notify.0.events.0', 'must be one of waiting, error, budget'],
  [[{ url: 'https://a.example/', events: [] }], 'notify.0.events', 'is empty'],
  [[{ url: 'https://a.example/', secret: 'x' }], 'notify.0.secret', 'is not a field here'],
  [[{ email: 'ops@example.org', format: 'slack' }], 'notify.0.format', 'is for webhooks only'],
  [[{ email: 'a@example.org, b@example.org' }], 'notify.0.email', 'must be one e-mail address'],
  [[{ email: 'a@example.org\r\nBcc: b@example.org' }], 'notify.0.email', 'must be one e-mail address'],
  [[{ email: 'ops@example.org' }], 'notify.0.email', 'needs a mail server: set SMTP_URL and SMTP_FROM'],
  [['http://a.example/'], 'notify.0.url', 'must start with https://, except for servers in the setting'],
  [Array(11).fill('https://a.example/'), 'notify', 'has more than 10 targets'],
])('notify %j is refused: %s %s', async (notify, field, message) => {
  expect(await startWith(notify)).toMatchObject({
    ...{ status: 400, body: { type: 'urn:q-orchestrator:problem:request-malformed', field } },
    body: { detail: expect.stringContaining(`${field} ${message}`) },
  });
});

test.each([
  ...['https://127.0.0.1/', 'https://localhost/', 'http://[::1]/', 'https://[::ffff:10.0.0.1]/', 'https://10.1.1.1/'],
  ...['http://169.254.169.254/latest', 'https://metadata.google.internal/', 'https://0x7f.1/', 'https://192.168.0.1/'],
])('notify %s is refused at the door, since it leads to this machine or its network', async (url) => {
  expect(await startWith([url])).toMatchObject({
    ...{ status: 400, body: { field: 'notify.0.url', detail: expect.stringContaining('NOTIFY_PRIVATE_HOSTS') } },
  });
});

test('a target is stored in one form however it is written, and one that is a secret is warned of and not shown', async () => {
  const [team, bot, key] = [`T${signs(9, 'team', UPPER)}`, `B${signs(9, 'bot', UPPER)}`, signs(24, 'key')];
  const slack = `https://hooks.slack.com/services/${team}/${bot}/${key}`;
  const notify = [{ url: slack, format: 'SLACK', events: ['Error', 'error'] }];
  const { status, body } = await startWith(notify, { build_id: 'secret' });
  expect(status).toBe(201);
  expect(body.warnings).toMatchObject([{ field: 'notify.0.url', kind: 'Slack webhook' }]);
  const state: Body = await api.stack.client.workflow.getHandle(`${project}.secret`).query('build');
  expect(state.notify).toEqual([
    { setting: expect.stringMatching(/^[0-9a-f]{16}$/) as string },
    { url: slack, format: 'slack', events: ['error'] },
  ]);
  const stored = (await api.stack.deps.artifacts.get(state.request)).toString('utf8');
  expect(readStartRequest(stored, state.request).notify).toEqual([
    { url: slack, format: 'slack', events: ['error', 'error'] },
  ]);
  for (const page of ['status', 'events', 'history', 'approvals'])
    expect(JSON.stringify((await api.get(`/api/workflows/${project}.secret/${page}`)).body)).not.toContain(key);
});

verifies('9.16');
test('a test notice goes to the given target or to those of NOTIFY, and the answer says whether it arrived', async () => {
  const path = `/api/projects/${project}/notices/test`;
  const toGiven = await api.post(path, { target: `${receiver.url}/given` }, { 'idempotency-key': 'k1' });
  expect(toGiven).toMatchObject({ status: 200, body: { project_id: project } });
  expect(toGiven.body.notices).toMatchObject([
    {
      kind: 'test',
      state: 'sent',
      tries: 1,
      last_error: null,
      target: { url: `${receiver.url}/…`, format: 'standard' },
    },
  ]);
  const again = await api.post(path, { target: `${receiver.url}/given` }, { 'idempotency-key': 'k1' });
  expect(again.body).toEqual(toGiven.body);
  expect(await api.post(path)).toMatchObject({ status: 200, body: { notices: [{ kind: 'test', state: 'sent' }] } });
  const sent = receiver.received.filter(({ body }) => body.includes(project) && body.includes('notice.test'));
  expect(sent.map((one) => one.path)).toEqual(['/given', '/all']);
  expect(await api.post(path, { target: 'https://10.0.0.1/' })).toMatchObject({
    status: 400,
    body: { field: 'target.url' },
  });
  expect(await api.post(path, { to: 'x' })).toMatchObject({ status: 400, body: { field: 'to' } });
});

verifies('9.16');
test('a notice that its receiver refuses for good is listed as dead, and can be sent again with the same id', async () => {
  const path = `/api/projects/${project}/notices`;
  const { body } = await api.post(`${path}/test`, { target: `${receiver.url}/gone` });
  const [{ id }] = body.notices as [{ id: string }];
  expect(body.notices).toMatchObject([{ state: 'dead', last_error: 'the receiver answered 410: it wants no more' }]);
  const dead = await api.get(`${path}?state=dead`);
  expect(dead.body).toMatchObject({ project_id: project, notices: [{ id, workflow_id: null, next_try_at: null }] });
  expect(dead.body.counts.dead).toBe(dead.body.notices.length);
  const resent = await api.post(`${path}/${id}/resend`);
  expect(resent).toMatchObject({ status: 200, body: { id, state: 'pending', tries: 0 } });
  const tried = () =>
    receiver.received.filter((one) => one.path === '/gone').map(({ headers }) => headers['webhook-id']);
  await until(
    () => Promise.resolve(tried()),
    (ids) => ids.length === 2,
  );
  expect(tried()).toEqual([id, id]);
});

test('a list of a project without notices is empty, and an id that no notice has is answered with 404', async () => {
  const other = api.newProject();
  expect((await api.get(`/api/projects/${other}/notices`)).body).toEqual({
    ...{ project_id: other, counts: { pending: 0, sent: 0, dead: 0 }, no_longer_listed: { sent: 0, dead: 0 } },
    notices: [],
  });
  const unknown = { status: 404, body: { type: 'urn:q-orchestrator:problem:notice-unknown' } };
  expect(await api.post(`/api/projects/${other}/notices/n1/resend`)).toMatchObject(unknown);
  expect(await api.post(`/api/projects/${project}/notices/n1/resend`)).toMatchObject(unknown);
  expect(await api.post(`/api/projects/${project}/notices/a%2Fb/resend`)).toMatchObject({
    status: 400,
    body: { field: 'id' },
  });
  expect(await api.get(`/api/projects/${project}/notices?state=lost`)).toMatchObject({
    status: 400,
    body: { field: 'state' },
  });
});
