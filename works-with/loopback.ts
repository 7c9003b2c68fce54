/**
 * A server on a free port of this machine, for models to be played or watched.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
  /** As COMPATIBLE_BASE_URL takes it. */
  baseUrl: string;
  /** Open connections are cut. */
  stop(): Promise<void>;
}

export async function serveOnLoopback(server: Server): Promise<Served> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
