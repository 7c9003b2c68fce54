/** Builds the arguments of the embedded Temporal server, with the reasons where they differ from the usual dev server. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { LOOPBACK } from './ports';
import type { UiTarget } from './ui-front';
import { SEARCH_ATTRIBUTES } from '../../workflows/attributes';

export const EMBEDDED_NAMESPACE = 'default';

/**
 * Settings of the server, also in deploy/dynamicconfig.yaml (a test compares the two).
 *
 * - matching.autoEnableV2: task queues give out waiting tasks fairly between fairness keys, which are projects here (decision 0037). Queues
 *   of an earlier version are drained first.
 * - MaxPollRPS: the queues of a shard poll 20 times a second by default, which costs every workflow task up to 50 ms.
 * - limit.historySize.error: the server ends a workflow whose history is larger; its default is 50 MB. A build continues as new at 4 MB,
 *   but not while signals come faster than a workflow task ends, and thirty of the largest signals are more than 50 MB.
 * - limit.blobSize.error: the server terminates a workflow whose answer to an update is larger, and a rejection contains the rejected
 *   request. The default is 2 MB, and requests of up to 4 MB reach the workflow (the limit of gRPC); so this must be above 4 MB.
 */
export const SERVER_SETTINGS: Readonly<Record<string, number | boolean>> = {
  'matching.autoEnableV2': true,
  'history.transferProcessorMaxPollRPS': 2000,
  'history.visibilityProcessorMaxPollRPS': 2000,
  'history.timerProcessorMaxPollRPS': 2000,
  'limit.historySize.error': 256 * 1024 * 1024,
  'limit.blobSize.error': 5 * 1024 * 1024,
};

/** The ports of the server. The HTTP API, the metrics and the Web UI have no authentication, so no browser may reach them. */
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
    // Closes the HTTP API, which is not used here: no caller knows this host name.
    ...['--dynamic-config-value', `frontend.httpAllowedHosts=["${randomUUID()}.invalid"]`],
    ...['--db-filename', databaseFile(dataDir)],
    // WAL needs one sync for a commit instead of several. FULL takes a tenth more time than NORMAL, which may lose the last commits
    // in a power cut.
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'],
    ...Object.entries(SERVER_SETTINGS).flatMap(([name, value]) => ['--dynamic-config-value', `${name}=${value}`]),
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, { type }]) => ['--search-attribute', `${name}=${type}`]),
    ...['--log-level', 'error', '--log-format', 'json'],
  ];
}

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'temporal.db');
}
