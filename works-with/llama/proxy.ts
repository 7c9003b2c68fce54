/**
 * A proxy before the inference server: forwards every byte at once, and stores each request with its answer.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { serveOnLoopback } from '../loopback';
import type { Served } from '../loopback';
import { exchangeOf } from './exchange';
import type { Exchange } from './exchange';

export interface Proxy extends Served {
  /** The exchanges, in the order in which they ended. */
  exchanges: Exchange[];
}

export async function startProxy(origin: string): Promise<Proxy> {
  const exchanges: Exchange[] = [];
  const server = createServer((request, response) => {
    void forwardRequest(origin, request, response).then(
      (rawExchange) => {
        const exchange = exchangeOf(rawExchange);
        if (exchange !== null) exchanges.push(exchange);
        response.end();
      },
      () => response.destroy(),
    );
  });
  return { ...(await serveOnLoopback(server)), exchanges };
}

/** Stores the exchange before the caller gets the end of the answer. Rejects if either side closes the connection early. */
async function forwardRequest(origin: string, request: IncomingMessage, response: ServerResponse) {
  const startedAt = performance.now();
  const caller = new AbortController();
  response.once('close', () => caller.abort());
  const body = await text(request);
  const answer = await fetch(origin + request.url, {
    method: request.method ?? 'GET',
    headers: { 'content-type': 'application/json' },
    ...(body === '' ? {} : { body }),
    signal: caller.signal,
  });
  response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' });
  const parts: Uint8Array[] = [];
  for await (const part of answer.body ?? []) {
    parts.push(part as Uint8Array);
    response.write(part);
  }
  return {
    request: body,
    status: answer.status,
    answer: Buffer.concat(parts).toString('utf8'),
    seconds: (performance.now() - startedAt) / 1_000,
  };
}
