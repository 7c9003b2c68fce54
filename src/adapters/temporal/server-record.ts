/**
 * `temporal.json` beside the database: which server runs on it, which programs use it, and which ports it had.
 *
 * The ports outlive the server, so that addresses and Web UI links stay the same after a restart.
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
  /** Of the address of the Web UI that people know. */
  uiPort: number;
  /** Where the Web UI of the server listens; absent where a release before 0027 started it: on `uiPort` itself. */
  ui?: UiTarget;
  /** Absent once the server was stopped in order. */
  server?: ProcessMark;
  /** One that was killed is still named; `otherUsers` leaves it out. */
  users?: ServerUser[];
}

/** Who uses the server beside the one with this token, and still runs. */
export function otherUsers(record: ServerRecord | undefined, token: string): ServerUser[] {
  return (record?.users ?? []).filter((user) => user.token !== token && isRunning(user));
}

/** For the end of a process, which waits for nothing. */
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
  const aside = `${recordFile(dataDir)}.${process.pid}`;
  await writeFile(aside, JSON.stringify(record, null, 2), { mode: 0o600 });
  await rename(aside, recordFile(dataDir));
}

function recordFile(dataDir: string): string {
  return join(dataDir, 'temporal.json');
}
