/**
 * Decides which HTTP requests of browsers a server accepts, by the Host, Origin and Sec-Fetch headers. Pure.
 *
 * A browser sends requests on behalf of any page. Host reveals a foreign name that points to this machine (DNS rebinding); Origin
 * and Sec-Fetch-Site reveal a page of another site. Programs other than browsers send neither of the last two.
 */

/** A host name of the server. */
export interface HostName {
  /** In lower case; an IPv6 address in brackets. */
  host: string;
  /** Undefined: any port. */
  port?: number | undefined;
}

export interface WebRules {
  names: readonly HostName[];
  /** Also accept any numeric IP address as Host: DNS rebinding needs a name. */
  acceptsAddresses: boolean;
  /** Origins of other sites whose pages may read and send commands, each as a browser sends it. */
  origins: readonly string[];
  /** True for paths that a link on another site may open as a page. They must change nothing. */
  isPage(path: string): boolean;
}

export interface WebRequest {
  method: string;
  /** The target as in the request line. */
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

/** Reads one `host` or `host:port`; undefined if the text is neither. */
export function readHostName(text: string): HostName | undefined {
  const [, host, port] = AUTHORITY.exec(text) ?? [];
  if (host === undefined || Number(port ?? 0) > 65_535) return undefined;
  return { host: host.toLowerCase(), ...(port === undefined ? {} : { port: Number(port) }) };
}

/** True if only programs of this machine can reach a server that listens on this address. */
export function isLoopbackHost(host: string): boolean {
  const name = withBrackets(host);
  return LOOPBACK_NAMES.includes(name) || /^127(\.\d{1,3}){3}$/.test(name);
}

/** The host names of a server: those of the address it listens on, and those that its operator adds. */
export function hostNamesOf(
  { host, port }: { host: string; port: number },
  more: readonly HostName[],
): Pick<WebRules, 'names' | 'acceptsAddresses'> {
  const ownName = withBrackets(host);
  if (isLoopbackHost(host)) {
    const names = [...new Set([...LOOPBACK_NAMES, ownName])].map((name) => ({ host: name, port }));
    return { names: [...names, ...more], acceptsAddresses: false };
  }
  // A container's port may be published under another number, so the server does not know its public port.
  const names = EVERY_ADDRESS.includes(ownName) ? LOOPBACK_NAMES : [ownName];
  return { names: [...names.map((name) => ({ host: name })), ...more], acceptsAddresses: true };
}

/** Reads the headers in node's form, with all values of each. */
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

/** Returns undefined if the request is accepted. The message names the problem, its value and the setting that helps. */
export function webRefusal(request: WebRequest, rules: WebRules): WebRefusal | undefined {
  return hostRefusal(request, rules) ?? originRefusal(request, rules);
}

function hostRefusal({ target, hosts }: WebRequest, rules: WebRules): WebRefusal | undefined {
  if (hosts.length > 1) return { kind: 'syntax', message: 'Host is there more than once: send one' };
  // HTTP/1.0 has no Host header, and no browser uses it. The server refuses HTTP/1.1 without one.
  for (const host of [...hosts, ...authorityOf(target)]) {
    const name = readHostName(host);
    if (name === undefined) return { kind: 'syntax', message: `Host ${quote(host)} is no <host> or <host>:<port>` };
    if (isServerName(name, rules)) continue;
    const serverNames = rules.names
      .map((one) => (one.port === undefined ? one.host : `${one.host}:${one.port}`))
      .join(', ');
    const message = `Host ${quote(host)} is no name of this server (${serverNames}); use one of these, or add it to ALLOWED_HOSTS`;
    return { kind: 'host', message };
  }
  return undefined;
}

/** The authority of an absolute URL in the request line, which overrides Host. */
function authorityOf(target: string): string[] {
  const [, authority] = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(target) ?? [];
  return authority === undefined ? [] : [authority];
}

function isServerName(name: HostName, { names, acceptsAddresses }: WebRules): boolean {
  if (acceptsAddresses && ADDRESS.test(name.host)) return true;
  // Without a port, it is the port of plain HTTP.
  return names.some(({ host, port }) => host === name.host && (port === undefined || port === (name.port ?? 80)));
}

function originRefusal(request: WebRequest, rules: WebRules): WebRefusal | undefined {
  const { origin, site = 'none' } = request;
  if (origin !== undefined && rules.origins.includes(origin)) return undefined;
  const remedy = 'to let it read and command, add its origin to CORS_ORIGINS';
  if (origin !== undefined && !isOwnOrigin(origin, request)) {
    return { kind: 'origin', message: `Origin ${quote(origin)} is a page of another site; ${remedy}` };
  }
  if (site === 'none' || site === 'same-origin' || isLink(request, rules)) return undefined;
  const message = `Sec-Fetch-Site ${quote(site)}: a page of another site sent this without an origin; ${remedy}, and send it by fetch in mode cors`;
  return { kind: 'origin', message };
}

/** The scheme is not compared: if TLS ends before this server, the server does not know its own scheme. */
function isOwnOrigin(origin: string, { hosts }: WebRequest): boolean {
  const [, authority] = /^https?:\/\/([^/?#]+)$/.exec(origin) ?? [];
  return authority !== undefined && authority === hosts[0]?.toLowerCase();
}

function isLink({ method, target, mode, dest, origin }: WebRequest, { isPage }: WebRules): boolean {
  const [path = ''] = target.split('?');
  return method === 'GET' && origin === undefined && mode === 'navigate' && dest === 'document' && isPage(path);
}

function withBrackets(host: string): string {
  const name = host.toLowerCase();
  return name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
}

function quote(value: string): string {
  return JSON.stringify(value.slice(0, SHOWN_CHARS));
}
