/**
 * Identifies a process by its pid and its start time. The system uses a pid again; pid and start time together are unique.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessMark {
  pid: number;
  /** Start time, in a format of this file only. Equal only for the same process. */
  started: string;
}

/**
 * Returns undefined if no such process runs. A zombie (a dead process that its parent has not waited for) does not run, unless some
 * of its threads still run on Linux.
 */
export function markOf(pid: number): ProcessMark | undefined {
  const started = process.platform === 'linux' ? readStartOnLinux(pid) : readStartByPs(pid);
  return started === undefined ? undefined : { pid, started };
}

export function isRunning(mark: ProcessMark): boolean {
  return markOf(mark.pid)?.started === mark.started;
}

/** Returns the mark of this process. */
export function ownMark(): ProcessMark {
  const mark = markOf(process.pid);
  if (!mark) throw new Error('cannot read when this process started');
  return mark;
}

/** Position of `starttime` among the fields of /proc/<pid>/stat after the command name; the state is field 0. */
const START_TIME_FIELD = 19;

function readStartOnLinux(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command name is in parentheses and may contain spaces, so fields are counted after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie with other threads still counts as running: it keeps its files and ports until the last thread has ended.
    if (fields[0] === 'X' || (fields[0] === 'Z' && readdirSync(`/proc/${pid}/task`).length === 1)) return undefined;
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}:${fields[START_TIME_FIELD]}`;
  } catch {
    return undefined;
  }
}

function readStartByPs(pid: number): string | undefined {
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
