/** Checks whether loopback ports are free or answer, and finds free ports, also ports to which no browser connects. */
import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';

export const LOOPBACK = '127.0.0.1';

/** Returns the port if it is free, or undefined if it is taken; for 0, any free port. */
export function tryPort(port: number, host = LOOPBACK): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, host, () => {
      const address = server.address();
      const boundPort = typeof address === 'object' && address ? address.port : undefined;
      server.close(() => resolve(boundPort));
    });
  });
}

export async function findFreePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === undefined) throw new Error(`no free port on ${LOOPBACK}`);
  return port;
}

/** The "bad ports" of the Fetch standard (https://fetch.spec.whatwg.org/#bad-port) that need no privileges and are rarely used. */
const REFUSED_BY_BROWSERS = [1719, 1720, 1723, 3659, 4190, 5060, 5061, 6566, 6665, 6666, 6667, 6668, 6669, 6697, 10080];

/**
 * Returns a free port that is not in `taken` and to which no browser connects for any page. If there is none, returns any free
 * port.
 */
export async function findFreeHiddenPort(taken: readonly number[] = [], host = LOOPBACK): Promise<number> {
  const candidates = REFUSED_BY_BROWSERS.filter((port) => !taken.includes(port));
  while (candidates.length > 0) {
    const [port = 0] = candidates.splice(randomInt(candidates.length), 1);
    if ((await tryPort(port, host)) !== undefined) return port;
  }
  return (await tryPort(0, host)) ?? findFreePort();
}

/** Returns a loopback address that a web page would have to guess. Linux has all of 127.0.0.0/8, other systems only 127.0.0.1. */
export async function chooseHiddenLoopback(): Promise<string> {
  const host = `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
  return (await tryPort(0, host)) === undefined ? LOOPBACK : host;
}

/** True if a program accepts connections on the port. This is cheap, so callers check it before the slower gRPC call. */
export function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK });
    const finish = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.setTimeout(500, () => finish(false));
  });
}
