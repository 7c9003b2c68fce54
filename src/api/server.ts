/**
 * The HTTP server around the app: what node refuses before the app sees it is a problem like any other.
 */
import { STATUS_CODES, createServer } from 'node:http';
import type { Server, ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { createApp } from './app';
import type { ApiDeps } from './deps';
import { Problem, problemBody } from './problems';

/** Time for the caller to read the answer: closing on what it still sends would take the answer away. */
const LINGER_MS = 1_000;
/** Longer than clients and proxies keep a connection unused: one that the server closes first may lose the next request on it. */
const KEEP_ALIVE_MS = 75_000;

export function createServerOf(deps: ApiDeps, options: ServerOptions = {}): Server {
  const app = createApp(deps);
  // Node would answer with nothing in it; the app refuses a request without Host in words.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, ...options, requireHostHeader: false }, app);
  // An expectation that nobody knows may be ignored.
  server.on('checkExpectation', app);
  const answered = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (answered.has(socket)) return;
    answered.add(socket);
    deps.log.info({ code: error.code }, 'a connection was ended: what came is no request');
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    socket.end(answerTo(error.code ?? ''));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
  return server;
}

/** Node's own mark: a second answer would stand in the middle of the first. */
function isAnswering(socket: Duplex): boolean {
  const { _httpMessage: answer } = socket as { _httpMessage?: { headersSent?: boolean } | null };
  return answer?.headersSent === true;
}

function answerTo(code: string): string {
  const problem = problemOf(code);
  const { status, text } = problemBody(problem);
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/problem+json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(text)}`,
    'Connection: close',
    '',
    text,
  ].join('\r\n');
}

function problemOf(code: string): Problem {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Problem('Request.HeadersTooLarge', 'address and headers may have at most 16 KiB together');
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Problem('Request.TooLarge', 'the extensions of the chunks are too large');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Problem('Request.TooSlow', 'the request did not come to its end in time');
    default:
      return new Problem('Request.Malformed', 'this is not HTTP/1.1 as it is written');
  }
}
