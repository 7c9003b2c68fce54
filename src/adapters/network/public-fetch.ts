/**
 * `fetch` for addresses that a server or a repository chose: it opens no connection to a private address, whatever its name is.
 *
 * The name is resolved once, by the connection itself, so a second answer of its DNS server changes nothing. Where the worker
 * must use a proxy, the proxy resolves the name, so a private address is its own to refuse.
 */
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Agent, fetch as fetchThrough } from 'undici';
import { isPrivateAddress, permissionOf } from './allow-list';
import type { AllowedHost } from './allow-list';
import { createFetch } from './proxied-fetch';

type Fetch = typeof globalThis.fetch;
/** `named` are servers that may have a private address, beside those of the settings: each with its full name. */
export type PublicFetch = (named: readonly AllowedHost[]) => Fetch;

/** What `fetch` fails with, as its cause, where a server is not reached because of its address. */
export class PrivateAddress extends Error {
  constructor(host: string) {
    super(`${host} leads to a private address, which only a full name in SETUP_HOSTS or GIT_CREDENTIALS_FILE may`);
  }
}

interface PublicFetchOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** Servers that the settings name. */
  named: readonly AllowedHost[];
  /** Node's own where it is left out. */
  resolve?: typeof lookup;
}

export function createPublicFetch({ env, named, resolve = lookup }: PublicFetchOptions): PublicFetch {
  const dispatcher = new Agent({ connect: { lookup: publicOnly(resolve) } });
  const toPublic = createFetch(env, (input, init) => {
    // The types of undici and of Node's own copy of it differ in names only.
    const given = { ...init, dispatcher } as unknown as Parameters<typeof fetchThrough>[1];
    return fetchThrough(addressOf(input), given) as unknown as Promise<Response>;
  });
  const toAny = createFetch(env);
  return (more) => async (input, init) => {
    const url = addressOf(input);
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isNamed([...named, ...more], url)) return toAny(input, init);
    // A connection does not resolve what is an address already.
    if (isIP(host) !== 0 && isPrivateAddress(host))
      throw new TypeError('fetch failed', { cause: new PrivateAddress(host) });
    return toPublic(input, init);
  };
}

/** Whether the list has the server with its full name. */
export function isNamed(list: readonly AllowedHost[], { protocol, hostname, port }: URL): boolean {
  const onPort = Number(port) || (protocol === 'http:' ? 80 : 443);
  return permissionOf(list, hostname.replace(/^\[|\]$/g, ''), onPort) === 'exact';
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
