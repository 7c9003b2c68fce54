/** How the embedded Temporal server is started: not the stock dev server, and why. */
import { join } from 'node:path';
import { LOOPBACK } from './ports';
import { SEARCH_ATTRIBUTES } from '../../workflows/attributes';

export const EMBEDDED_NAMESPACE = 'default';

/** The one shard's queues poll 20 times a second by default, which costs every workflow task up to 50 ms. */
export const POLLED_QUEUES = ['transferProcessor', 'visibilityProcessor', 'timerProcessor'];
const POLLS_PER_SECOND = 2000;

export function serverFlags(input: {
  dataDir: string;
  port: number;
  uiPort: number;
  codecEndpoint?: string | undefined;
}): string[] {
  return [
    ...['server', 'start-dev', '--ip', LOOPBACK, '--ui-ip', LOOPBACK],
    ...['--port', String(input.port), '--ui-port', String(input.uiPort), '--ui-disable-news-fetch'],
    ...(input.codecEndpoint === undefined ? [] : ['--ui-codec-endpoint', input.codecEndpoint]),
    ...['--db-filename', databaseFile(input.dataDir)],
    // One sync a commit instead of several. FULL costs a tenth over NORMAL, which may lose the last commits in a power cut.
    ...['--sqlite-pragma', 'journal_mode=WAL', '--sqlite-pragma', 'synchronous=FULL'],
    ...POLLED_QUEUES.flatMap((queue) => ['--dynamic-config-value', `history.${queue}MaxPollRPS=${POLLS_PER_SECOND}`]),
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, { type }]) => ['--search-attribute', `${name}=${type}`]),
    ...['--log-level', 'error', '--log-format', 'json'],
  ];
}

export function databaseFile(dataDir: string): string {
  return join(dataDir, 'temporal.db');
}
