/**
 * Which HTTP requests a server of this product takes from a browser: by Host, Origin and the Sec-Fetch headers. Pure.
 *
 * A browser sends requests for any page. Host tells a name that a page's owner has pointed to this machine (DNS rebinding);
 * Origin and Sec-Fetch-Site tell the page of another site. Programs that are no browser send neither of the last two.
 */

/** A name that a server answers to. */
export interface HostName {
  /** Lower case; an IPv6 address in brackets. */
  host: string;
  /** Undefined: any. */
  port?: number | undefined;
}

export interface WebRules {
  names: readonly HostName[];
  /** Also takes each address as it stands in figures: no name leads there, so none can be pointed elsewhere. */
  takesAddresses: boolean;
  /** Origins of other pages that may read and command; each as a browser sends it. */
  origins: readonly string[];
  /** True for paths that a link on another site may open as a page of their own. They must change nothing. */
  isPage(path: string): boolean;
}

export interface WebRequest {
  method: string;
  /** As the request line has it. */
  target: string;
  /** Every Host header. */
  hosts: readonly string[];
  origin: string | undefined;
  /** Sec-Fetch-Site, -Mode, -Dest. */
  site: string | undefined;
  mode: string | undefined;
  dest: string | undefined;
}

export interface WebRefusal {
  /** `syntax`: the request names no single host. */
  kind: 'syntax' | 'host' | 'origin';
  message: string;
}

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];
const EVERY_ADDRESS = ['0.0.0.0', '[::]'];
const AUTHORITY = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)(?::(\d{1,5}))?$/i;
const ADDRESS = /^(\d{1,3}(\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/;
const SHOWN_CHARS = 100;

/** One `host` or `host:port`; undefined where the text is none. */
export function readHostName(text: string): HostName | undefined {
  const [, host, port] = AUTHORITY.exec(text) ?? [];
  if (host === undefined || Number(port ?? 0) > 65_535) return undefined;
  return { host: host.toLowerCase(), ...(port === undefined ? {} : { port: Number(port) }) };
}

/** True where only programs of this machine reach a server that listens on this address. */
export function isLoopbackHost(host: string): boolean {
  const name = bracketed(host);
  return LOOPBACK_NAMES.includes(name) || /^127(\.\d{1,3}){3}$/.test(name);
}

/** The names of a server by the address that it listens on, and those that its operator adds. */
export function namesOf(
  { host, port }: { host: string; port: number },
  more: readonly HostName[],
): Pick<WebRules, 'names' | 'takesAddresses'> {
  const own = bracketed(host);
  if (isLoopbackHost(host)) {
    const names = [...new Set([...LOOPBACK_NAMES, own])].map((name) => ({ host: name, port }));
    return { names: [...names, ...more], takesAddresses: false };
  }
  // Ports are published under other numbers, so that the server does not know its own.
  const names = EVERY_ADDRESS.includes(own) ? LOOPBACK_NAMES : [own];
  return { names: [...names.map((name) => ({ host: name })), ...more], takesAddresses: true };
}

/** From the headers as node gives them, each with all its values. */
export function readWebRequest(req: {
  method?: string | undefined;
  url?: string | undefined;
  headersDistinct: Partial<Record<string, string[]>>;
}): WebRequest {
  const { method = '', url: target = '', headersDistinct } = req;
  const text = (name: string) => headersDistinct[name]?.join(', ');
  return {
    ...{ method, target, hosts: headersDistinct.host ?? [], origin: text('origin') },
    ...{ site: text('sec-fetch-site'), mode: text('sec-fetch-mode'), dest: text('sec-fetch-dest') },
  };
}

/** Undefined where the request may pass. The message names what is wrong, its value and the setting that helps. */
export function webRefusal(request: WebRequest, rules: WebRules): WebRefusal | undefined {
  return hostRefusal(request, rules) ?? originRefusal(request, rules);
}

function hostRefusal({ target, hosts }: WebRequest, rules: WebRules): WebRefusal | undefined {
  if (hosts.length > 1) return { kind: 'syntax', message: 'Host is there more than once: send one' };
  // HTTP/1.0 knows no Host, and no browser speaks it. The server refuses HTTP/1.1 without one.
  for (const host of [...hosts, ...authorityOf(target)]) {
    const name = readHostName(host);
    if (name === undefined) return { kind: 'syntax', message: `Host ${shown(host)} is no <host> or <host>:<port>` };
    if (isOwn(name, rules)) continue;
    const right = rules.names.map((one) => (one.port === undefined ? one.host : `${one.host}:${one.port}`)).join(', ');
    const message = `Host ${shown(host)} is no name of this server (${right}); use one of these, or add it to ALLOWED_HOSTS`;
    return { kind: 'host', message };
  }
  return undefined;
}

/** Of a whole url in the request line, which stands above Host. */
function authorityOf(target: string): string[] {
  const [, authority] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target) ?? [];
  return authority === undefined ? [] : [authority];
}

function isOwn(name: HostName, { names, takesAddresses }: WebRules): boolean {
  if (takesAddresses && ADDRESS.test(name.host)) return true;
  // Without a port it is that of plain HTTP.
  return names.some(({ host, port }) => host === name.host && (port === undefined || port === (name.port ?? 80)));
}

function originRefusal(request: WebRequest, rules: WebRules): WebRefusal | undefined {
  const { origin, site = 'none' } = request;
  if (origin !== undefined && rules.origins.includes(origin)) return undefined;
  const helps = 'to let it read and command, add its origin to CORS_ORIGINS';
  if (origin !== undefined && !isOwnOrigin(origin, request)) {
    return { kind: 'origin', message: `Origin ${shown(origin)} is a page of another site; ${helps}` };
  }
  if (site === 'none' || site === 'same-origin' || isLink(request, rules)) return undefined;
  const message = `Sec-Fetch-Site ${shown(site)}: a page of another site sent this without an origin; ${helps}, and send it by fetch in mode cors`;
  return { kind: 'origin', message };
}

/** The scheme is not compared: where TLS ends before this server, it does not know its own. */
function isOwnOrigin(origin: string, { hosts }: WebRequest): boolean {
  const [, authority] = /^https?:\/\/([^/?#]+)$/.exec(origin) ?? [];
  return authority !== undefined && authority === hosts[0]?.toLowerCase();
}

function isLink({ method, target, mode, dest, origin }: WebRequest, { isPage }: WebRules): boolean {
  const [path = ''] = target.split('?');
  return method === 'GET' && origin === undefined && mode === 'navigate' && dest === 'document' && isPage(path);
}

function bracketed(host: string): string {
  const name = host.toLowerCase();
  return name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
}

function shown(value: string): string {
  return JSON.stringify(value.slice(0, SHOWN_CHARS));
}
