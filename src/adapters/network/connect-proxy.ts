/**
 * Runs an HTTP proxy in the worker. A step can reach the network only through it: by CONNECT for TLS, and by requests in
 * absolute form for servers without TLS.
 *
 * The proxy does not inspect the bytes. Its caller decides which servers may be reached; the proxy records refused ones.
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
import type { Target, NetworkAccess } from './connect';
import { createTraffic } from './traffic';
import type { Traffic } from './traffic';

/** The rules of a proxy: which servers it connects to, and for which clients. */
export interface ProxyRules extends NetworkAccess {
  /** Returns undefined if the server must not be reached. */
  permit(host: string, port: number): Permission | undefined | Promise<Permission | undefined>;
  /** Ends the message to a refused client: the reason, and the setting that allows the server. */
  remedy: string;
  /** Undefined: every client that reaches the proxy may use it. */
  mayUse?: ((request: IncomingMessage) => boolean) | undefined;
  /** True: the proxy accepts CONNECT only, and refuses requests in absolute form. */
  tunnelsOnly?: boolean | undefined;
}
export interface ConnectProxyOptions extends NetworkAccess {
  /** Path of the Unix socket. The permissions of its folder decide who may use the proxy. */
  socket: string;
  /** The servers of the worker's configuration. */
  allowedHosts: readonly AllowedHost[];
  /** If set, a server must be in this list, too. */
  onlyHosts?: readonly AllowedHost[] | undefined;
  /** The setting that allows a server. Refusals name it. */
  setting: 'SETUP_HOSTS' | 'RELEASE_HOSTS';
}
export interface ConnectProxy {
  /** The first servers that were refused, as `host:port`. */
  refusedServers(): string[];
  fetched: Traffic['read'];
  close(): Promise<void>;
}

/** The kernel refuses a longer path of a Unix socket, with an unclear error. */
const MAX_SOCKET_BYTES = 107;
/** Each connection takes two file descriptors of the worker. Package managers open fewer than a hundred at once. */
const MAX_CONNECTIONS = 256;

export async function openConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  if (Buffer.byteLength(options.socket) > MAX_SOCKET_BYTES) {
    throw new Error(
      `the path of the folder for temporary files is too long for a socket: set TMPDIR to a shorter path`,
    );
  }
  const { allowedHosts, onlyHosts = allowedHosts, setting, socket, ...access } = options;
  const { server, traffic, end } = createProxyServer({
    ...access,
    permit: (host, port) =>
      permissionOf(onlyHosts, host, port) === undefined ? undefined : permissionOf(allowedHosts, host, port),
    remedy: `is not allowed ${OCCASION[setting]} (${setting})`,
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  // The sandbox runs as another user. The permissions of the folder keep other users away from the socket.
  await chmod(socket, 0o777);
  return { refusedServers: () => traffic.read().refused, fetched: traffic.read, close: end };
}

const OCCASION = { SETUP_HOSTS: 'during set-up', RELEASE_HOSTS: 'for a release' };

interface ProxyServer {
  server: Server;
  traffic: Traffic;
  end(): Promise<void>;
}

/** Creates a proxy server that does not listen yet. */
export function createProxyServer(rules: ProxyRules): ProxyServer {
  const traffic = createTraffic();
  const openSockets = new Set<Duplex>();
  const context: ProxyContext = { rules, traffic };
  const server = createServer((incoming, answer) => void handlePlainRequest(context, incoming, answer));
  server.maxConnections = MAX_CONNECTIONS;
  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    openSockets.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => openSockets.delete(client));
    void tunnel(context, incoming, { client, head });
  });
  server.on('connection', (socket) => {
    openSockets.add(socket);
    socket.once('close', () => openSockets.delete(socket));
  });
  const end = async (): Promise<void> => {
    for (const socket of openSockets) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { server, traffic, end };
}

interface ProxyContext {
  rules: ProxyRules;
  traffic: Traffic;
}

async function targetOf({ rules, traffic }: ProxyContext, host: string, port: number): Promise<Target | undefined> {
  const permission = await rules.permit(host, port);
  if (permission === undefined) traffic.recordRefusal(`${host}:${port}`);
  return permission === undefined ? undefined : { host, port, permission };
}

/** Opens a connection to the server and counts its traffic. */
async function connectTo({ rules, traffic }: ProxyContext, target: Target) {
  const server = `${target.host}:${target.port}`;
  try {
    const socket = await openConnection(target, rules);
    traffic.recordConnection(server, socket);
    return socket;
  } catch (error) {
    if (error instanceof PrivateAddress) traffic.recordRefusal(server);
    throw error;
  }
}

/** The target of a CONNECT request: a host name or an IP address, and a port. */
const AUTHORITY = /^(?:\[([0-9a-f:.]{2,45})\]|([0-9a-z._-]{1,253})):(\d{1,5})$/i;

