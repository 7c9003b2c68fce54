/** Runs a CONNECT proxy on a free port, like that of a company. It records the requests and connects all of them to one server. */
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';

export async function startTcpProxy(to: () => number) {
  const asked: string[] = [];
  const server = createServer().on('connect', (request, client, head) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    const out = connect(to(), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 OK\r\n\r\n');
      out.write(head);
      out.pipe(client).pipe(out);
    });
    out.on('error', () => client.destroy());
    client.on('error', () => out.destroy());
    client.on('close', () => out.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise<void>((resolve) => (server.closeAllConnections(), server.close(() => resolve())));
  return { port: (server.address() as AddressInfo).port, asked, stop };
}
