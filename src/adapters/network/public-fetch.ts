/**
 * `fetch` for addresses that a server or a repository chose: it opens no connection to a private address, whatever its name is.
 *
 * The name is resolved once, by the connection itself, so a second answer of its DNS server changes nothing; a redirection is
 * held against the same rule. Where the worker must use a proxy, the proxy resolves the name, so what that leads to is its own
 * to refuse.
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
/** `named` are servers that may have a private address, beside those of the settings: each with its full name. */
export type PublicFetch = (named: readonly AllowedHost[]) => Fetch;

interface PublicFetchOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Servers that the settings name. */
  named: readonly AllowedHost[];
  /** Node's own where it is left out. */
  resolve?: typeof lookup;
}

const REDIRECTS = [301, 302, 303, 307, 308];
const MAX_REDIRECTS = 5;

export function createPublicFetch({ env, named, resolve = lookup }: PublicFetchOptions): PublicFetch {
  const dispatcher = new Agent({ connect: { lookup: publicOnly(resolve) } });
  const toPublic = createFetch(env, (input, init) => {
    // The types of undici and of Node's own copy of it differ in names only.
    const given = { ...init, dispatcher } as unknown as Parameters<typeof fetchThrough>[1];
    return fetchThrough(addressOf(input), given) as unknown as Promise<Response>;
  });
  const toAny = createFetch(env);
  return (more) => {
    const known = [...named, ...more];
    const ask: Fetch = async (input, init) => {
      const url = addressOf(input);
      const manual: RequestInit = { ...init, redirect: 'manual' };
      if (isNamed(known, url)) return toAny(input, manual);
      // A connection does not resolve what is an address already, and a proxy may resolve a name of this machine.
      if (isPrivateHost(url.hostname)) throw new TypeError('fetch failed', { cause: new PrivateAddress(url.hostname) });
      return toPublic(input, manual);
    };
    return (input, init) => (init?.redirect === 'manual' ? ask(input, init) : follow(ask, input, init));
  };
}

/** Whether the list has the server with its full name. */
export function isNamed(list: readonly AllowedHost[], { protocol, hostname, port }: URL): boolean {
  const onPort = Number(port) || (protocol === 'http:' ? 80 : 443);
  return permissionOf(list, hostname.replace(/^\[|\]$/g, ''), onPort) === 'exact';
}

/** Only what asks and sends nothing is asked of another address; headers stay behind where that is another origin. */
async function follow(ask: Fetch, input: Parameters<Fetch>[0], init: RequestInit = {}): Promise<Response> {
  let at = addressOf(input);
  let given = init;
  for (let followed = 0; ; followed += 1) {
    const answer = await ask(followed === 0 ? input : at, given);
    const to = answer.headers.get('location');
    const isFollowed = REDIRECTS.includes(answer.status) && (init.method ?? 'GET') === 'GET';
    if (!isFollowed || to === null || !URL.canParse(to, at.href)) return answer;
    await answer.body?.cancel();
    if (followed === MAX_REDIRECTS) throw new TypeError('fetch failed', { cause: new Error('too many redirections') });
    const next = new URL(to, at);
    if (!/^https?:$/.test(next.protocol)) throw new TypeError('fetch failed', { cause: new PrivateAddress(next.href) });
    if (next.origin !== at.origin) given = { ...init, headers: acceptOf(init) };
    at = next;
  }
}

function acceptOf({ headers }: RequestInit): Record<string, string> {
  const accept = new Headers(headers).get('accept');
  return accept === null ? {} : { accept };
}

function publicOnly(resolve: typeof lookup): LookupFunction {
  return (host, options, done) =>
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, []);
      const usable = found.filter(({ address }) => !isPrivateAddress(address));
      const [first] = usable;
      if (first === undefined) return done(new PrivateAddress(host), []);
      return options.all === true ? done(null, usable) : done(null, first.address, first.family);
    });
}

function addressOf(input: Parameters<Fetch>[0]): URL {
  return new URL(input instanceof Request ? input.url : input);
}
