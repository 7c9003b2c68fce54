/**
 * Creates a `fetch` for URLs that a server or a repository chose. It opens no connection to a private address.
 *
 * The connection itself resolves the name, once, so a second, different DNS answer has no effect. Redirections are checked by the
 * same rule. If the worker must use a proxy, the proxy resolves the name, and only the proxy can refuse a private address.
 */
import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, fetch as fetchThrough } from 'undici';
import { permissionOf } from './allow-list';
import type { AllowedHost } from './allow-list';
import { PrivateAddress } from './connect';
import { isPrivateAddress, isPrivateHost } from './own-machine';
import { createFetch } from './proxied-fetch';

type Fetch = typeof globalThis.fetch;
/** `privateHosts`: more servers, each with its full name, that may have a private address, in addition to those of the settings. */
export type PublicFetch = (privateHosts: readonly AllowedHost[]) => Fetch;

interface PublicFetchOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Servers of the settings, which may have a private address. */
  privateHosts: readonly AllowedHost[];
  /** Default: Node's own `lookup`. */
  resolve?: typeof lookup;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 5;

export function createPublicFetch({ env, privateHosts: named, resolve = lookup }: PublicFetchOptions): PublicFetch {
  const dispatcher = new Agent({ connect: { lookup: createPublicLookup(resolve) } });
  const fetchPublic = createFetch(env, (input, init) => {
    // The types of undici and of Node's own copy of it differ in names only.
    const undiciInit = { ...init, dispatcher } as unknown as Parameters<typeof fetchThrough>[1];
    return fetchThrough(urlOf(input), undiciInit) as unknown as Promise<Response>;
  });
  const fetchAny = createFetch(env);
  return (morePrivateHosts) => {
    const allPrivateHosts = [...named, ...morePrivateHosts];
    const fetchOnce: Fetch = async (input, init) => {
      const url = urlOf(input);
      const manual: RequestInit = { ...init, redirect: 'manual' };
      if (isNamedInFull(allPrivateHosts, url)) return fetchAny(input, manual);
      // Checked here, too: a host that is already an IP address is never resolved, and a proxy may resolve a name of this machine.
      if (isPrivateHost(url.hostname)) throw new TypeError('fetch failed', { cause: new PrivateAddress(url.hostname) });
      return fetchPublic(input, manual);
    };
    return (input, init) => (init?.redirect === 'manual' ? fetchOnce(input, init) : follow(fetchOnce, input, init));
  };
}

/** True if the list has the server by its full name. */
export function isNamedInFull(list: readonly AllowedHost[], { protocol, hostname, port }: URL): boolean {
  const effectivePort = Number(port) || (protocol === 'http:' ? 80 : 443);
  return permissionOf(list, hostname.replace(/^\[|\]$/g, ''), effectivePort) === 'exact';
}

/** Follows redirections of GET requests only. At another origin all headers except `accept` are dropped. */
async function follow(ask: Fetch, input: Parameters<Fetch>[0], init: RequestInit = {}): Promise<Response> {
  let url = urlOf(input);
  let currentInit = init;
  for (let redirectCount = 0; ; redirectCount += 1) {
    const answer = await ask(redirectCount === 0 ? input : url, currentInit);
    const location = answer.headers.get('location');
    const mustFollow = REDIRECTS.includes(answer.status) && (init.method ?? 'GET') === 'GET';
    if (!mustFollow || location === null || !URL.canParse(location, url.href)) return answer;
    await answer.body?.cancel();
    if (redirectCount === MAX_REDIRECTS)
      throw new TypeError('fetch failed', { cause: new Error('too many redirections') });
    const next = new URL(location, url);
    if (!/^https?:$/.test(next.protocol)) throw new TypeError('fetch failed', { cause: new PrivateAddress(next.href) });
    if (next.origin !== url.origin) currentInit = { ...init, headers: acceptOf(init) };
    url = next;
  }
}

function acceptOf({ headers }: RequestInit): Record<string, string> {
  const accept = new Headers(headers).get('accept');
  return accept === null ? {} : { accept };
}

function createPublicLookup(resolve: typeof lookup): LookupFunction {
  return (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const publicAddresses = found.filter(({ address }) => !isPrivateAddress(address));
      const [first] = publicAddresses;
      if (first === undefined) return done(new PrivateAddress(host), []);
      return options.all === true ? done(null, publicAddresses) : done(null, first.address, first.family);
    });
}

function urlOf(input: Parameters<Fetch>[0]): URL {
  return new URL(input instanceof Request ? input.url : input);
}
