/**
 * Serves the address of the embedded Web UI that people use: a proxy that checks Host and Origin by the rules of the API.
 *
 * The UI server itself does not check them, so it listens at an address that no web page finds (ports.ts). One program at a time
 * serves the known address; when it ends, another program that uses the same Temporal server takes the address over.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createProxyServer } from 'http-proxy-3';
import { hostNamesOf, readWebRequest, webRefusal } from '../../domain/web-callers';
import type { HostName } from '../../domain/web-callers';
import { LOOPBACK } from './ports';

/** The address on which the UI server listens. */
export interface UiTarget {
  host: string;
  port: number;
}

export interface UiFront {
  port: number;
  /** Forwards requests to this address from now on; before, they get the status 503. */
  forwardTo(to: UiTarget): void;
  /** Lets the process end although this server is open. */
  unref(): void;
  close(): Promise<void>;
}

const RETRY_INTERVAL_MS = 1_000;
const STATUS = { syntax: 400, host: 421, origin: 403 } as const;

/** Opens the proxy; undefined if the port is taken. Port 0 chooses a free one; `host` is the loopback by default. */
export async function openUiFront(input: {
  host?: string;
  port: number;
  allowedHosts: readonly HostName[];
}): Promise<UiFront | undefined> {
  const { host = LOOPBACK, port, allowedHosts } = input;
  let target: UiTarget | undefined;
  const proxy = createUiProxy();
  const server = createServer((req, res) => {
    const refusal = webRefusal(readWebRequest(req), rulesOf({ host, port: portOf(server.address()) }, allowedHosts));
    if (refusal !== undefined) sendText(res, STATUS[refusal.kind], refusal.message);
    else if (target === undefined) sendText(res, 503, 'the Temporal server is not up yet');
    else proxy.web(req, res, { target });
  });
  const isOpen = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
  if (!isOpen) return undefined;
  return {
    port: portOf(server.address()),
    forwardTo: (to) => (target = to),
    unref: () => void server.unref(),
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

/** Serves the address as soon as no other program does; it tries every second. */
export async function takeUiFront(input: {
  port: number;
  target: UiTarget;
  allowedHosts: readonly HostName[];
}): Promise<Pick<UiFront, 'close'>> {
  let front: UiFront | undefined;
  const tryOpen = async () => {
    front = await openUiFront(input);
    front?.forwardTo(input.target);
    front?.unref();
  };
  let opening = tryOpen();
  await opening;
  const timer = setInterval(() => {
    if (front === undefined) opening = opening.then(() => (front === undefined ? tryOpen() : undefined));
  }, RETRY_INTERVAL_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await opening;
      await front?.close();
    },
  };
}

function rulesOf(address: { host: string; port: number }, allowedHosts: readonly HostName[]) {
  const names = hostNamesOf(address, allowedHosts);
  // Pages may be opened by links from any site (the API's page, chats), as opening one changes nothing.
  return { ...names, origins: [], isPage: (path: string) => !/^\/+(api|auth)(\/|$)/i.test(path) };
}

function createUiProxy() {
  const proxy = createProxyServer<typeof IncomingMessage, typeof ServerResponse>({});
  proxy.on('proxyRes', ({ headers }) => {
    // Headers that would let other sites read the answers are removed.
    for (const name of Object.keys(headers)) if (name.startsWith('access-control-')) delete headers[name];
    headers['x-frame-options'] = 'DENY';
    const policy = headers['content-security-policy'];
    headers['content-security-policy'] = [policy, "frame-ancestors 'none'"].filter(Boolean).join('; ');
    headers['cross-origin-resource-policy'] = 'same-origin';
    headers['cross-origin-opener-policy'] = 'same-origin';
    headers['set-cookie'] &&= headers['set-cookie'].map(withStrictSameSite);
  });
  proxy.on('error', (_error, _req, res) => {
    if ('writeHead' in res && !res.headersSent) sendText(res, 502, 'the Temporal Web UI does not answer');
    else res.destroy();
  });
  return proxy;
}

/** Changes a cookie so that browsers do not send it with requests of other sites. */
function withStrictSameSite(cookie: string): string {
  return `${cookie.replace(/;\s*SameSite=[^;]*/gi, '')}; SameSite=Strict`;
}

function sendText(res: ServerResponse, status: number, message: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' });
  res.end(`${message}\n`);
}

type Address = ReturnType<ReturnType<typeof createServer>['address']>;

function portOf(address: Address): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
