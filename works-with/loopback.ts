/**
 * Starts an HTTP server on a free loopback port, for mock models and for the proxy that records calls.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Served {
  /** The address, as a value for COMPATIBLE_BASE_URL. */
  baseUrl: string;
  /** Stops the server and closes open connections. */
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
