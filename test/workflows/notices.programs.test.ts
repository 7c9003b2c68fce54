/**
 * Notices of real builds: from a gate to the receiver, also to one that fails at first.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { groupBy } from '../../src/domain/group-by';
import { STATES, ownerOf } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import { noticesWorkflowId, outboxQuery } from '../../src/workflows/messages';
import { startReceiver } from '../adapters/notices/receiver';
import type { Received, Receiver } from '../adapters/notices/receiver';
import { startSmtp } from '../adapters/notices/smtp-server';
import type { SmtpServer } from '../adapters/notices/smtp-server';
import { serveApi } from '../api/served';
import type { Api, Body } from '../api/served';
import { verifies } from '../requirements/verifies';
import { until } from '../until';

/** The receiver's answers to the first tries of each notice below /flaky. */
const FIRST_ANSWERS = [500, 503, 429];

let receiver: Receiver;
let smtp: SmtpServer;
beforeAll(async () => {
  smtp = await startSmtp();
  const tries = new Map<string, number>();
  receiver = await startReceiver(({ path, headers }) => {
    const id = String(headers['webhook-id']);
    const count = tries.get(id) ?? 0;
    tries.set(id, count + 1);
    return path === '/flaky' ? (FIRST_ANSWERS[count] ?? 204) : 204;
  });
});
afterAll(async () => {
  await smtp?.stop();
  await receiver?.stop();
});

const settings = () => ({
  NOTIFY_PRIVATE_HOSTS: `127.0.0.1:${receiver.port}`,
  ...{ SMTP_URL: smtp.url, SMTP_FROM: 'q@example.org', PUBLIC_URL: 'https://q.example.org/' },
});
const bodyOf = ({ body }: Received): Body => JSON.parse(body);
const receivedAt = (path: string, project: string) =>
  receiver.received.filter((one) => one.path === path && one.body.includes(project));
const arrivedAt = (path: string, project: string) => receivedAt(path, project).filter(({ status }) => status < 300);

async function startBuild(api: Api, project: string, notify: unknown, over: object = {}) {
  const body = { build_id: 'b1', user_id: 'ada', requirements: 'Dark mode', notify, ...over };
  expect(await api.post(`/api/workflows/${project}/start`, body)).toMatchObject({ status: 201 });
}
const advance = (api: Api, project: string, state: State, over: object = {}) =>
  api.post(`/api/workflows/${project}.b1/advance`, {
    ...{ role: ownerOf(state), completed_state: state, phase_result: { done: state }, ...over },
  });

