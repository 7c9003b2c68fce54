/**
 * The sandbox: runs the commands of a build isolated from the machine. Types only.
 */
export interface Sandbox {
  /** Driver name, as evidence records it. */
  readonly name: string;
  /** The PATH of a run whose `env` names none. */
  path(): Promise<string>;
  /** Throws Failure `Sandbox.Unavailable`, with a remedy in its message, if commands cannot be isolated. */
  selfTest(signal?: AbortSignal): Promise<void>;
  /** Runs an argument list with `folder` as the only writable place, no network, limits, as a non-root user. */
  run(input: SandboxRun): Promise<SandboxResult>;
  /** Makes a scratch folder that the sandbox's user may write, calls `use`, and always removes the folder. */
  withScratch<T>(use: (folder: string) => Promise<T>): Promise<T>;
}
export interface SandboxRun {
  folder: string;
  command: string[];
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** The folder below `folder` in which the command starts; absent: `folder` itself. */
  cwd?: string | undefined;
  /** Variables that are added to the fresh environment. `PATH` replaces the sandbox's own. */
  env?: Record<string, string> | undefined;
  /** Read-only mounts of this machine's files; `to` is below the folder, or absolute. */
  readOnly?: Array<{ from: string; to: string }> | undefined;
  /** More writable folders of this machine; `to` is below the folder, or absolute. `isOwnedBySandboxUser`: the sandbox's user owns it already. */
  writable?: Array<{ from: string; to: string; isOwnedBySandboxUser?: boolean }> | undefined;
  /** Paths, below the folder or absolute, at which an empty writable memory folder is mounted. The mount point must exist. */
  scratch?: string[] | undefined;
  /** A folder of this machine that is mounted as `/tmp`, for runs that need more space than memory has. */
  temporary?: string | undefined;
  /** The Unix socket of a proxy of the worker: the command's only network, named in its environment. */
  proxy?: string | undefined;
  /** True for a program that reserves far more memory than it uses. Then only the memory in use is limited. */
  reservesMemory?: boolean | undefined;
  /** The servers that a release command may reach through a proxy of the worker. Without the proxy there is no network. */
  network?: ReleaseNetwork | false | undefined;
  /** One more writable folder, whose path the command finds in the variable `Q_PRODUCTION`. */
  production?: string | undefined;
  /** Read-only files for the command, at absolute paths, also below `/workspace`. */
  files?: Array<{ path: string; text: string }> | undefined;
  /** The standard input. With it, the command also gets a report channel: a file descriptor whose number is in `REPORT_FD`. */
  stdin?: string | undefined;
  /** Gets all output of stdout and stderr as it comes, without a limit. */
  onOutput?: ((chunk: Buffer) => void) | undefined;
  /** True if an earlier run gave the folder to the sandbox's user. Then several runs may use it at once. */
  isOwnedBySandboxUser?: boolean | undefined;
}
/**
 * The servers that a release may reach. True: all that the worker's settings allow. A list: only these of them, each as `host`,
 * `*.host` or `host:port`.
 */
export type ReleaseNetwork = true | readonly string[];
export interface SandboxResult {
  exitCode: number | null;
  timedOut: boolean;
  /** stdout and stderr in the order they came, cut in the middle beyond the byte limit. */
  output: string;
  /** The text of the report channel. Later code of the run cannot change what was written. Empty if there was no channel. */
  report?: string;
  durationMs: number;
  /** A moment after the files were prepared and before the command started, in milliseconds since 1970. Absent: not known. */
  startedAt?: number;
}
