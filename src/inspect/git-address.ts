/**
 * Reads the server from the address of a git repository, as git does. Pure.
 */
import { bareHost } from './inside-address';

const PORTS: Record<string, number> = { 'https:': 443, 'ssh:': 22 };

/** Returns undefined if the address names no server. */
export function gitServerOf(address: string): { host: string; port: number } | undefined {
  if (/^(https|ssh):\/\//.test(address)) {
    if (!URL.canParse(address)) return undefined;
    const { hostname, port, protocol } = new URL(address);
    return hostname === '' ? undefined : { host: decodeHost(hostname), port: Number(port) || (PORTS[protocol] ?? 443) };
  }
  // `git@host:path`, and `git@[host:port]:path`.
  const [, bracketed, host] = /^[^@/]+@(?:\[([^\]]+)\]|([^:/]+)):/.exec(address) ?? [];
  const [, name = '', port] = /^(.*?)(?::(\d{1,5}))?$/.exec(isSix(bracketed) ? '' : (bracketed ?? '')) ?? [];
  const named = host ?? (isSix(bracketed) ? bracketed : name);
  return named === undefined || named === '' ? undefined : { host: decodeHost(named), port: Number(port ?? 22) };
}

function isSix(text: string | undefined): boolean {
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
