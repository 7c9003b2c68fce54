/**
 * Runs the reclaim job with the folders, the Temporal server and the rules of this configuration.
 */
import { createFileDocuments } from '../adapters/artifacts/documents';
import { STALE_MS } from '../adapters/machine/leftovers';
import { isRunning } from '../adapters/machine/process-mark';
import { sweep } from '../adapters/machine/sweep';
import { reclaim } from '../adapters/reclaim/run';
import type { ReclaimReport } from '../adapters/reclaim/run';
import { assertReachable, connectClient } from '../adapters/temporal/connect';
import { listOpenWork } from '../adapters/temporal/open-builds';
import { LOOPBACK } from '../adapters/temporal/ports';
import { readRecord } from '../adapters/temporal/server-record';
import type { Config } from './config';
import { ConfigError } from './config-error';
import { dataFolders, leftoversOf } from './data-folders';
import { temporalTarget } from './wiring';

/** Null where another process reclaims now. Throws an Error of one line where Temporal, which knows the open builds, is away. */
export async function reclaimNow(config: Config, { isDryRun }: { isDryRun: boolean }): Promise<ReclaimReport | null> {
  const { dataDir, disk } = config;
  const target = temporalTarget(config, await addressOf(config));
  const { client, connection } = connectClient(target);
  try {
    await assertReachable(connection, target);
    const folders = dataFolders(dataDir);
    const rules = { ...disk, graceMs: STALE_MS, now: Date.now() };
    const documents = createFileDocuments(folders.documents);
    const listOpen = () => listOpenWork(client, config.temporal.taskQueue);
    const result = await reclaim({ dataDir, folders, documents, listOpenWork: listOpen, rules, isDryRun });
    if (result !== null && !isDryRun) await sweep(leftoversOf({ ...config, firstUid: config.sandbox.uid }));
    return result;
  } finally {
    await connection.close();
  }
}

async function addressOf({ temporal, dataDir }: Config): Promise<string> {
  if (temporal.address !== undefined) return temporal.address;
  const record = await readRecord(dataDir);
  if (record?.server !== undefined && isRunning(record.server)) return `${LOOPBACK}:${record.port}`;
  const why = `no Temporal server runs on DATA_DIR="${dataDir}", so it is not known what open builds need`;
  throw new ConfigError(`${why}: run \`npm start\` at the same time, or set TEMPORAL_ADDRESS`);
}
