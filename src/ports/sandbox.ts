/**
 * The sandbox: what holds the commands of a build.
 */
export interface Sandbox {
  /** Driver name, as evidence records it. */
  readonly name: string;
  /** The PATH of a run whose `env` names none. */
  path(): Promise<string>;
  /** Throws Failure `Sandbox.Unavailable`, with the way out in its message, where commands cannot be held. */
  selfTest(signal?: AbortSignal): Promise<void>;
  /** Runs an argument list with `folder` as the only writable place, no network, limits, as a non-root user. */
  run(input: SandboxRun): Promise<SandboxResult>;
  /** Makes a scratch folder that the sandboxed user may write, calls `use`, and removes the folder whatever happens. */
  withScratch<T>(use: (folder: string) => Promise<T>): Promise<T>;
}
export interface SandboxRun {
  folder: string;
  command: string[];
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  /** Folder below `folder` in which the command starts; `folder` itself if not given. */
  cwd?: string | undefined;
  /** Added to the fresh environment. `PATH` replaces the sandbox's own. */
  env?: Record<string, string> | undefined;
  /** Places of this machine to see as they are; `to` is below the folder, or absolute. */
  readOnly?: Array<{ from: string; to: string }> | undefined;
  /** Further writable folders of this machine; `to` is below the folder, or absolute. `isGiven`: they are the user's already. */
  writable?: Array<{ from: string; to: string; isGiven?: boolean }> | undefined;
  /** Places, below the folder or absolute, that hold an empty writable memory folder during the run. Each exists already in the place that it lies in. */
  scratch?: string[] | undefined;
  /** A folder of this machine that serves as `/tmp`, for runs that need more room than memory has. */
  temporary?: string | undefined;
  /** Unix socket of a proxy of the worker. The command has no network but this proxy, which its environment names. */
  proxy?: string | undefined;
  /** True: the program reserves far more memory than it uses, so only what all processes use is limited. */
  reservesMemory?: boolean | undefined;
  /** What a release command asks to reach, through a proxy of the worker; a driver by itself gives no network. */
  network?: ReleaseNetwork | false | undefined;
  /** One further writable folder; the command finds its path in the variable `Q_PRODUCTION`. */
  production?: string | undefined;
  /** Texts the command finds at absolute paths, below `/workspace` too, and cannot change. */
  files?: Array<{ path: string; text: string }> | undefined;
  /** Its standard input. With it the command gets a report channel: a descriptor whose number is in `REPORT_FD`. */
  stdin?: string | undefined;
  /** Gets all output as it comes, uncut, stdout and stderr in one. */
  onOutput?: ((chunk: Buffer) => void) | undefined;
  /** True where an earlier run gave the folder to the sandbox's user; then several may run in it at once. */
  isGiven?: boolean | undefined;
}
/** True: all servers that the worker's settings allow for releases; a list: of these only those, each `host`, `*.host` or `host:port`. */
export type ReleaseNetwork = true | readonly string[];
export interface SandboxResult {
  exitCode: number | null;
  timedOut: boolean;
  /** stdout and stderr in the order they came, cut in the middle beyond the byte limit. */
  output: string;
  /** What was written to the report channel; nobody can take it back. Empty where there was none. */
  report?: string;
  durationMs: number;
  /** Milliseconds since 1970: files were given to the command's user before it, and the command started after it. Absent: not known. */
  startedAt?: number;
}
