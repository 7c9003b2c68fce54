/**
 * Names of temporary folders that say which process made them, so that those of dead ones can be told apart and removed.
 */
import { readlinkSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY_MS } from './leftovers';
import type { Leftovers } from './leftovers';
import { markOf, ownMark } from './process-mark';

export type TemporaryKind = 'scratch' | 'index' | 'stage' | 'report';

const NAME = /^q-(?:scratch|index|stage|report)-(\d+)\.(\d+)\.(\d+)-\w{6}$/;
let own: string | undefined;

export function makeTemporary(root: string, kind: TemporaryKind): Promise<string> {
  own ??= `${processSpace()}.${process.pid}.${startOf(ownMark().started)}`;
  return mkdtemp(join(root, `q-${kind}-${own}-`));
}

/** `isOwner`: users that are given such folders. Removed at once where the maker is known to be dead. */
export function temporaryLeftovers(root: string, isOwner: (uid: number) => boolean): Leftovers[] {
  return [{ folder: root, name: NAME, afterMs: 7 * DAY_MS, isMakerDead, isOwner, isFolder: true }];
}

/** Known to be dead. A process of another container, which cannot be seen from here, is not. */
function isMakerDead(name: string): boolean {
  const [, space, pid, started] = NAME.exec(name) ?? [];
  if (pid === undefined || space !== processSpace()) return false;
  const mark = markOf(Number(pid));
  return mark === undefined || startOf(mark.started) !== started;
}

function startOf(started: string): string {
  return started.replace(/^.*:/, '').replace(/\D/g, '') || '0';
}

/** Process ids mean something within one of these only. */
function processSpace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}
