/** Loopback ports: whether one is free or answers, and how to find a free one or one that no browser connects to. */
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** The port asked for, if it is free; with 0, any free one. Undefined where it is taken. */
export function tryPort(port: number, host = LOOPBACK): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      const free = typeof address === 'object' && address ? address.port : undefined;
      server.close(() => resolve(free));
    });
  });
}

export async function freePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === undefined) throw new Error(`no free port on ${LOOPBACK}`);
  return port;
}

/** Those of the "bad ports" of the Fetch standard (https://fetch.spec.whatwg.org/#bad-port) that need no rights and are seldom used. */
const REFUSED_BY_BROWSERS = [1719, 1720, 1723, 3659, 4190, 5060, 5061, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080];

/**
 * A free port that no browser connects to, whatever page asks, and that is not `taken`; where all of them are taken, any
 * free port.
 */
export async function freeHiddenPort(taken: readonly number[] = [], host = LOOPBACK): Promise<number> {
  const left = REFUSED_BY_BROWSERS.filter((port) => !taken.includes(port));
  while (left.length > 0) {
    const [port = 0] = left.splice(randomInt(left.length), 1);
    if ((await tryPort(port, host)) !== undefined) return port;
  }
  return (await tryPort(0, host)) ?? freePort();
}

/** An address that a page would have to guess: Linux has all of 127.0.0.0/8 for the loopback, others 127.0.0.1 only. */
export async function hiddenLoopback(): Promise<string> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  return (await tryPort(0, host)) === undefined ? LOOPBACK : host;
}

/** True where something accepts a connection. Cheap, so it is asked before the slower gRPC call. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK });
    const end = (listening: boolean) => {
      socket.destroy();
      resolve(listening);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.setTimeout(500, () => end(false));
  });
}
