/**
 * `temporal.json` beside the database: which server runs on it, who started it, and which ports it had.
 *
 * The ports outlive the server, so that addresses and Web UI links stay the same after a restart.
 */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ProcessMark } from '../machine/process-mark';

export interface ServerRecord {
  port: number;
  uiPort: number;
  /** Absent once the server was stopped in order. */
  server?: ProcessMark;
  /** Who stops it; when that process is gone, the next start takes the server over. */
  owner?: ProcessMark;
}

export async function readRecord(dataDir: string): Promise<ServerRecord | undefined> {
  try {
    return JSON.parse(await readFile(recordFile(dataDir), 'utf8')) as ServerRecord;
  } catch {
    return undefined;
  }
}

export async function writeRecord(dataDir: string, record: ServerRecord): Promise<void> {
  const aside = `${recordFile(dataDir)}.${process.pid}`;
  await writeFile(aside, JSON.stringify(record, null, 2));
  await rename(aside, recordFile(dataDir));
}

function recordFile(dataDir: string): string {
  return join(dataDir, 'temporal.json');
}
