/**
 * `fetch` through the proxy that the worker must use, for model calls and for look-ups in registries.
 *
 * Node's own reads no variable of proxies before version 24. Certificates are Node's: NODE_EXTRA_CA_CERTS.
 */
import { fetch as fetchThrough, ProxyAgent } from 'undici';
import { proxyFor, readProxySettings } from './proxy-settings';

type Fetch = typeof globalThis.fetch;

/** `direct` reaches what needs no proxy; it is Node's own where it is left out. */
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
    if (proxy === undefined || isOwnMachine(url.hostname)) return direct(input, init);
    const dispatcher = agents.get(proxy.href) ?? new ProxyAgent(proxy.href);
    agents.set(proxy.href, dispatcher);
    // The types of undici and of Node's own copy of it differ in names only.
    const given = { ...init, dispatcher } as unknown as Parameters<typeof fetchThrough>[1];
    return fetchThrough(url, given) as unknown as Promise<Response>;
  };
}

/** No proxy reaches the worker's own loopback. */
function isOwnMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\./.test(host);
}