async function tunnel(
  context: ProxyContext,
  incoming: IncomingMessage,
  { client, head }: { client: Duplex; head: Buffer },
) {
  const { rules } = context;
  const authority = incoming.url ?? '';
  if (rules.mayUse?.(incoming) === false) return refuse(client, 407, "only the worker's own git may use this proxy");
  try {
    const [, ipv6, name, port] = AUTHORITY.exec(authority) ?? [];
    const host = ipv6 ?? name;
    if (host === undefined) context.traffic.recordRefusal(authority);
    const target = host === undefined ? undefined : await targetOf(context, host, Number(port));
    if (target === undefined) return refuse(client, 403, `${authority} ${rules.remedy}`);
    const server = await connectTo(context, target);
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

/** Repeats the reason in the status line, because git and ssh show only that line. */
function refuse(client: Duplex, status: number, why: string): void {
  const text = why.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 400);
  const challenge = status === 407 ? 'Proxy-Authenticate: Basic realm="worker"\r\n' : '';
  const head = `HTTP/1.1 ${status} ${text}\r\n${challenge}Content-Type: text/plain\r\nContent-Length: ${text.length + 1}`;
  client.end(`${head}\r\nConnection: close\r\n\r\n${text}\n`);
}

/** Handles a request in absolute form, as clients send it for a server without TLS. */
async function handlePlainRequest(
  context: ProxyContext,
  incoming: IncomingMessage,
  answer: ServerResponse,
): Promise<void> {
  const { rules } = context;
  const url = URL.canParse(incoming.url ?? '') ? new URL(incoming.url ?? '') : undefined;
  const isHttp = url?.protocol === 'http:' && rules.tunnelsOnly !== true;
  try {
    const target = isHttp
      ? await targetOf(context, url.hostname.replace(/^\[|\]$/g, ''), Number(url.port) || 80)
      : undefined;
    if (url === undefined || target === undefined) {
      answer.writeHead(403).end(`${incoming.url ?? ''} ${rules.remedy}\n`);
      return;
    }
    forwardRequest(url, await connectTo(context, target), { incoming, answer });
  } catch (error) {
    answer.writeHead(statusOf(error)).end(`${incoming.url} cannot be reached: ${wordsOf(error)}\n`);
  }
}

/**
 * Forwards a request. Neither side is trusted: Node throws when it writes an invalid status or header, and an error thrown in an
 * event handler would end the worker.
 */
function forwardRequest(
  url: URL,
  socket: Socket,
  { incoming, answer }: { incoming: IncomingMessage; answer: ServerResponse },
): void {
  const forwarded = request({
    ...{ createConnection: () => socket, method: incoming.method, path: `${url.pathname}${url.search}` },
    headers: { ...endToEndHeaders(incoming.headers), host: url.host, connection: 'close' },
  });
  forwarded.once('response', (reply) => {
    try {
      answer.writeHead(reply.statusCode ?? 0, endToEndHeaders(reply.headers));
      reply.pipe(answer);
    } catch {
      forwarded.destroy();
      answer.writeHead(502).end(`${url.host} gave an answer that is not HTTP\n`);
    }
  });
  // The rules allow HTTP only, so a switch to another protocol ends the connection.
  forwarded.once('upgrade', () => {
    socket.destroy();
    answer.destroy();
  });
  forwarded.once('error', () => answer.destroy());
  answer.once('close', () => forwarded.destroy());
  incoming.pipe(forwarded);
}

/** Headers that hold for one connection only (RFC 9110, 7.6.1). `transfer-encoding` stays, because Node reads and writes it. */
const CONNECTION_HEADERS = [
  ...['connection', 'keep-alive', 'upgrade', 'te', 'trailer'],
  ...['proxy-connection', 'proxy-authorization', 'proxy-authenticate'],
];
/** Headers that must stay: without them Node would not know where a body ends. */
const BODY_LENGTH_HEADERS = ['content-length', 'transfer-encoding'];

/** Removes the headers that concern only the connection between the client and the proxy, or the proxy and the server. */
function endToEndHeaders({ ...headers }: IncomingMessage['headers']): IncomingMessage['headers'] {
  const connectionNames = (headers.connection ?? '').toLowerCase().split(/[\s,]+/);
  for (const name of [...CONNECTION_HEADERS, ...connectionNames])
    if (!BODY_LENGTH_HEADERS.includes(name)) delete headers[name];
  return headers;
}

/** git shows only the status of a refusal. workspace/explain-fetch.ts turns 530, 531 and 502 back into a reason. */
function statusOf(error: unknown): number {
  if (error instanceof PrivateAddress) return 403;
  if (error instanceof UpstreamRefusal) return 531;
  return isCode(error, 'ENOTFOUND', 'EAI_AGAIN') ? 530 : 502;
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'no answer';
}
