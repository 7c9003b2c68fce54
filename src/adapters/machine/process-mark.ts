/**
 * Which process a number means: its pid together with the moment it started.
 *
 * A pid alone is used again by the system; pid and start time together are not.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessMark {
  pid: number;
  /** Opaque; equal only for the same process. */
  started: string;
}

/** Undefined where no such process runs (a killed one that nobody has waited for counts as gone). */
export function markOf(pid: number): ProcessMark | undefined {
  const started = process.platform === 'linux' ? startOnLinux(pid) : startByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isRunning(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.started === mark.started;
}

/** This process. */
export function ownMark(): ProcessMark {
  const mark = markOf(process.pid);
  if (!mark) throw new Error('cannot read when this process started');
  return mark;
}

function startOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name stands in parentheses and may hold spaces, so count the fields after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A killed process still holds its files and ports while any of its threads is ending.
    if (fields[0] === 'X' || (fields[0] === 'Z' && readdirSync(`/proc/${pid}/task`).length === 1)) return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function startByPs(pid: number): string | undefined {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
    }).trim();
    const [, state, started] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    return state === undefined || state.startsWith('Z') ? undefined : started;
  } catch {
    return undefined;
  }
}
