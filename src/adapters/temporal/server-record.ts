/**
 * Reads and writes `temporal.json` in the data folder: the running server, the programs that use it, and its ports.
 *
 * The ports stay in the file when the server stops, so that addresses and Web UI links are the same after a restart.
 */
import { readFileSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning } from '../machine/process-mark';
import type { ProcessMark } from '../machine/process-mark';
import type { UiTarget } from './ui-front';

/** A program that uses the server: the last of them stops it. */
export interface ServerUser extends ProcessMark {
  /** One process may use the server more than once. */
  token: string;
}

export interface ServerRecord {
  port: number;
  /** The port of the Web UI's address that people use. */
  uiPort: number;
  /** The address on which the Web UI itself listens; absent if an older version (before decision 0027) started it: `uiPort`. */
  ui?: UiTarget;
  /** Absent after the server was stopped. */
  server?: ProcessMark;
  /** The programs that use the server. A killed program stays in the list; `otherUsers` leaves it out. */
  users?: ServerUser[];
}

/** Returns the running programs that use the server, without the one with this token. */
export function otherUsers(record: ServerRecord | undefined, token: string): ServerUser[] {
  return (record?.users ?? []).filter((user) => user.token !== token && isRunning(user));
}

/** Reads the record synchronously, for exit handlers. */
export function readRecordSync(dataDir: string): ServerRecord | undefined {
  try {
    return JSON.parse(readFileSync(recordFile(dataDir), 'utf8')) as ServerRecord;
  } catch {
    return undefined;
  }
}

export async function readRecord(dataDir: string): Promise<ServerRecord | undefined> {
  try {
    return JSON.parse(await readFile(recordFile(dataDir), 'utf8')) as ServerRecord;
  } catch {
    return undefined;
  }
}

export async function writeRecord(dataDir: string, record: ServerRecord): Promise<void> {
  const temporary = `${recordFile(dataDir)}.${process.pid}`;
  await writeFile(temporary, JSON.stringify(record, null, 2), { mode: 0o600 });
  await rename(temporary, recordFile(dataDir));
}

function recordFile(dataDir: string): string {
  return join(dataDir, 'temporal.json');
}
