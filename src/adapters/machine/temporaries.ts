/**
 * Makes temporary folders whose names contain the process that made them, so that the folders of dead processes can be removed.
 */
import { readlinkSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS } from './leftovers';
import type { Leftovers } from './leftovers';
import { markOf, ownMark } from './process-mark';

export type TemporaryKind = 'scratch' | 'index' | 'stage' | 'report';

const TEMPORARY_NAME = /^q-(?:scratch|index|stage|report)-(\d+)\.(\d+)\.(\d+)-\w{6}$/;
let ownPart: string | undefined;

export function makeTemporary(root: string, kind: TemporaryKind): Promise<string> {
  ownPart ??= `${processSpace()}.${process.pid}.${startDigits(ownMark().started)}`;
  return mkdtemp(join(root, `q-${kind}-${ownPart}-`));
}

/** Folders are removed at once if their maker is dead, else after a week. `isOwner`: true for users that may own such folders. */
export function temporaryLeftovers(root: string, isOwner: (uid: number) => boolean): Leftovers[] {
  return [{ folder: root, name: TEMPORARY_NAME, afterMs: 7 * DAY_MS, isMakerDead, isOwner, isFolder: true }];
}

/** True if the maker is known to be dead. A process of another container cannot be seen from here and counts as alive. */
function isMakerDead(name: string): boolean {
  const [, space, pid, started] = TEMPORARY_NAME.exec(name) ?? [];
  if (pid === undefined || space !== processSpace()) return false;
  const mark = markOf(Number(pid));
  return mark === undefined || startDigits(mark.started) !== started;
}

function startDigits(started: string): string {
  return started.replace(/^.*:/, '').replace(/\D/g, '') || '0';
}

/** Returns the id of this process's PID namespace, in which alone its pid is valid. */
function processSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}
