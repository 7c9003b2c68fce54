/**
 * A receiver of webhooks for tests: a real HTTP server that keeps what it is sent, and answers as the test says.
 */
import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The status that was answered. */
  status: number;
  at: number;
}

export interface Receiver {
  port: number;
  url: string;
  received: Received[];
  stop(): Promise<void>;
}

/** `answer`: gives the status, and headers where the test needs them, of the answer to a request. Default: always 204. */
export async function startReceiver(
  answer: (one: Omit<Received, 'status'>) => number | { status: number; headers: Record<string, string> } = () => 204,
): Promise<Receiver> {
  const received: Received[] = [];
  const server: Server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const one = {
        path: req.url ?? '',
        headers: req.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        at: Date.now(),
      };
      const given = answer(one);
      const { status, headers } = typeof given === 'number' ? { status: given, headers: {} } : given;
      received.push({ ...one, status });
      res.writeHead(status, headers).end();
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ port, url: `http://127.0.0.1:${port}`, received },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
