/**
 * Runs a real HTTP server that answers each request with the next of the given replies, which may be malformed.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Reply = (response: ServerResponse, request: Request) => void;
export interface Request {
  headers: IncomingHttpHeaders;
  body: string;
}

export interface FaultyServer {
  origin: string;
  /** The received requests, in order. */
  requests: Request[];
  /** Settles when a request has arrived and its reply has started. */
  arrived: Promise<void>;
  close(): Promise<void>;
}

export async function faultyServer(...replies: Reply[]): Promise<FaultyServer> {
  const requests: FaultyServer['requests'] = [];
  let markArrived = (): void => {};
  const arrived = new Promise<void>((resolve) => (markArrived = resolve));
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const received = { headers: request.headers, body: Buffer.concat(parts).toString() };
      requests.push(received);
      const reply = replies[requests.length - 1] ?? status(418);
      reply(response, received);
      markArrived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    arrived,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A text of the provider, which must not appear in any failure. */
export const PROVIDER_TEXT = 'sk-live-SECRET said the provider';

export function status(code: number, headers: Record<string, string> = {}, message = PROVIDER_TEXT): Reply {
  return (response) => {
    response.writeHead(code, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ type: 'error', error: { type: 'some_error', message } }));
  };
}

export function events(parts: string[]): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.end(parts.join(''));
  };
}

/** Sends the parts and then closes the connection abruptly. */
export function cutAfter(parts: string[]): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(parts.join(''), () => response.destroy());
  };
}

/** Sends the parts and then keeps the connection open without sending more. */
export function hangAfter(parts: string[]): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(parts.join(''));
  };
}

export function silence(): Reply {
  return () => {};
}

/** Sends a part again and again and never ends. */
export function trickle(part: string, everyMs: number): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const timer = setInterval(() => response.write(part), everyMs);
    response.on('close', () => clearInterval(timer));
  };
}

export function page(): Reply {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' });
    response.end(`<html><body>${PROVIDER_TEXT}</body></html>`);
  };
}

export function reset(): Reply {
  return (response) => response.destroy();
}
