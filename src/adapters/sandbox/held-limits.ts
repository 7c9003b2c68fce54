/**
 * Describes which limits of a sandbox are enforced on this machine, and by what. A limit of the kernel cannot be exceeded. A limit
 * of the watch can be, for some milliseconds. Resources that are not counted are limited only by the machine's memory reserve.
 */
import type { Sandbox } from '../../ports/sandbox';

const DISK_LIMITS = 'bytes and files on disk';
/** Without control groups, these cannot be counted for one run: see docs/decisions/0029-limits-of-a-sandbox.md. */
const UNCOUNTED = 'file locks, memory mappings, TCP memory beyond the default of a socket';

/** Returns one line for the log. If the worker is root (`isRoot`), each run has a user of its own. */
export function describeLimits(driver: Sandbox['name'], isRoot = process.getuid?.() === 0): string {
  if (driver === 'none') return 'sandbox limits: time only; memory, processes and disk are not limited';
  if (driver === 'docker') {
    const kernel = 'memory, processes, processor time, open files, size of one file, /tmp';
    return `sandbox limits: by docker's control group and the kernel: ${kernel}; by a watch: ${DISK_LIMITS}`;
  }
  const processes = isRoot ? 'processes' : "processes (in addition to those of this worker's user)";
  const kernel = `processor time, ${processes}, open files, size of one file, memory of one process, /tmp`;
  const watched = `memory of all processes, files in memory, sockets, pipes, ${DISK_LIMITS}`;
  const closedFolders = isRoot ? '' : ', what a command puts into a folder that it closes to itself';
  return `sandbox limits: by the kernel: ${kernel}; by a watch: ${watched}; by a control group: none; not counted: ${UNCOUNTED}${closedFolders}`;
}
