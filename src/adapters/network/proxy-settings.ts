/**
 * The proxy that the worker itself must use, as HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY say. Pure.
 */
export interface ProxySettings {
  /** For TLS and other tunnels. */
  https?: URL | undefined;
  /** For plain HTTP. */
  http?: URL | undefined;
  /** As NO_PROXY has it: names with or without a leading dot, `*`, each with or without a port. */
  except: string[];
}

/** Lower case counts before upper case, as curl has it. */
export function readProxySettings(env: Readonly<Record<string, string | undefined>>): ProxySettings {
  const value = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const all = value('ALL_PROXY');
  return {
    https: readProxy(value('HTTPS_PROXY') ?? all),
    http: readProxy(value('HTTP_PROXY') ?? all),
    except: (value('NO_PROXY') ?? '')
      .split(/[\s,]+/)
      .filter((entry) => entry !== '')
      .map((entry) => entry.toLowerCase()),
  };
}

/** Undefined where the server is reached directly. */
export function proxyFor(
  settings: ProxySettings,
  { host, port, scheme = port === 80 ? 'http' : 'https' }: { host: string; port: number; scheme?: 'http' | 'https' },
): URL | undefined {
  const name = host.toLowerCase();
  const isExcepted = settings.except.some((entry) => {
    const [, domain = '', only] = /^(.*?)(?::(\d+))?$/.exec(entry) ?? [];
    if (only !== undefined && Number(only) !== port) return false;
    const bare = domain.replace(/^\*?\./, '');
    return domain === '*' || name === bare || name.endsWith(`.${bare}`);
  });
  if (isExcepted) return undefined;
  return settings[scheme];
}

/** A proxy may be written without `http://`; one of another kind (socks) is none that is spoken here. */
function readProxy(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = text.includes('://') ? text : `http://${text}`;
  return /^https?:\/\//.test(url) && URL.canParse(url) ? new URL(url) : undefined;
}
