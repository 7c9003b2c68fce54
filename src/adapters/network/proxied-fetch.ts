/**
 * Creates a `fetch` that uses the worker's proxy, for model calls and for requests to registries.
 *
 * Node's own `fetch` ignores proxy variables before version 24. Certificates of the proxy come from NODE_EXTRA_CA_CERTS.
 */
import { fetch as fetchThrough, ProxyAgent } from 'undici';
import { proxyFor, readProxySettings } from './proxy-settings';

type Fetch = typeof globalThis.fetch;

/** `direct` is used for servers that need no proxy. Default: Node's own `fetch`. */
export function createFetch(
  env: Readonly<Record<string, string | undefined>>,
  direct: Fetch = (input, init) => fetch(input, init),
): Fetch {
  const settings = readProxySettings(env);
  if (settings.https === undefined && settings.http === undefined) return direct;
  const agents = new Map<string, ProxyAgent>();
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const scheme = url.protocol === 'http:' ? 'http' : 'https';
    const port = Number(url.port) || (scheme === 'http' ? 80 : 443);
    const proxy = proxyFor(settings, { host: url.hostname.replace(/^\[|\]$/g, ''), port, scheme });
    if (proxy === undefined || isLoopback(url.hostname)) return direct(input, init);
    const dispatcher = agents.get(proxy.href) ?? new ProxyAgent(proxy.href);
    agents.set(proxy.href, dispatcher);
    // The types of undici and of Node's own copy of it differ in names only.
    const undiciInit = { ...init, dispatcher } as unknown as Parameters<typeof fetchThrough>[1];
    return fetchThrough(url, undiciInit) as unknown as Promise<Response>;
  };
}

/** Loopback addresses are reached directly: a proxy would reach its own loopback. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
