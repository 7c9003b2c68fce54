/**
 * Keeps inherited file descriptors from child processes. Node closes its own descriptors in a child, but not those that this process
 * has inherited from its parent.
 */
import { openSync, readdirSync, readFileSync } from 'node:fs';
import type { StdioOptions } from 'node:child_process';

/** The flag O_CLOEXEC: the descriptor is closed in a child. */
const O_CLOEXEC = 0o2000000;
let inheritedFds: number[] | undefined;
let devNull: number | undefined;

/** Returns the `stdio` of a child: the wanted descriptors, and `/dev/null` in place of every other inherited descriptor. */
export function stdioWithoutInherited(wanted: Array<'ignore' | 'pipe' | 'ipc'>): StdioOptions {
  inheritedFds ??= findInherited();
  const unwantedFds = inheritedFds.filter((fd) => fd >= wanted.length);
  const stdio: Array<'ignore' | 'pipe' | 'ipc' | number> = [...wanted];
  // Above descriptor 2, Node takes 'ignore' as: leave the descriptor as it is.
  while (stdio.length <= Math.max(-1, ...unwantedFds)) stdio.push('ignore');
  if (unwantedFds.length > 0) devNull ??= openSync('/dev/null', 'r');
  for (const fd of unwantedFds) stdio[fd] = devNull ?? 'ignore';
  return stdio;
}

function findInherited(): number[] {
  const openFds = readdirSync('/proc/self/fdinfo').map(Number);
  return openFds.filter((fd) => {
    if (fd <= 2) return false;
    try {
      const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
      return flags !== undefined && (Number.parseInt(flags, 8) & O_CLOEXEC) === 0;
    } catch {
      // The descriptor by which the folder was listed is closed already.
      return false;
    }
  });
}
