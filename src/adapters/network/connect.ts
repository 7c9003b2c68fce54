/**
 * Opens a connection to a server: directly, or through the proxy that the worker itself must use.
 */
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { isPrivateAddress } from './allow-list';
import type { Permission } from './allow-list';
import { proxyFor } from './proxy-settings';
import type { ProxySettings } from './proxy-settings';

export interface Target {
  host: string;
  port: number;
  permission: Permission;
}

const TIMEOUT_MS = 30_000;

/** Throws where there is no connection, with a sentence for the log. */
export async function openConnection(target: Target, settings: ProxySettings): Promise<Socket> {
  const { host, port, permission } = target;
  const proxy = proxyFor(settings, { host, port });
  if (proxy !== undefined) return throughProxy(target, proxy);
  const addresses = isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address) : [host];
  const usable = permission === 'exact' ? addresses : addresses.filter((address) => !isPrivateAddress(address));
  if (usable.length === 0)
    throw new Error(`${host} leads to a private address, which only a full name in SETUP_HOSTS may`);
  let last: unknown;
  for (const address of usable) {
    try {
      return await opened(connectTcp({ host: address, port }), 'connect');
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

/** The worker's proxy resolves the name, so a private address is its own to refuse. */
async function throughProxy({ host, port }: Target, proxy: URL): Promise<Socket> {
  const proxyPort = Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80);
  const at = { host: proxy.hostname.replace(/^\[|\]$/g, ''), port: proxyPort };
  const socket =
    proxy.protocol === 'https:'
      ? await opened(connectTls({ ...at, servername: isIP(at.host) === 0 ? at.host : undefined }), 'secureConnect')
      : await opened(connectTcp(at), 'connect');
  const place = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  const user = decodeURIComponent(proxy.username);
  const word = Buffer.from(`${user}:${decodeURIComponent(proxy.password)}`).toString('base64');
  const authorization = user === '' ? '' : `Proxy-Authorization: Basic ${word}\r\n`;
  socket.write(`CONNECT ${place} HTTP/1.1\r\nHost: ${place}\r\n${authorization}\r\n`);
  const head = await readHead(socket);
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === '200') return socket;
  socket.destroy();
  throw new Error(`the worker's own proxy answered ${status ?? 'nothing readable'} for ${place}`);
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
    const onClose = (): void => end(() => reject(new Error("the worker's own proxy closed the connection")));
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
