/**
 * Decides which servers a command behind the proxy may reach: only the names and ports of the worker's configuration.
 *
 * An entry with a full host name may lead to a private address; an entry with a wildcard may not.
 */
export interface AllowedHost {
  /** Lower case; `*.example.org` stands for every name below it. */
  host: string;
  /** Undefined: the ports 443 and 80. */
  port?: number | undefined;
}

/** `exact`: an entry names the host in full, so its address may be private. `wildcard`: the address must be public. */
export type Permission = 'exact' | 'wildcard';

const DEFAULT_PORTS = [443, 80];

export function permissionOf(allowed: readonly AllowedHost[], host: string, port: number): Permission | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const entriesForPort = allowed.filter((entry) =>
    entry.port === undefined ? DEFAULT_PORTS.includes(port) : entry.port === port,
  );
  if (entriesForPort.some((entry) => entry.host === name)) return 'exact';
  return entriesForPort.some((entry) => entry.host.startsWith('*.') && name.endsWith(entry.host.slice(1)))
    ? 'wildcard'
    : undefined;
}

/** Reads one `host`, `*.host` or `host:port`. Returns undefined for any other text. */
export function readHost(text: string): AllowedHost | undefined {
  const [, host, port] = /^((?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (host === undefined) return undefined;
  return { host: withoutBrackets(host), ...(port === undefined ? {} : { port: Number(port) }) };
}

/** Lists the servers of all URLs in a text, such as the settings file of a package manager. */
export function hostsOfUrls(text: string): AllowedHost[] {
  return [...text.matchAll(/\b(https?|ssh):\/\/[^\s"'<>|,;)\]]+/g)].flatMap(([url]) => {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    if (parsed === undefined || parsed.hostname === '') return [];
    const port = parsed.port === '' ? { 'https:': 443, 'http:': 80, 'ssh:': 22 }[parsed.protocol] : Number(parsed.port);
    return [{ host: withoutBrackets(parsed.hostname), port }];
  });
}

function withoutBrackets(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, '');
}
