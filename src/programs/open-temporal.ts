/**
 * Opens the Temporal server of a program: the configured server, or an embedded one.
 */
import type { Connection } from '@temporalio/client';
import { assertReachable } from '../adapters/temporal/connect';
import type { TemporalTarget } from '../adapters/temporal/connect';
import { startEmbedded } from '../adapters/temporal/embedded';
import { ensureSearchAttributes, learnSearchAttributes } from '../adapters/temporal/search-attributes';
import type { ApiDeps } from '../api/deps';
import { codecEndpointOf } from './address';
import type { Config } from './config';
import { temporalTarget } from './wiring';

interface Opening {
  config: Config;
  say: (line: string) => void;
  signal?: AbortSignal;
}

export interface OpenTemporal {
  target: TemporalTarget;
  uiUrl: string | null;
}

export async function openTemporal(
  { config, say, signal }: Opening,
  undo: Array<() => Promise<unknown>>,
  fail: (error: Error) => void,
): Promise<OpenTemporal> {
  const { address, cliPath } = config.temporal;
  const uiUrl = config.temporal.uiUrl ?? null;
  if (address !== undefined) return { target: temporalTarget(config, address), uiUrl };
  const { dataDir, cacheDir } = config;
  const onExit = (reason: string) => fail(new Error(`the Temporal server ended: ${reason}`));
  const codecEndpoint = codecEndpointOf(config);
  const { allowedHosts } = config.browsers;
  const server = await startEmbedded({
    ...{ dataDir, cacheDir, cliPath, allowedHosts, codecEndpoint },
    ...{ log: say, signal, onExit },
  });
  undo.push(() => server.stop());
  return { target: temporalTarget(config, server.address), uiUrl: server.uiUrl };
}

/**
 * Waits for the server and prepares its search attributes. A worker fails without Temporal; the API starts all the same, answers
 * 503, and serves as soon as Temporal is back.
 */
export async function prepareServer(
  connection: Connection,
  { target }: OpenTemporal,
  { worker, say }: { worker: boolean; say: (line: string) => void },
): Promise<ApiDeps['searchAttributesKnown']> {
  const { namespace } = target;
  try {
    await assertReachable(connection, target);
  } catch (error) {
    if (worker) throw error;
    say(error instanceof Error ? error.message : String(error));
    return learnSearchAttributes({ connection, namespace, log: say });
  }
  // The embedded server makes them with a new database only: one of an earlier version may lack some.
  const { missing } = await ensureSearchAttributes({ connection, namespace, log: say });
  return missing.length === 0;
}
