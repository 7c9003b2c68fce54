/**
 * A notices workflow whose history is long continues as new, and loses no notice that is pending.
 */
import { noticesWorkflowId, outboxQuery } from '../../src/workflows/messages';
import { startReceiver } from '../adapters/notices/receiver';
import type { Receiver } from '../adapters/notices/receiver';
import { serveApi } from '../api/served';
import type { Api } from '../api/served';
import { until } from '../until';

let receiver: Receiver;
let api: Api;
let isDown = true;
beforeAll(async () => {
  receiver = await startReceiver(({ path }) => (path === '/down' && isDown ? 503 : 204));
  api = await serveApi({ env: { NOTIFY_PRIVATE_HOSTS: `127.0.0.1:${receiver.port}` } });
});
afterAll(async () => {
  await api?.stop();
  await receiver?.stop();
});

test('after 4,096 events the outbox continues in a new run, and a notice that was pending arrives from there', async () => {
  const project = api.newProject();
  const body = { user_id: 'ada', requirements: 'Dark mode', notify: [`${receiver.url}/down`] };
  expect(await api.post(`/api/workflows/${project}/start`, { build_id: 'b1', ...body })).toMatchObject({ status: 201 });
  const handle = api.stack.client.workflow.getHandle(noticesWorkflowId(project));
  const outbox = () => handle.query(outboxQuery).catch(() => null);
  await until(outbox, (found) => found?.entries[0]?.state === 'pending');
  const { runId } = await handle.describe();
  // Signals that hold nothing lengthen the history, and change nothing else.
  for (let sent = 0; sent < 4_200; sent += 25)
    await Promise.all(Array.from({ length: 25 }, () => handle.signal('hand', 'nothing')));
  await until(
    () => api.stack.client.workflow.getHandle(noticesWorkflowId(project)).describe(),
    (now) => now.runId !== runId,
  );
  isDown = false;
  const after = await until(outbox, (found) => found?.entries[0]?.state === 'sent');
  expect(after?.entries).toHaveLength(1);
  const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
  expect(new Set(ids).size).toBe(1);
  expect(receiver.received.filter(({ status }) => status < 300)).toHaveLength(1);
});
