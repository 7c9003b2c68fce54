/**
 * Descriptors that the starter of this process left open to its children. Node closes its own, but not these.
 */
import { openSync, readdirSync, readFileSync } from 'node:fs';
import type { StdioOptions } from 'node:child_process';

const CLOSED_ON_EXEC = 0o2000000;
let inherited: number[] | undefined;
let nothing: number | undefined;

/** The descriptors of a child, with `/dev/null` in the place of every inherited one that is not among them. */
export function covered(wanted: Array<'ignore' | 'pipe' | 'ipc'>): StdioOptions {
  inherited ??= findInherited();
  const beyond = inherited.filter((fd) => fd >= wanted.length);
  const stdio: Array<'ignore' | 'pipe' | 'ipc' | number> = [...wanted];
  // Above 2, 'ignore' means: left as it is.
  while (stdio.length <= Math.max(-1, ...beyond)) stdio.push('ignore');
  if (beyond.length > 0) nothing ??= openSync('/dev/null', 'r');
  for (const fd of beyond) stdio[fd] = nothing ?? 'ignore';
  return stdio;
}

function findInherited(): number[] {
  const open = readdirSync('/proc/self/fdinfo').map(Number);
  return open.filter((fd) => {
    if (fd <= 2) return false;
    try {
      const flags = /^flags:\s+(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
      return flags !== undefined && (Number.parseInt(flags, 8) & CLOSED_ON_EXEC) === 0;
    } catch {
      // The one that the folder itself was read by.
      return false;
    }
  });
}
