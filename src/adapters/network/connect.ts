/**
 * Opens a connection to a server: directly, or through the proxy that the worker itself must use.
 *
 * A name is looked up once, and the connection goes to an address that was judged: a later answer of its name server changes nothing.
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
export interface Way {
  /** The proxy that it must use. */
  upstream: ProxySettings;
  /** All addresses of a name; the system's resolver where it is left out. */
  resolve?: ((host: string) => Promise<string[]>) | undefined;
  /** Node's own where it is left out. */
  dial?: ((at: { host: string; port: number }) => Socket) | undefined;
}

const TIMEOUT_MS = 30_000;

/** A server that is not reached because of its address. */
export class PrivateAddress extends Error {
  constructor(host: string) {
    super(`${host} leads to this machine or a private network, which only a full name in the worker's settings may`);
  }
}

/** The proxy that the worker must use does not let it through, or is not there. */
export class UpstreamRefusal extends Error {
  constructor(what: string) {
    super(`the worker's own proxy ${what}`);
  }
}

/** Throws where there is no connection, with a sentence for the log; PrivateAddress where its address is the reason. */
export async function openConnection(target: Target, way: Way): Promise<Socket> {
  const { host, port, permission } = target;
  if (permission !== 'exact' && isPrivateHost(host)) throw new PrivateAddress(host);
  const proxy = proxyFor(way.upstream, { host, port });
  if (proxy !== undefined) return throughProxy(target, proxy);
  const usable = await usableAddresses(target, way);
  if (usable.length === 0) throw new PrivateAddress(host);
  let last: unknown;
  for (const address of usable) {
    try {
      return await opened((way.dial ?? connectTcp)({ host: address, port }), 'connect');
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

async function usableAddresses({ host, permission }: Target, { resolve = resolveName }: Way): Promise<string[]> {
  const address = addressIn(bareHost(host));
  const addresses = address === undefined ? await resolve(host) : [address];
  return permission === 'exact' ? addresses : addresses.filter((one) => !isPrivateAddress(one));
}

async function resolveName(host: string): Promise<string[]> {
  return (await lookup(host, { all: true })).map(({ address }) => address);
}

/** The worker's proxy resolves the name, so a private address is its own to refuse. */
async function throughProxy({ host, port }: Target, proxy: URL): Promise<Socket> {
  const proxyPort = Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80);
  const at = { host: proxy.hostname.replace(/^\[|\]$/g, ''), port: proxyPort };
  const socket = await openedTo(proxy, at).catch((error: Error) => {
    throw new UpstreamRefusal(`cannot be reached: ${error.message}`);
  });
  const place = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const user = decodeURIComponent(proxy.username);
  const word = Buffer.from(`${user}:${decodeURIComponent(proxy.password)}`).toString('base64');
  const authorization = user === '' ? '' : `Proxy-Authorization: Basic ${word}\r\n`;
  socket.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n${authorization}\r\n`);
  const head = await readHead(socket);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === '200') return socket;
  socket.destroy();
  throw new UpstreamRefusal(`answered ${status ?? 'nothing readable'} for ${place}`);
}

function openedTo({ protocol }: URL, at: { host: string; port: number }): Promise<Socket> {
  if (protocol !== 'https:') return opened(connectTcp(at), 'connect');
  return opened(connectTls({ ...at, servername: isIP(at.host) === 0 ? at.host : undefined }), 'secureConnect');
}

function opened<S extends Socket>(socket: S, event: 'connect' | 'secureConnect'): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('it did not answer in time')));
    socket.once('error', reject);
    socket.once(event, () => {
      socket.setTimeout(0);
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** The answer up to its empty line; what follows goes back into the socket. */
function readHead(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const end = (settle: () => void): void => {
      socket.removeListener('data', take);
      socket.removeListener('error', reject);
      socket.removeListener('close', onClose);
      settle();
    };
    const onClose = (): void => end(() => reject(new UpstreamRefusal('closed the connection')));
    const take = (chunk: Buffer): void => {
      text += chunk.toString('latin1');
      const stop = text.indexOf('\r\n\r\n');
      if (stop === -1 && text.length < 16_384) return;
      socket.pause();
      const rest = Buffer.from(text.slice(stop + 4), 'latin1');
      if (stop !== -1 && rest.length > 0) socket.unshift(rest);
      end(() => resolve(text.slice(0, stop)));
    };
    socket.on('data', take);
    socket.once('error', reject);
    socket.once('close', onClose);
  });
}
