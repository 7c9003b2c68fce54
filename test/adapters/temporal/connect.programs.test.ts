/** Tests connections, and search attributes on a server that is not embedded. */
import { createServer, type Socket } from 'node:net';
import {
  connectClient,
  connectWorker,
  assertReachable,
  type TemporalTarget,
} from '../../../src/adapters/temporal/connect';
import { createCommand, ensureSearchAttributes } from '../../../src/adapters/temporal/search-attributes';
import { findFreePort } from '../../../src/adapters/temporal/ports';

const target = (address = process.env.TEST_TEMPORAL_ADDRESS ?? ''): TemporalTarget => ({
  address,
  namespace: 'default',
  connection: {},
});

test('client and worker connect to a server that answers', async () => {
  const { connection } = connectClient(target());
  await assertReachable(connection, target());
  await connection.close();
  await (await connectWorker(target())).close();
});

test('a missing server is an error of one line for client and worker', async () => {
  const missingServer = target(`127.0.0.1:${await findFreePort()}`);
  const { connection } = connectClient(missingServer);
  const line = new RegExp(`^cannot reach Temporal at ${missingServer.address} \\(namespace default\\): .+$`);
  await expect(assertReachable(connection, missingServer)).rejects.toThrow(line);
  await connection.close();
  await expect(connectWorker(missingServer)).rejects.toThrow(line);
});

test('a server that accepts connections and does not answer is an error within seconds', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => void sockets.push(socket));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const silentTarget = target(`127.0.0.1:${(silent.address() as { port: number }).port}`);
  const { connection } = connectClient(silentTarget);
  const startMs = Date.now();
  await expect(assertReachable(connection, silentTarget)).rejects.toThrow('cannot reach Temporal at');
  expect(Date.now() - startMs).toBeLessThan(20_000);
  await connection.close();
  sockets.forEach((socket) => socket.destroy());
  silent.close();
});

test('the error for a missing namespace names it', async () => {
  const wrongTarget = { ...target(), namespace: 'nowhere' };
  const { connection } = connectClient(wrongTarget);
  await expect(assertReachable(connection, wrongTarget)).rejects.toThrow(/\(namespace nowhere\): .*not found/i);
  await connection.close();
});

test('search attributes that the server lacks are registered', async () => {
  const { connection } = connectClient(target());
  const namespace = `attributes-${process.pid}`;
  await connection.workflowService.registerNamespace({
    namespace,
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  expect(await ensureSearchAttributes({ connection, namespace, log })).toEqual({ missing: [] });
  expect(lines).toEqual([]);
  await connection.close();
});

test('if search attributes cannot be registered, one warning names the command that does it', async () => {
  const { connection } = connectClient(target());
  const lines: string[] = [];
  const log = (line: string) => void lines.push(line);
  const { missing } = await ensureSearchAttributes({ connection, namespace: 'nowhere', log });
  expect(missing).toContain('ProjectId');
  expect(lines).toEqual([expect.stringContaining(createCommand(missing, 'nowhere'))]);
  await connection.close();
});
