/**
 * Reads the server from the address of a git repository, as git does. Pure.
 */
import { bareHost } from './inside-address';

const DEFAULT_PORTS: Record<string, number> = { 'https:': 443, 'ssh:': 22 };

/** Returns undefined if the address names no server. */
export function gitServerOf(address: string): { host: string; port: number } | undefined {
  if (/^(https|ssh):\/\//.test(address)) {
    if (!URL.canParse(address)) return undefined;
    const { hostname, port, protocol } = new URL(address);
    return hostname === ''
      ? undefined
      : { host: decodeHost(hostname), port: Number(port) || (DEFAULT_PORTS[protocol] ?? 443) };
  }
  // `git@host:path`, `git@[host:port]:path` and `git@[::1]:path`.
  const [, inBrackets, plainHost] = /^[^@/]+@(?:\[([^\]]+)\]|([^:/]+)):/.exec(address) ?? [];
  const hostAndPort = isIpv6(inBrackets) ? '' : (inBrackets ?? '');
  const [, hostInBrackets = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(hostAndPort) ?? [];
  const host = plainHost ?? (isIpv6(inBrackets) ? inBrackets : hostInBrackets);
  return host === undefined || host === '' ? undefined : { host: decodeHost(host), port: Number(port ?? 22) };
}

/** An IPv6 address has at least two colons; a host with a port has one. */
function isIpv6(text: string | undefined): boolean {
  return (text?.split(':').length ?? 0) > 2;
}

/** git decodes percent signs in the host. */
function decodeHost(host: string): string {
  try {
    return bareHost(decodeURIComponent(host));
  } catch {
    return bareHost(host);
  }
}