describe('with a worker', () => {
  let api: Api;
  beforeAll(async () => (api = await serveApi({ env: settings() })));
  afterAll(() => api?.stop());

  verifies('9.14', '1.11', '7.1');
  test('a receiver that fails three times first gets each notice of a whole build with one 2xx, and one id on every try', async () => {
    const project = api.newProject();
    const notify = [
      `${receiver.url}/flaky`,
      { url: `${receiver.url}/slack`, format: 'slack' },
      { email: 'ops@example.org', events: ['complete'] },
    ];
    await startBuild(api, project, notify);
    const gates = STATES.slice(0, STATES.indexOf('complete'));
    for (const state of gates) expect(await advance(api, project, state)).toMatchObject({ status: 200 });
    await until(
      () => api.get(`/api/workflows/${project}.b1/status`),
      ({ body }) => body.status === 'complete',
    );
    // Nobody is told of a wait that was over before the notice could be written.
    const { body: noticesOfBuild } = await until(
      () => api.get(`/api/projects/${project}/notices`),
      ({ body }) => body.counts.pending === 0 && body.notices.some(({ kind }: { kind: string }) => kind === 'complete'),
    );
    const kinds = (noticesOfBuild.notices as Array<{ kind: string; target: { format?: string } }>)
      .filter(({ target }) => target.format === 'standard')
      .map(({ kind }) => `build.${kind}`);
    expect(kinds.length).toBeGreaterThan(gates.length / 2);
    expect(kinds.length).toBeLessThanOrEqual(gates.length + 1);
    expect(new Set(kinds)).toEqual(new Set(['build.waiting', 'build.complete']));
    expect(arrivedAt('/flaky', project)).toHaveLength(kinds.length);
    const byId = groupBy(receivedAt('/flaky', project), ({ headers }) => String(headers['webhook-id']));
    expect(byId.size).toBe(kinds.length);
    for (const tries of byId.values()) {
      expect(tries.map(({ status }) => status)).toEqual([...FIRST_ANSWERS, 204]);
      expect(new Set(tries.map(({ body }) => body)).size).toBe(1);
    }
    const told = [...byId.values()].map(([first]) => bodyOf(first as Received));
    expect(told.map(({ type }) => type).sort()).toEqual(kinds.sort());
    expect(told.map(({ data }) => data.link)).toEqual(
      told.map(() => `https://q.example.org/api/workflows/${project}.b1/status`),
    );
    const [secret = ''] = (await readFile(join(api.stack.config.dataDir, 'notice-secret'), 'utf8')).split('\n');
    for (const one of receivedAt('/flaky', project))
      expect(new Webhook(secret).verify(one.body, one.headers as Record<string, string>)).toEqual(bodyOf(one));
    expect(arrivedAt('/slack', project)).toHaveLength(kinds.length);
    await until(
      () => Promise.resolve(smtp.mails.length),
      (count) => count > 0,
    );
    expect(smtp.mails).toMatchObject([
      { to: ['ops@example.org'], data: expect.stringContaining(`${project}.b1 is complete`) },
    ]);
    const listed = await api.get(`/api/projects/${project}/notices?state=sent`);
    expect(listed.body.counts).toEqual({ pending: 0, sent: 2 * kinds.length + 1, dead: 0 });
    const waitsMs = [...byId.values()].map(
      ([first]) => (first as Received).at - Date.parse(bodyOf(first as Received).timestamp),
    );
    process.stdout.write(`from gate to the first try: ${waitsMs.sort((a, b) => a - b).join(', ')} ms\n`);
  });

  verifies('4.5');
  test('retry, rollback and cancel tell their receivers, and the answers say so; without targets they do not', async () => {
    const [told, silent] = [api.newProject(), api.newProject()];
    await startBuild(api, told, [
      { url: `${receiver.url}/hook`, events: ['error', 'retried', 'rolled_back', 'cancelled'] },
    ]);
    await startBuild(api, silent, undefined);
    const retry = (project: string) =>
      api.post(`/api/workflows/${project}.b1/request-retry`, { reason: 'again' }, { 'idempotency-key': 'r' });
    const rollback = (project: string) =>
      api.post(`/api/workflows/${project}.b1/rollback`, { target_state: 'discovery', reason: 'wrong' });
    for (const project of [told, silent]) {
      await advance(api, project, 'discovery');
      await advance(api, project, 'planning', { next_state: 'error' });
    }
    expect((await retry(told)).body).toMatchObject({ retry_requested: true, notification_sent: true });
    expect((await retry(told)).body).toMatchObject({ retry_requested: true, notification_sent: true });
    expect((await rollback(told)).body).toMatchObject({ rollback_successful: true, notification_sent: true });
    expect((await retry(silent)).body).toMatchObject({ retry_requested: true, notification_sent: false });
    expect((await rollback(silent)).body.notification_sent).toBeUndefined();
    await api.post(`/api/workflows/${told}.b1/cancel`, { reason: 'enough' });
    const arrived = await until(
      () => Promise.resolve(arrivedAt('/hook', told)),
      (all) => all.length === 4,
    );
    const types = arrived.map((one) => bodyOf(one).type).sort();
    expect(types).toEqual(['build.cancelled', 'build.error', 'build.retried', 'build.rolled_back']);
    expect(receivedAt('/hook', silent)).toEqual([]);
    const list = (await api.get(`/api/projects/${silent}/notices`)).body;
    expect(list.notices).toEqual([]);
  });

  test('a signal that no worker of this installation signed is not sent, and does not stop those that are', async () => {
    const project = api.newProject();
    await startBuild(api, project, [`${receiver.url}/hook`]);
    const [{ id }] = (await listed(api, project)) as [{ id: string }];
    const handle = api.stack.client.workflow.getHandle(noticesWorkflowId(project));
    const [entry] = (await handle.query(outboxQuery)).entries;
    const forged = { ...entry, id: 'forged', notice: { ...entry?.notice, id: 'forged' } };
    const proof = await api.stack.deps.noticeProofs.prove(project, []);
    for (const payload of [7, { deliveries: [forged], proof }, { deliveries: 'x', proof }])
      await handle.signal('hand', payload);
    await advance(api, project, 'discovery');
    const after = await until(
      () => listed(api, project),
      (all) => all.length === 2,
    );
    expect(after.map((one) => one.id)).toContain(id);
    expect(receiver.received.filter(({ headers }) => headers['webhook-id'] === 'forged')).toEqual([]);
  });
});

async function listed(api: Api, project: string): Promise<Array<{ id: string }>> {
  const { body } = await until(
    () => api.get(`/api/projects/${project}/notices`),
    (one) => one.body.notices.length > 0,
  );
  return body.notices;
}
