/**
 * Reclaims once in a while beside a worker, in a process of its own with low priority, which ends with the worker.
 *
 * Several workers share a data folder: the first that looks after the time is over does it; the lock keeps the others out.
 */
import { setPriority } from 'node:os';
import { extname, join } from 'node:path';
import { startProgram } from '../adapters/machine/processes/start';
import type { Running } from '../adapters/machine/processes/start';
import { lastReclaimAt } from '../adapters/reclaim/run';
import type { Config } from './config';

const LOOK_EVERY_MS = 10 * 60_000;
const LOWEST = 19;

interface Log {
  info(line: string): void;
  warn(line: string): void;
}
interface Place {
  /** Of Temporal. */
  address: string;
  log: Log;
  /** How often it is asked whether the time is over. */
  lookEveryMs?: number;
  /** What node is given to load our programs; as this process was, where it is left out. */
  run?: readonly string[];
}

/** Gives what ends it. The first look comes after ten minutes: a start has other work to do. */
export function scheduleReclaim(
  { dataDir, disk, temporal }: Pick<Config, 'dataDir' | 'disk' | 'temporal'>,
  { address, log, lookEveryMs = LOOK_EVERY_MS, run = process.execArgv }: Place,
): () => void {
  const { reclaimEveryMs: everyMs } = disk;
  if (everyMs === undefined) return () => undefined;
  let running: Running | undefined;
  const look = async (): Promise<void> => {
    if (running !== undefined || Date.now() - (await lastReclaimAt(dataDir)) < everyMs) return;
    let said = '';
    const hear = (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2_000));
    running ??= startProgram({
      file: process.execPath,
      args: [...run, join(__dirname, `cli/main${extname(__filename)}`), 'reclaim', '--scheduled'],
      cwd: process.cwd(),
      env: {
        ...disk.reclaimEnv,
        DATA_DIR: dataDir,
        TEMPORAL_ADDRESS: address,
        TEMPORAL_NAMESPACE: temporal.namespace,
        TEMPORAL_TASK_QUEUE: temporal.taskQueue,
      },
      outputs: { 1: hear, 2: hear },
    });
    const code = await running.closed.finally(() => (running = undefined));
    log[code === 0 ? 'info' : 'warn'](`reclaim: ${said.trim().split('\n').at(-1) ?? ''}`);
  };
  const timer = setInterval(() => {
    void look().catch((error: unknown) => log.warn(`reclaim: ${String(error)}`));
  }, lookEveryMs).unref();
  return () => {
    clearInterval(timer);
    running?.kill();
  };
}

/** Of this process: builds go first. */
export function stepBack(): void {
  setPriority(LOWEST);
}
