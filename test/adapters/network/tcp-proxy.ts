/** Runs a CONNECT proxy on a free port, like that of a company. It records the requests and connects all of them to one server. */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';

export async function startTcpProxy(targetPort: () => number) {
  const requests: string[] = [];
  const server = createServer().on('connect', (request, client, head) => {
    requests.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    const target = connect(targetPort(), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      target.write(head);
      target.pipe(client).pipe(target);
    });
    target.on('error', () => client.destroy());
    client.on('error', () => target.destroy());
    client.on('close', () => target.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve())));
  return { port: (server.address() as AddressInfo).port, requests, stop };
}
