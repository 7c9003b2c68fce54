/**
 * The limits of one run, and the options of prlimit that set them.
 *
 * "Kernel": the kernel enforces the limit. "Watch": the watch measures every few milliseconds and ends the run.
 */
export interface SandboxLimits {
  /** CPU seconds of one process. Kernel. */
  cpuSeconds: number;
  /** Processes and threads of one run, without those that the worker's user already has. Kernel. */
  processes: number;
  /** Open files of one process. Kernel. */
  openFiles: number;
  /** Size of one file. Kernel. */
  fileBytes: number;
  /** Private writable memory of one process. Not address space: node reserves far more than it uses. Kernel. */
  dataBytes: number;
  /** Memory of all processes together. Watch. */
  memoryBytes: number;
  /** Size of `/tmp`, which is in memory; `/dev/shm` has a quarter of it. Kernel. */
  tmpBytes: number;
  /** Size of all files in the folder. Watch. */
  diskBytes: number;
  /** Files and folders in the folder, and in `/tmp`. Watch. */
  diskFiles: number;
  /** Output that is kept; of longer output, its head and its tail. */
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
    // If core dumps go to a program, the kernel starts it as root outside of the sandbox, also at 0; at 1 it does not.
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
