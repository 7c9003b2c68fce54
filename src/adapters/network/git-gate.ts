/**
 * The way of the worker's own git and ssh to other machines: a proxy on loopback that looks a name up once, judges the address and
 * connects to that one. git and ssh look nothing up themselves, so neither a redirection nor a second answer leads elsewhere.
 *
 * One for each set of rules, open as long as the process; a word in git's environment keeps other programs out of it.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { hostsOfUrls, permissionOf } from './allow-list';
import type { AllowedHost } from './allow-list';
import { createProxyServer } from './connect-proxy';
import { readProxySettings } from './proxy-settings';
import type { Way } from './connect';

export interface GateRules {
  /** Servers that may have a private address, each with its full name. */
  hosts?: readonly AllowedHost[] | undefined;
  /** Nothing but these; undefined: every public server. */
  only?: readonly AllowedHost[] | undefined;
  /** Servers that it has a login for may have a private address, too. */
  credentialsFile?: string | undefined;
  httpsProxy?: string | undefined;
  noProxy?: string | undefined;
}

const gates = new Map<string, Promise<string>>();

/** The address of the proxy, with its word; `by`: ssh goes to its servers directly, also where https must use a proxy. */
export function gateFor(rules: GateRules, by: 'https' | 'ssh'): Promise<string> {
  const { hosts, only, credentialsFile, httpsProxy, noProxy } = rules;
  const key = JSON.stringify([hosts, only, credentialsFile, httpsProxy, noProxy, by]);
  const known = gates.get(key);
  if (known !== undefined) return known;
  const upstream = by === 'ssh' ? {} : { HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy };
  const opening = openGate(rules, { upstream: readProxySettings(upstream) });
  gates.set(key, opening);
  opening.catch(() => gates.delete(key));
  return opening;
}

async function openGate(rules: GateRules, way: Way): Promise<string> {
  const word = randomBytes(18).toString('hex');
  const expected = `Basic ${Buffer.from(`worker:${word}`).toString('base64')}`;
  const { server } = createProxyServer({
    ...way,
    permit: (host, port) => permit(rules, host, port),
    remedy: rules.only === undefined ? 'is not allowed (GIT_HOSTS)' : 'is not allowed for a release (RELEASE_HOSTS)',
    mayUse: ({ headers }) => headers['proxy-authorization'] === expected,
    tunnelsOnly: true,
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  server.unref();
  return `http://worker:${word}@127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function permit({ hosts = [], only, credentialsFile }: GateRules, host: string, port: number) {
  if (only !== undefined) return permissionOf(only, host, port);
  const named = [...hosts, ...(await hostsWithLogin(credentialsFile))];
  return permissionOf(named, host, port) === 'exact' ? 'exact' : 'wildcard';
}

/** The file may be changed while the worker runs. */
export async function hostsWithLogin(credentialsFile: string | undefined): Promise<AllowedHost[]> {
  if (credentialsFile === undefined) return [];
  return hostsOfUrls(await readFile(credentialsFile, 'utf8').catch(() => ''));
}
