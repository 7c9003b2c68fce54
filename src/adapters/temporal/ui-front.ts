/**
 * The address of the embedded Web UI that people know: a proxy that asks of Host and Origin what the API asks.
 *
 * The UI server asks for neither, so that it listens where no page finds it (ports.ts). One program at a time serves the
 * address: another that uses the same Temporal server takes it over once the first has ended.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createProxyServer } from 'http-proxy-3';
import { namesOf, readWebRequest, webRefusal } from '../../domain/web-callers';
import type { HostName } from '../../domain/web-callers';
import { LOOPBACK } from './ports';

/** Where the UI server listens. */
export interface UiTarget {
  host: string;
  port: number;
}

export interface UiFront {
  port: number;
  /** Leads requests there from now on; until then they are answered with 503. */
  lead(to: UiTarget): void;
  /** Lets a program end that has nothing else to do. */
  unref(): void;
  close(): Promise<void>;
}

const TRY_EVERY_MS = 1_000;
const STATUS = { syntax: 400, host: 421, origin: 403 } as const;

/** Undefined where the port is taken; 0 takes a free one. The loopback if no `host` is given. */
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
    if (refusal !== undefined) say(res, STATUS[refusal.kind], refusal.message);
    else if (target === undefined) say(res, 503, 'the Temporal server is not up yet');
    else proxy.web(req, res, { target });
  });
  const listens = await new Promise<boolean>((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, host, () => resolve(true));
  });
  if (!listens) return undefined;
  return {
    port: portOf(server.address()),
    lead: (to) => (target = to),
    unref: () => void server.unref(),
    close: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      return closed;
    },
  };
}

/** Serves the address from the moment on at which no other program does, which it looks for every second. */
export async function takeUiFront(input: {
  port: number;
  target: UiTarget;
  allowedHosts: readonly HostName[];
}): Promise<Pick<UiFront, 'close'>> {
  let front: UiFront | undefined;
  const take = async () => {
    front = await openUiFront(input);
    front?.lead(input.target);
    front?.unref();
  };
  let taking = take();
  await taking;
  const timer = setInterval(() => {
    if (front === undefined) taking = taking.then(() => (front === undefined ? take() : undefined));
  }, TRY_EVERY_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
      await taking;
      await front?.close();
    },
  };
}

function rulesOf(listens: { host: string; port: number }, allowedHosts: readonly HostName[]) {
  const names = namesOf(listens, allowedHosts);
  // Its pages change nothing as they open, and links lead to them from the API's page and from terminals and chats.
  return { ...names, origins: [], isPage: (path: string) => !/^\/+(api|auth)(\/|$)/i.test(path) };
}

function createUiProxy() {
  const proxy = createProxyServer<typeof IncomingMessage, typeof ServerResponse>({});
  proxy.on('proxyRes', ({ headers }) => {
    // What any page may read is for this server to say, and it says none.
    for (const name of Object.keys(headers)) if (name.startsWith('access-control-')) delete headers[name];
    headers['x-frame-options'] = 'DENY';
    const policy = headers['content-security-policy'];
    headers['content-security-policy'] = [policy, "frame-ancestors 'none'"].filter(Boolean).join('; ');
    headers['cross-origin-resource-policy'] = 'same-origin';
    headers['cross-origin-opener-policy'] = 'same-origin';
    headers['set-cookie'] &&= headers['set-cookie'].map(strict);
  });
  proxy.on('error', (_error, _req, res) => {
    if ('writeHead' in res && !res.headersSent) say(res, 502, 'the Temporal Web UI does not answer');
    else res.destroy();
  });
  return proxy;
}

/** A cookie that goes with no request of another site. */
function strict(cookie: string): string {
  return `${cookie.replace(/;\s*SameSite=[^;]*/gi, '')}; SameSite=Strict`;
}

function say(res: ServerResponse, status: number, message: string): void {
  res.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' });
  res.end(`${message}\n`);
}

type Address = ReturnType<ReturnType<typeof createServer>['address']>;

function portOf(address: Address): number {
  return typeof address === 'object' && address !== null ? address.port : 0;
}
