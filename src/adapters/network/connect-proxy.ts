/**
 * The only way out of the set-up step: an HTTP proxy of the worker on a Unix socket, which reaches the allowed servers.
 *
 * It passes bytes and reads none of them; what it refuses it remembers, for the message of a step that fails.
 */
import { createServer, request } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { chmod } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { permissionOf } from './allow-list';
import type { AllowedHost } from './allow-list';
import { openConnection } from './connect';
import type { Target } from './connect';
import type { ProxySettings } from './proxy-settings';

export interface ConnectProxyOptions {
  /** Path of the socket; its folder decides who may use it. */
  socket: string;
  allowed: readonly AllowedHost[];
  /** How the worker itself reaches other machines. */
  upstream: ProxySettings;
}
export interface ConnectProxy {
  /** `host:port` of each server that was asked for and is not allowed. */
  refused(): string[];
  close(): Promise<void>;
}

/** A socket path that is longer is refused by the kernel without a clear word. */
const MAX_SOCKET_BYTES = 107;

export async function openConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  if (Buffer.byteLength(options.socket) > MAX_SOCKET_BYTES) {
    throw new Error(
      `the folder for temporary files has a path that is too long for a socket: set TMPDIR to a shorter one`,
    );
  }
  const refused = new Set<string>();
  const open = new Set<Duplex>();
  const allow = (host: string, port: number): Target | undefined => {
    const permission = permissionOf(options.allowed, host, port);
    if (permission === undefined) refused.add(`${host}:${port}`);
    return permission === undefined ? undefined : { host, port, permission };
  };
  const server = createServer((asked, answer) => void passPlain({ options, allow }, asked, answer));
  server.on('connect', (asked: IncomingMessage, client: Duplex, head: Buffer) => {
    open.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => open.delete(client));
    void tunnel({ options, allow }, asked, { client, head });
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(options.socket, resolve));
  // The user of the sandbox is another one; the folder around the socket keeps everybody else away.
  await chmod(options.socket, 0o777);
  return {
    refused: () => [...refused].sort(),
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Door {
  options: ConnectProxyOptions;
  allow(host: string, port: number): Target | undefined;
}

async function tunnel(door: Door, asked: IncomingMessage, { client, head }: { client: Duplex; head: Buffer }) {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(asked.url ?? '') ?? [];
  const target = host === undefined ? undefined : door.allow(host, Number(port));
  if (target === undefined) return refuse(client, 403, `${asked.url ?? ''} is not allowed during set-up (SETUP_HOSTS)`);
  try {
    const server = await openConnection(target, door.options.upstream);
    server.on('error', () => client.destroy());
    server.once('close', () => client.destroy());
    client.once('close', () => server.destroy());
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) server.write(head);
    server.pipe(client).pipe(server);
  } catch (error) {
    refuse(
      client,
      502,
      `${asked.url ?? ''} cannot be reached: ${error instanceof Error ? error.message : 'no answer'}`,
    );
  }
}

function refuse(client: Duplex, status: number, why: string): void {
  const text = `${why.replace(/[\r\n]+/g, ' ')}\n`;
  const head = `HTTP/1.1 ${status} Refused\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(text)}`;
  client.end(`${head}\r\nConnection: close\r\n\r\n${text}`);
}

/** A registry without TLS is asked in the absolute form. */
async function passPlain(door: Door, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const url = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : undefined;
  const target = url?.protocol === 'http:' ? door.allow(url.hostname, Number(url.port) || 80) : undefined;
  if (url === undefined || target === undefined) {
    answer.writeHead(403).end(`${asked.url ?? ''} is not allowed during set-up (SETUP_HOSTS)\n`);
    return;
  }
  try {
    const socket = await openConnection(target, door.options.upstream);
    const { 'proxy-connection': _, ...headers } = asked.headers;
    const onward = request({
      ...{ createConnection: () => socket, method: asked.method, path: `${url.pathname}${url.search}` },
      headers: { ...headers, host: url.host, connection: 'close' },
    });
    onward.once('response', (reply) => {
      answer.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(answer);
    });
    onward.once('error', () => answer.destroy());
    answer.once('close', () => onward.destroy());
    asked.pipe(onward);
  } catch (error) {
    answer
      .writeHead(502)
      .end(`${url.host} cannot be reached: ${error instanceof Error ? error.message : 'no answer'}\n`);
  }
}
