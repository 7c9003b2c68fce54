/**
 * The HTTP server of the app. Requests that node refuses before the app sees them are answered with a problem, too.
 */
import { STATUS_CODES, createServer } from 'node:http';
import type { Server, ServerOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { createApp } from './app';
import type { ApiDeps } from './deps';
import { Problem, problemBody } from './problems';

/** Time for the client to read the answer: closing while it still sends would reset the connection and lose the answer. */
const LINGER_MS = 1_000;
/** Longer than clients and proxies keep idle connections: if the server closes first, the next request may be lost. */
const KEEP_ALIVE_MS = 75_000;

export function createServerOf(deps: ApiDeps, options: ServerOptions = {}): Server {
  const app = createApp(deps);
  // Node would refuse a request without Host by an empty answer; the app refuses it with a problem.
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, ...options, requireHostHeader: false }, app);
  // HTTP allows to ignore an unknown Expect header.
  server.on('checkExpectation', app);
  const answeredSockets = new WeakSet<Duplex>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (answeredSockets.has(socket)) return;
    answeredSockets.add(socket);
    deps.log.info({ code: error.code }, 'a connection was ended: it sent no valid HTTP request');
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    socket.end(answerTo(error.code ?? ''));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
  return server;
}

/** True if an answer has begun: a second one would be written into it. `_httpMessage` is internal to node. */
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
      return new Problem('Request.TooSlow', 'the request was not complete in time');
    default:
      return new Problem('Request.Malformed', 'the request is not valid HTTP/1.1');
  }
}
