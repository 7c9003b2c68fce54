/**
 * Opens the proxies on loopback through which the worker's own git and ssh reach other machines.
 *
 * The proxy resolves a name once, checks the address and connects to it. git and ssh resolve no names, so neither a redirection nor
 * a second DNS answer can lead them to a private address. Each set of rules has one proxy, which stays open as long as the process.
 * A password in git's environment keeps other programs from using it.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { hostsOfUrls, permissionOf } from './allow-list';
import type { AllowedHost } from './allow-list';
import { createProxyServer } from './connect-proxy';
import { readProxySettings } from './proxy-settings';
import type { NetworkAccess } from './connect';

export interface GitProxyRules {
  /** Servers that may have a private address, each with its full name. */
  hosts?: readonly AllowedHost[] | undefined;
  /** The only servers that may be reached. Undefined: every public server. */
  onlyHosts?: readonly AllowedHost[] | undefined;
  /** Path of git's credentials file. Servers for which it has a login may have a private address, too. */
  credentialsFile?: string | undefined;
  httpsProxy?: string | undefined;
  noProxy?: string | undefined;
}

const proxies = new Map<string, Promise<string>>();

/** Returns the URL of the proxy, with its password. With `by: 'ssh'` it connects directly, even if https must use a proxy. */
export function gitProxyFor(rules: GitProxyRules, by: 'https' | 'ssh'): Promise<string> {
  const { hosts, onlyHosts: only, credentialsFile, httpsProxy, noProxy } = rules;
  const key = JSON.stringify([hosts, only, credentialsFile, httpsProxy, noProxy, by]);
  const existing = proxies.get(key);
  if (existing !== undefined) return existing;
  const upstream = by === 'ssh' ? {} : { HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy };
  const proxy = openGitProxy(rules, { upstream: readProxySettings(upstream) });
  proxies.set(key, proxy);
  proxy.catch(() => proxies.delete(key));
  return proxy;
}

async function openGitProxy(rules: GitProxyRules, access: NetworkAccess): Promise<string> {
  const password = randomBytes(18).toString('hex');
  const expected = `Basic ${Buffer.from(`worker:${password}`).toString('base64')}`;
  const { server } = createProxyServer({
    ...access,
    permit: (host, port) => permit(rules, host, port),
    remedy:
      rules.onlyHosts === undefined ? 'is not allowed (GIT_HOSTS)' : 'is not allowed for a release (RELEASE_HOSTS)',
    mayUse: ({ headers }) => headers['proxy-authorization'] === expected,
    tunnelsOnly: true,
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://worker:${password}@127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function permit({ hosts = [], onlyHosts: only, credentialsFile }: GitProxyRules, host: string, port: number) {
  if (only !== undefined) return permissionOf(only, host, port);
  const privateHosts = [...hosts, ...(await hostsWithCredentials(credentialsFile))];
  return permissionOf(privateHosts, host, port) === 'exact' ? 'exact' : 'wildcard';
}

/** Lists the servers for which git's credentials file has a login. Reads the file each time: it may change while the worker runs. */
export async function hostsWithCredentials(credentialsFile: string | undefined): Promise<AllowedHost[]> {
  if (credentialsFile === undefined) return [];
  return hostsOfUrls(await readFile(credentialsFile, 'utf8').catch(() => ''));
}
