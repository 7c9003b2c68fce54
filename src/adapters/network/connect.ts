/**
 * Opens a connection to a server: directly, or through the proxy that the worker itself must use.
 *
 * A name is resolved once, and the connection goes to the address that was checked. So a second, different answer of the DNS
 * server (DNS rebinding) has no effect.
 */
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { addressIn, bareHost } from '../../inspect/inside-address';
import type { Permission } from './allow-list';
import { isPrivateAddress, isPrivateHost } from './own-machine';
import { proxyFor } from './proxy-settings';
import type { ProxySettings } from './proxy-settings';

export interface Target {
  host: string;
  port: number;
  permission: Permission;
}
/** How the worker reaches other machines. */
export interface NetworkAccess {
  /** The proxy that the worker must use. */
  upstream: ProxySettings;
  /** Returns all addresses of a name. Default: the resolver of the system. */
  resolve?: ((host: string) => Promise<string[]>) | undefined;
  /** Opens a TCP connection. Default: `connect` of Node. */
  dial?: ((at: { host: string; port: number }) => Socket) | undefined;
}

const CONNECT_TIMEOUT_MS = 30_000;

/** The server was refused because of its private address. */
export class PrivateAddress extends Error {
  constructor(host: string) {
    super(`${host} leads to this machine or a private network; the worker's settings must name such a server in full`);
  }
}

/** The proxy that the worker must use refused the connection, or cannot be reached. */
export class UpstreamRefusal extends Error {
  constructor(outcome: string) {
    super(`the worker's own proxy ${outcome}`);
  }
}

/** Throws if no connection can be opened, with a message for the log; throws PrivateAddress if the address is the reason. */
export async function openConnection(target: Target, access: NetworkAccess): Promise<Socket> {
  const { host, port, permission } = target;
  if (permission !== 'exact' && isPrivateHost(host)) throw new PrivateAddress(host);
  const proxy = proxyFor(access.upstream, { host, port });
  if (proxy !== undefined) return connectThroughProxy(target, proxy);
  const usable = await usableAddresses(target, access);
  if (usable.length === 0) throw new PrivateAddress(host);
  let lastError: unknown;
  for (const address of usable) {
    try {
      return await whenConnected((access.dial ?? connectTcp)({ host: address, port }), 'connect');
    } catch (error) {
      lastError = error;
    }
  }
  throw lastError;
}

async function usableAddresses(
  { host, permission }: Target,
  { resolve = resolveName }: NetworkAccess,
): Promise<string[]> {
  const address = addressIn(bareHost(host));
  const addresses = address === undefined ? await resolve(host) : [address];
  return permission === 'exact' ? addresses : addresses.filter((found) => !isPrivateAddress(found));
}

async function resolveName(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** Connects through the worker's proxy. That proxy resolves the name, so it alone can refuse a private address. */
async function connectThroughProxy({ host, port }: Target, proxy: URL): Promise<Socket> {
  const proxyPort = Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80);
  const address = { host: proxy.hostname.replace(/^\[|\]$/g, ''), port: proxyPort };
  const socket = await connectToProxy(proxy, address).catch((error: Error) => {
    throw new UpstreamRefusal(`cannot be reached: ${error.message}`);
  });
  const authority = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const user = decodeURIComponent(proxy.username);
  const credentials = Buffer.from(`${user}:${decodeURIComponent(proxy.password)}`).toString('base64');
  const authorization = user === '' ? '' : `Proxy-Authorization: Basic ${credentials}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const head = await readHead(socket);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === '200') return socket;
  socket.destroy();
  throw new UpstreamRefusal(`answered ${status ?? 'nothing readable'} for ${authority}`);
}

function connectToProxy({ protocol }: URL, address: { host: string; port: number }): Promise<Socket> {
  if (protocol !== 'https:') return whenConnected(connectTcp(address), 'connect');
  const servername = isIP(address.host) === 0 ? address.host : undefined;
  return whenConnected(connectTls({ ...address, servername }), 'secureConnect');
}

function whenConnected<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error('it did not answer in time')));
    socket.once('error', reject);
    socket.once(event, () => {
      socket.setTimeout(0);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** Reads the head of the proxy's answer, up to the empty line. Bytes after it go back into the socket. */
function readHead(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (settle: () => void): void => {
      socket.removeListener('data', onData);
      socket.removeListener('error', reject);
      socket.removeListener('close', onClose);
      settle();
    };
    const onClose = (): void => end(() => reject(new UpstreamRefusal('closed the connection')));
    const onData = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd === -1 && text.length < 16_384) return;
      socket.pause();
      const bytesAfterHead = Buffer.from(text.slice(headEnd + 4), 'latin1');
      if (headEnd !== -1 && bytesAfterHead.length > 0) socket.unshift(bytesAfterHead);
      end(() => resolve(text.slice(0, headEnd)));
    };
    socket.on('data', onData);
    socket.once('error', reject);
    socket.once('close', onClose);
  });
}
