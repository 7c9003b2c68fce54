/**
 * Constants and files that connect a command in the sandbox to the worker's proxy. A small program in the sandbox (the
 * forwarder) listens for the command's requests, passes them to the proxy's socket, and starts the command.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRun } from '../../ports/sandbox';

export const PROXY_SOCKET = '/run/q/proxy.sock';
const FORWARDER = '/run/q/forward.cjs';
const PROXY = 'http://127.0.0.1:3128';
/** Java reads no proxy variables, and Maven from 3.9 on reads Java's properties only if it is told to. */
const JAVA_OPTIONS = [
  ...['http', 'https'].flatMap((scheme) => [`-D${scheme}.proxyHost=127.0.0.1`, `-D${scheme}.proxyPort=3128`]),
  '-Daether.connector.http.useSystemProperties=true',
].join(' ');

/** Proxy settings of the command. Some programs read the variables in capitals, some in small letters. */
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
  JAVA_TOOL_OPTIONS: JAVA_OPTIONS,
};

/** Returns the words that start the forwarder, to be put before the command; none for a command without a proxy. */
export function proxyLauncher({ proxy }: Pick<SandboxRun, 'proxy'>, nodePath: string): string[] {
  return proxy === undefined ? [] : [nodePath, FORWARDER, PROXY_SOCKET];
}

/** The path is the same from the sources and from the compiled files. */
const PROGRAMS = join(__dirname, '..', '..', '..', 'sandbox-programs');
export const FORWARD_FILE = join(PROGRAMS, 'forward.cjs');
/** The forwarder, and the settings by which ssh in a sandbox uses it. */
export const FORWARD_FILES = [
  { from: FORWARD_FILE, to: FORWARDER },
  { from: join(PROGRAMS, 'ssh_config'), to: '/etc/ssh/ssh_config' },
];
let texts: Array<{ path: string; text: string }> | undefined;

export function forwardFiles(): Array<{ path: string; text: string }> {
  texts ??= FORWARD_FILES.map(({ from, to }) => ({ path: to, text: readFileSync(from, 'utf8') }));
  return texts;
}
