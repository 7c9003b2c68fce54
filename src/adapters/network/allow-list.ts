/**
 * Which servers a proxied command may reach: names and ports that the worker's own configuration gives, and nothing else.
 *
 * Only an entry that names a host in full may lead to a private address; one with a wildcard may not.
 */
import { BlockList, isIP } from 'node:net';

export interface AllowedHost {
  /** Lower case; `*.example.org` stands for every name below it. */
  host: string;
  /** Undefined: 443 and 80. */
  port?: number | undefined;
}

/** `exact` may be a private address. */
export type Permission = 'exact' | 'wildcard';

const DEFAULT_PORTS = [443, 80];

export function permissionOf(allowed: readonly AllowedHost[], host: string, port: number): Permission | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const onPort = allowed.filter((entry) =>
    entry.port === undefined ? DEFAULT_PORTS.includes(port) : entry.port === port,
  );
  if (onPort.some((entry) => entry.host === name)) return 'exact';
  return onPort.some((entry) => entry.host.startsWith('*.') && name.endsWith(entry.host.slice(1)))
    ? 'wildcard'
    : undefined;
}

/** One `host`, `*.host` or `host:port`; undefined where the text is none. */
export function readHost(text: string): AllowedHost | undefined {
  const [, host, port] = /^((?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (host === undefined) return undefined;
  return { host: bare(host), ...(port === undefined ? {} : { port: Number(port) }) };
}

/** The servers of all addresses that a text names, such as the settings file of a package manager. */
export function hostsOfUrls(text: string): AllowedHost[] {
  return [...text.matchAll(/\b(https?|ssh):\/\/[^\s"'<>|,;)\]]+/g)].flatMap(([url]) => {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || parsed.hostname === '') return [];
    const port = parsed.port === '' ? { 'https:': 443, 'http:': 80, 'ssh:': 22 }[parsed.protocol] : Number(parsed.port);
    return [{ host: bare(parsed.hostname), port }];
  });
}

/** Loopback, private, link-local and other addresses that belong to no public server. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return PRIVATE.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

function bare(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}

const PRIVATE = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const) {
  PRIVATE.addSubnet(net, prefix, 'ipv4');
  PRIVATE.addSubnet(`::ffff:${net}`, 96 + prefix, 'ipv6');
}
for (const [net, prefix] of [
  ['::', 127],
  ['64:ff9b::', 96],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  PRIVATE.addSubnet(net, prefix, 'ipv6');
}
