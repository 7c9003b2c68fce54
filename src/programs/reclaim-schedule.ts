/**
 * Runs `qo reclaim` at intervals for a worker, in a child process with low priority that ends with the worker.
 *
 * Several workers may share a data folder: the first one that finds it due runs it, and a lock excludes the others.
 */
import { setPriority } from 'node:os';
import { extname, join } from 'node:path';
import { startProgram } from '../adapters/machine/processes/start';
import type { RunningProgram } from '../adapters/machine/processes/start';
import { lastReclaimAt } from '../adapters/reclaim/run';
import type { Config } from './config';

const CHECK_INTERVAL_MS = 10 * 60_000;
const LOWEST_PRIORITY = 19;

interface Log {
  info(line: string): void;
  warn(line: string): void;
}
interface ScheduleOptions {
  /** The address of Temporal. */
  address: string;
  log: Log;
  /** The interval at which the schedule checks whether a reclaim is due. */
  checkIntervalMs?: number;
  /** Arguments that node needs to load the programs; by default those of this process. */
  nodeArgs?: readonly string[];
}

/** Starts the schedule; gives the function that ends it. The first check is after ten minutes, so that it does not slow the start. */
export function scheduleReclaim(
  { dataDir, disk, temporal }: Pick<Config, 'dataDir' | 'disk' | 'temporal'>,
  { address, log, checkIntervalMs = CHECK_INTERVAL_MS, nodeArgs = process.execArgv }: ScheduleOptions,
): () => void {
  const { reclaimEveryMs: everyMs } = disk;
  if (everyMs === undefined) return () => undefined;
  let running: RunningProgram | undefined;
  const reclaimIfDue = async (): Promise<void> => {
    if (running !== undefined || Date.now() - (await lastReclaimAt(dataDir)) < everyMs) return;
    let output = '';
    const collect = (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-2_000));
    running ??= startProgram({
      file: process.execPath,
      args: [...nodeArgs, join(__dirname, `cli/main${extname(__filename)}`), 'reclaim', '--scheduled'],
      cwd: process.cwd(),
      env: {
        ...disk.reclaimEnv,
        DATA_DIR: dataDir,
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: temporal.namespace,
        TEMPORAL_TASK_QUEUE: temporal.taskQueue,
      },
      outputs: { 1: collect, 2: collect },
    });
    const code = await running.closed.finally(() => (running = undefined));
    log[code === 0 ? 'info' : 'warn'](`reclaim: ${output.trim().split('\n').at(-1) ?? ''}`);
  };
  const timer = setInterval(() => {
    void reclaimIfDue().catch((error: unknown) => log.warn(`reclaim: ${String(error)}`));
  }, checkIntervalMs).unref();
  return () => {
    clearInterval(timer);
    running?.kill();
  };
}

/** Lowers the priority of this process, so that it does not slow builds. */
export function lowerPriority(): void {
  setPriority(LOWEST_PRIORITY);
}
