/**
 * The HTTP proxy of the worker, which is the only way out of a step: by CONNECT, and in the absolute form for servers without TLS.
 *
 * It passes bytes and reads none of them. Who may be reached is its caller's to say; what it refuses it remembers.
 */
import { createServer, request } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { chmod } from 'node:fs/promises';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { isCode } from '../machine/errno';
import { permissionOf } from './allow-list';
import type { AllowedHost, Permission } from './allow-list';
import { openConnection, PrivateAddress, UpstreamRefusal } from './connect';
import type { Target, Way } from './connect';
import { createTraffic } from './traffic';
import type { Traffic } from './traffic';

/** What a proxy lets through. */
export interface Door extends Way {
  /** Undefined: not to be reached. */
  permit(host: string, port: number): Permission | undefined | Promise<Permission | undefined>;
  /** What the client is told where it is refused: what helps. */
  remedy: string;
  /** Undefined: all may use it who reach it. */
  mayUse?: ((request: IncomingMessage) => boolean) | undefined;
  /** True: nothing but tunnels. */
  tunnelsOnly?: boolean | undefined;
}
export interface ConnectProxyOptions extends Way {
  /** Path of the socket; its folder decides who may use it. */
  socket: string;
  allowed: readonly AllowedHost[];
  /** Of these, only the ones that this list has, too. */
  narrowed?: readonly AllowedHost[] | undefined;
  /** The setting that lets a server through. */
  setting: 'SETUP_HOSTS' | 'RELEASE_HOSTS';
}
export interface ConnectProxy {
  /** `host:port` of servers that were asked for and are not allowed, the first ones. */
  refused(): string[];
  fetched: Traffic['read'];
  close(): Promise<void>;
}

/** A socket path that is longer is refused by the kernel without a clear word. */
const MAX_SOCKET_BYTES = 107;
/** Each takes two descriptors of the worker; package managers use fewer than a hundred at once. */
const MAX_CONNECTIONS = 256;

export async function openConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  if (Buffer.byteLength(options.socket) > MAX_SOCKET_BYTES) {
    throw new Error(
      `the folder for temporary files has a path that is too long for a socket: set TMPDIR to a shorter one`,
    );
  }
  const { allowed, narrowed = allowed, setting, socket, ...way } = options;
  const { server, traffic, end } = createProxyServer({
    ...way,
    permit: (host, port) =>
      permissionOf(narrowed, host, port) === undefined ? undefined : permissionOf(allowed, host, port),
    remedy: `is not allowed ${STEP[setting]} (${setting})`,
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  // The user of the sandbox is another one; the folder around the socket keeps everybody else away.
  await chmod(socket, 0o777);
  return { refused: () => traffic.read().refused, fetched: traffic.read, close: end };
}

const STEP = { SETUP_HOSTS: 'during set-up', RELEASE_HOSTS: 'for a release' };

interface ProxyServer {
  server: Server;
  traffic: Traffic;
  end(): Promise<void>;
}

/** Not listening yet. */
export function createProxyServer(door: Door): ProxyServer {
  const traffic = createTraffic();
  const open = new Set<Duplex>();
  const at: Passage = { door, traffic };
  const server = createServer((asked, answer) => void passPlain(at, asked, answer));
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connect', (asked: IncomingMessage, client: Duplex, head: Buffer) => {
    open.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => open.delete(client));
    void tunnel(at, asked, { client, head });
  });
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  const end = async (): Promise<void> => {
    for (const socket of open) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { server, traffic, end };
}

interface Passage {
  door: Door;
  traffic: Traffic;
}

async function targetOf({ door, traffic }: Passage, host: string, port: number): Promise<Target | undefined> {
  const permission = await door.permit(host, port);
  if (permission === undefined) traffic.refuse(`${host}:${port}`);
  return permission === undefined ? undefined : { host, port, permission };
}

/** Connects, and notes what comes and goes. */
async function reach({ door, traffic }: Passage, target: Target) {
  const server = `${target.host}:${target.port}`;
  try {
    const socket = await openConnection(target, door);
    traffic.opened(server, socket);
    return socket;
  } catch (error) {
    if (error instanceof PrivateAddress) traffic.refuse(server);
    throw error;
  }
}

/** A name or an address, and a port: what else stands there is no server. */
const AUTHORITY = /^(?:\[([0-9a-f:.]{2,45})\]|([0-9a-z._-]{1,253})):(\d{1,5})$/i;

