/**
 * Reads the settings of the Temporal server, from the environment and from Temporal's own configuration file.
 */
import { resolve } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { readPayloadKeys } from '../adapters/temporal/payload-keys';
import type { PayloadKey } from '../adapters/temporal/payload-keys';
import { ConfigError } from './config-error';
import type { SettingValues } from './settings';

export interface TemporalConfig {
  /** Undefined: no server is configured, so an embedded one is started. */
  address: string | undefined;
  namespace: string;
  taskQueue: string;
  cliPath: string | undefined;
  /** The address of the Web UI, without a slash at its end. */
  uiUrl: string | undefined;
  /** The host and port of the Web UI, for the proxy of `npm run ui`. */
  uiUpstream: { host: string; port: number } | undefined;
  maxCachedWorkflows: number;
  connection: TemporalCredentials;
  /** Undefined: payloads are not encrypted. */
  payloadKeys: PayloadKey[] | undefined;
}
/** Options of client and worker connections in addition to the address. */
export type TemporalCredentials = Pick<ConnectionOptions, 'tls' | 'apiKey' | 'metadata'>;
type ConnectionOptions = ReturnType<typeof loadClientConnectConfig>['connectionOptions'];

type Env = Record<string, string>;

/** Reads them by the rules that all Temporal tools follow. */
export function readTemporal(values: SettingValues, env: Env): TemporalConfig {
  const { connectionOptions, namespace } = loadTemporalProfile(env);
  const { address, tls, apiKey, metadata } = connectionOptions;
  return {
    address,
    namespace: namespace ?? values.TEMPORAL_NAMESPACE,
    taskQueue: values.TEMPORAL_TASK_QUEUE,
    cliPath: values.TEMPORAL_CLI_PATH,
    uiUrl: values.TEMPORAL_UI_URL?.replace(/\/+$/, ''),
    uiUpstream: values.TEMPORAL_UI_UPSTREAM === undefined ? undefined : readUpstream(values.TEMPORAL_UI_UPSTREAM),
    maxCachedWorkflows: values.MAX_CACHED_WORKFLOWS,
    payloadKeys: readKeys(values.PAYLOAD_KEYS_FILE),
    connection: {
      ...(tls === undefined ? {} : { tls }),
      ...(apiKey === undefined ? {} : { apiKey }),
      ...(metadata === undefined ? {} : { metadata }),
    },
  };
}

function readKeys(file: string | undefined): PayloadKey[] | undefined {
  if (file === undefined) return undefined;
  try {
    return readPayloadKeys(resolve(file));
  } catch (error) {
    throw new ConfigError(`PAYLOAD_KEYS_FILE="${file}" ${(error as Error).message}`);
  }
}

function readUpstream(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':');
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) };
}

function loadTemporalProfile(env: Env): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env });
  } catch (error) {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new ConfigError(`the TEMPORAL_* settings or the Temporal configuration file are wrong: ${line}`);
  }
}
