/** How the embedded Temporal server is started: not the stock dev server, and why. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LOOPBACK } from './ports';
import type { UiTarget } from './ui-front';
import { SEARCH_ATTRIBUTES } from '../../workflows/attributes';

export const EMBEDDED_NAMESPACE = 'default';

/** The one shard's queues poll 20 times a second by default, which costs every workflow task up to 50 ms. */
export const POLLED_QUEUES = ['transferProcessor', 'visibilityProcessor', 'timerProcessor'];
const POLLS_PER_SECOND = 2000;

/**
 * The server ends a workflow whose history is larger than this; its default is 50 MB. A build goes on anew at 4 MB, but not while
 * signals come faster than a workflow task ends: thirty of the largest that there can be are more than the default.
 */
const HISTORY_LIMIT_BYTES = 256 * 1024 * 1024;

/** Where the server listens. The HTTP API, the metrics and the Web UI ask nobody who they are: no browser is to reach them. */
export interface ServerPorts {
  port: number;
  httpPort: number;
  metricsPort: number;
  ui: UiTarget;
}

export function serverFlags(input: {
  dataDir: string;
  ports: ServerPorts;
  codecEndpoint?: string | undefined;
}): string[] {
  const { dataDir, ports, codecEndpoint } = input;
  return [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--port', String(ports.port)],
    ...['--ui-ip', ports.ui.host, '--ui-port', String(ports.ui.port), '--ui-disable-news-fetch'],
    ...(codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', codecEndpoint]),
    ...['--http-port', String(ports.httpPort), '--metrics-port', String(ports.metricsPort)],
    // Closes the HTTP API: nothing here uses it, and nobody knows this name.
    ...['--dynamic-config-value', `frontend.httpAllowedHosts=["${randomUUID()}.invalid"]`],
    ...['--db-filename', databaseFile(dataDir)],
    // One sync a commit instead of several. FULL costs a tenth over NORMAL, which may lose the last commits in a power cut.
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'],
    ...POLLED_QUEUES.flatMap((queue) => ['--dynamic-config-value', `history.${queue}MaxPollRPS=${POLLS_PER_SECOND}`]),
    ...['--dynamic-config-value', `limit.historySize.error=${HISTORY_LIMIT_BYTES}`],
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, { type }]) => ['--search-attribute', `${name}=${type}`]),
    ...['--log-level', 'error', '--log-format', 'json'],
  ];
}

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'temporal.db');
}
