/**
 * What one run may take of the machine.
 *
 * Which of these the kernel holds, and which a watch that looks every few milliseconds, is said at each.
 */
export interface SandboxLimits {
  /** CPU seconds of one process. Kernel. */
  cpuSeconds: number;
  /** Processes and threads of one run; where all have the worker's user, beside those that it has already. Kernel. */
  processes: number;
  /** Kernel. */
  openFiles: number;
  /** Size of one file. Kernel. */
  fileBytes: number;
  /** Private writable memory of one process. Not address space: node reserves far more than it uses. Kernel. */
  dataBytes: number;
  /** Memory of all processes together. Watch. */
  memoryBytes: number;
  /** Size of `/tmp`, which lives in memory; `/dev/shm` has a quarter of it. Kernel. */
  tmpBytes: number;
  /** What the folder may hold. Watch. */
  diskBytes: number;
  /** Files and folders in the folder, and in `/tmp`. Watch. */
  diskFiles: number;
  /** Output that is kept, head and tail. */
  outputBytes: number;
}

export const DEFAULT_LIMITS: SandboxLimits = {
  cpuSeconds: 900,
  processes: 512,
  openFiles: 4_096,
  fileBytes: 1024 ** 3,
  dataBytes: 4 * 1024 ** 3,
  memoryBytes: 4 * 1024 ** 3,
  tmpBytes: 256 * 1024 ** 2,
  diskBytes: 2 * 1024 ** 3,
  diskFiles: 200_000,
  outputBytes: 256 * 1024,
};

export function limitFlags(limits: SandboxLimits): string[] {
  return [
    // Not 0: where the kernel hands cores to a program, that would run as root outside; 1 is the value at which it does not.
    '--core=1',
    `--cpu=${limits.cpuSeconds}`,
    `--nproc=${limits.processes}`,
    `--nofile=${limits.openFiles}`,
    `--fsize=${limits.fileBytes}`,
    `--data=${limits.dataBytes}`,
    '--memlock=65536',
    '--msgqueue=0',
    '--sigpending=1024',
    '--rtprio=0',
    '--nice=0',
  ];
}
