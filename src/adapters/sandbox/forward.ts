/**
 * The way of a proxied command to the worker's proxy: a small program inside, which starts the command. Constants and text.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRun } from '../../ports/sandbox';

export const PROXY_SOCKET = '/run/q/proxy.sock';
const FORWARD = '/run/q/forward.cjs';
const PROXY = 'http://127.0.0.1:3128';
/** Java reads no variable of proxies, and Maven from 3.9 on no property of Java's before it is asked to. */
const JAVA = [
  ...['http', 'https'].flatMap((scheme) => [`-D${scheme}.proxyHost=127.0.0.1`, `-D${scheme}.proxyPort=3128`]),
  '-Daether.connector.http.useSystemProperties=true',
].join(' ');

/** Both spellings: programs differ in which they read. */
export const PROXY_VARIABLES: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy', 'YARN_HTTPS_PROXY', 'YARN_HTTP_PROXY'].map((name) => [
      name,
      PROXY,
    ]),
  ),
  npm_config_proxy: PROXY,
  npm_config_https_proxy: PROXY,
  NO_PROXY: 'localhost,127.0.0.1,::1',
  no_proxy: 'localhost,127.0.0.1,::1',
  NODE_USE_ENV_PROXY: '1',
  JAVA_TOOL_OPTIONS: JAVA,
};

/** Words before the command. */
export function forwarded({ proxy }: Pick<SandboxRun, 'proxy'>, nodePath: string): string[] {
  return proxy === undefined ? [] : [nodePath, FORWARD, PROXY_SOCKET];
}

/** Three levels above the sources and the compiled files alike. */
const PROGRAMS = join(__dirname, '..', '..', '..', 'sandbox-programs');
export const FORWARD_FILE = join(PROGRAMS, 'forward.cjs');
/** The program, and the settings by which every ssh of a step uses it. */
export const FORWARD_FILES = [
  { from: FORWARD_FILE, to: FORWARD },
  { from: join(PROGRAMS, 'ssh_config'), to: '/etc/ssh/ssh_config' },
];
let texts: Array<{ path: string; text: string }> | undefined;

export function forwardFiles(): Array<{ path: string; text: string }> {
  texts ??= FORWARD_FILES.map(({ from, to }) => ({ path: to, text: readFileSync(from, 'utf8') }));
  return texts;
}
