/** Tests that builds whose memo was encrypted with a missing key are still listed. */
import { randomUUID } from 'node:crypto';
import { createBuildLookup } from '../../../src/adapters/temporal/builds-there';
import { createPayloadCodec } from '../../../src/adapters/temporal/codec';
import { connectClient } from '../../../src/adapters/temporal/connect';
import { listOpenWork } from '../../../src/adapters/temporal/open-builds';
import { readPayloadKeys } from '../../../src/adapters/temporal/payload-keys';
import { BUILD_WORKFLOW } from '../../../src/workflows/messages';
import { serveApi } from '../../api/served';
import type { Api } from '../../api/served';
import { keyLine, writeKeys } from '../../payload-keys';
import { until } from '../../until';

let api: Api;
beforeAll(async () => {
  api = await serveApi();
});
afterAll(() => api?.stop());

test('S17: every list contains a build whose key is missing, and the other builds', async () => {
  const { client, config } = api.stack;
  const project = api.newProject();
  const { address = '', namespace, connection } = config.temporal;
  const codec = createPayloadCodec(readPayloadKeys(writeKeys(keyLine('gone'))));
  const otherClient = connectClient({ address, namespace, connection, codec });
  const taskQueue = `nobody-${randomUUID()}`;
  const workflowId = `${project}.secret`;
  await otherClient.client.workflow.start(BUILD_WORKFLOW, {
    workflowId,
    taskQueue,
    args: [{}],
    memo: { card: { a: 1 } },
  });
  try {
    const { list } = createBuildLookup(client);
    expect(
      await until(
        () => list(project, { running: true, limit: 10 }),
        ({ length }) => length > 0,
      ),
    ).toEqual(['secret']);
    const openWork = (await listOpenWork(client, taskQueue)).filter((one) => one.workflowId === workflowId);
    expect(openWork).toEqual([{ workflowId, isBuild: true, startedAt: expect.any(Number), state: null }]);
    const body = { build_id: 'open', user_id: 'ada', requirements: 'Dark mode' };
    expect((await api.post(`/api/workflows/${project}/start`, body)).status).toBe(201);
    const builds = await until(
      () => api.get(`/api/workflows?project_id=${project}`),
      (answer) => (answer.body.workflows as unknown[]).length > 0,
    );
    expect(builds).toMatchObject({ status: 200, body: { workflows: [{ workflow_id: `${project}.open` }] } });
  } finally {
    await client.workflow.getHandle(workflowId).terminate('the test ends');
    await otherClient.connection.close();
  }
});
