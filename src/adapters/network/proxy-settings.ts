/**
 * Reads the proxy that the worker itself must use from HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY. Pure functions.
 */
export interface ProxySettings {
  /** The proxy for TLS and other tunnels. */
  https?: URL | undefined;
  /** The proxy for plain HTTP. */
  http?: URL | undefined;
  /** The entries of NO_PROXY: `*`, or names with or without a leading dot; each with or without a port. */
  noProxyEntries: string[];
}

/** A variable in lower case takes precedence over upper case, as in curl. */
export function readProxySettings(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const value = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const forAllSchemes = value('ALL_PROXY');
  return {
    https: readProxy(value('HTTPS_PROXY') ?? forAllSchemes),
    http: readProxy(value('HTTP_PROXY') ?? forAllSchemes),
    noProxyEntries: (value('NO_PROXY') ?? '')
      .split(/[\s,]+/)
      .filter((entry) => entry !== '')
      .map((entry) => entry.toLowerCase()),
  };
}

/** Returns undefined if the server is reached without a proxy. */
export function proxyFor(
  settings: ProxySettings,
  { host, port, scheme = port === 80 ? 'http' : 'https' }: { host: string; port: number; scheme?: 'http' | 'https' },
): URL | undefined {
  const name = host.toLowerCase();
  const isExcepted = settings.noProxyEntries.some((entry) => {
    const [, domain = '', exceptedPort] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (exceptedPort !== undefined && Number(exceptedPort) !== port) return false;
    const bare = domain.replace(/^\*?\./, '');
    return domain === '*' || name === bare || name.endsWith(`.${bare}`);
  });
  if (isExcepted) return undefined;
  return settings[scheme];
}

/** The URL of a proxy may omit `http://`. Returns undefined for other protocols, such as SOCKS, which are not supported. */
function readProxy(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = text.includes('://') ? text : `http://${text}`;
  return /^https?:\/\//.test(url) && URL.canParse(url) ? new URL(url) : undefined;
}
