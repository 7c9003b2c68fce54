/**
 * Says which limits of a sandbox hold on this machine, and by what: a limit of the kernel cannot be passed, one of a watch can be for
 * some milliseconds, and what no one counts is bounded by the reserve of the machine only.
 */
import type { Sandbox } from '../../ports/sandbox';

const WATCHED_DISK = 'bytes and files on disk';
/** See docs/decisions/0029-limits-of-a-sandbox.md: without control groups no one tells these by run. */
const UNCOUNTED = 'file locks, memory mappings, TCP memory beyond the default of a socket';

/** One line. `isRoot`: each run then has a user of its own. */
export function heldLimits(driver: Sandbox['name'], isRoot = process.getuid?.() === 0): string {
  if (driver === 'none') return 'sandbox limits: time only; memory, processes and disk are not limited';
  if (driver === 'docker') {
    const kernel = 'memory, processes, processor time, open files, size of one file, /tmp';
    return `sandbox limits: by docker's control group and the kernel: ${kernel}; by a watch: ${WATCHED_DISK}`;
  }
  const whose = isRoot ? 'processes' : "processes (beside those of this worker's user)";
  const kernel = `processor time, ${whose}, open files, size of one file, memory of one process, /tmp`;
  const watched = `memory of all processes, files in memory, sockets, pipes, ${WATCHED_DISK}`;
  const blind = isRoot ? '' : ', what a command puts into a folder that it closes to itself';
  return `sandbox limits: by the kernel: ${kernel}; by a watch: ${watched}; by a control group: none; not counted: ${UNCOUNTED}${blind}`;
}