async function tunnel(at: Passage, asked: IncomingMessage, { client, head }: { client: Duplex; head: Buffer }) {
  const { door } = at;
  const authority = asked.url ?? '';
  if (door.mayUse?.(asked) === false) return refuse(client, 407, 'this proxy is for git of the worker alone');
  try {
    const [, six, name, port] = AUTHORITY.exec(authority) ?? [];
    const host = six ?? name;
    if (host === undefined) at.traffic.refuse(authority);
    const target = host === undefined ? undefined : await targetOf(at, host, Number(port));
    if (target === undefined) return refuse(client, 403, `${authority} ${door.remedy}`);
    const server = await reach(at, target);
    server.on('error', () => client.destroy());
    server.once('close', () => client.destroy());
    client.once('close', () => server.destroy());
    if (client.destroyed) return void server.destroy();
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) server.write(head);
    server.pipe(client).pipe(server);
  } catch (error) {
    refuse(client, statusOf(error), `${authority} cannot be reached: ${wordsOf(error)}`);
  }
}

/** The reason stands in the first line, too: that is all that git and ssh show of it. */
function refuse(client: Duplex, status: number, why: string): void {
  const text = why.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 400);
  const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="worker"\r\n' : '';
  const head = `HTTP/1.1 ${status} ${text}\r\n${challenge}Content-Type: text/plain\r\nContent-Length: ${text.length + 1}`;
  client.end(`${head}\r\nConnection: close\r\n\r\n${text}\n`);
}

/** A registry without TLS is asked in the absolute form. */
async function passPlain(at: Passage, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { door } = at;
  const url = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : undefined;
  const isHttp = url?.protocol === 'http:' && door.tunnelsOnly !== true;
  try {
    const target = isHttp
      ? await targetOf(at, url.hostname.replace(/^\[|\]$/g, ''), Number(url.port) || 80)
      : undefined;
    if (url === undefined || target === undefined) {
      answer.writeHead(403).end(`${asked.url ?? ''} ${door.remedy}\n`);
      return;
    }
    ask(url, await reach(at, target), { asked, answer });
  } catch (error) {
    answer.writeHead(statusOf(error)).end(`${asked.url} cannot be reached: ${wordsOf(error)}\n`);
  }
}

/** Both sides are strangers: what node does not write throws, and in the handler of an event that would end the worker. */
function ask(url: URL, socket: Socket, { asked, answer }: { asked: IncomingMessage; answer: ServerResponse }): void {
  const onward = request({
    ...{ createConnection: () => socket, method: asked.method, path: `${url.pathname}${url.search}` },
    headers: { ...endToEnd(asked.headers), host: url.host, connection: 'close' },
  });
  onward.once('response', (reply) => {
    try {
      answer.writeHead(reply.statusCode ?? 0, endToEnd(reply.headers));
      reply.pipe(answer);
    } catch {
      onward.destroy();
      answer.writeHead(502).end(`${url.host} gave an answer that is no HTTP\n`);
    }
  });
  // No step was let through to speak anything else.
  onward.once('upgrade', () => {
    socket.destroy();
    answer.destroy();
  });
  onward.once('error', () => answer.destroy());
  answer.once('close', () => onward.destroy());
  asked.pipe(onward);
}

/** Of one connection alone (RFC 9110, 7.6.1), but for the coding of the body, which node reads and writes. */
const OF_ONE_CONNECTION = [
  ...['connection', 'keep-alive', 'upgrade', 'te', 'trailer'],
  ...['proxy-connection', 'proxy-authorization', 'proxy-authenticate'],
];
/** Without them node would not know where a body ends. */
const OF_THE_BODY = ['content-length', 'transfer-encoding'];

/** What is said to the proxy is not said to the server, and the other way round. */
function endToEnd({ ...headers }: IncomingMessage['headers']): IncomingMessage['headers'] {
  const named = (headers.connection ?? '').toLowerCase().split(/[\s,]+/);
  for (const name of [...OF_ONE_CONNECTION, ...named]) if (!OF_THE_BODY.includes(name)) delete headers[name];
  return headers;
}

/** git shows the number and not the words; workspace/explain-fetch.ts knows what each says. */
function statusOf(error: unknown): number {
  if (error instanceof PrivateAddress) return 403;
  if (error instanceof UpstreamRefusal) return 531;
  return isCode(error, 'ENOTFOUND', 'EAI_AGAIN') ? 530 : 502;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no answer';
}
