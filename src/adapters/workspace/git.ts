/**
 * Runs git so that only its arguments decide what it does.
 *
 * Every call has a fresh environment, no system or user settings, no hooks, no prompts, and limits of bytes and time.
 */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { startProgram } from '../machine/processes/start';

export interface GitCall {
  stdin?: string | Uint8Array;
  /** Added to the fresh environment. */
  env?: Record<string, string>;
  timeoutMs?: number;
  maxBytes?: number;
  /** If the output exceeds `maxBytes`: return the first `maxBytes` (true), or fail (false, the default). */
  cut?: boolean;
  /** Ends git, which then fails. */
  signal?: AbortSignal;
  /** Exit codes other than 0 that are an answer, such as 1 of `git grep` for "nothing found". */
  allowExit?: number[];
}
export interface GitAnswer {
  stdout: Buffer;
  exitCode: number;
  wasCut: boolean;
}
export type Git = (args: string[], call?: GitCall) => Promise<GitAnswer>;

/** git ended with an exit code that the call does not allow, or exceeded its limit of time or bytes. */
export class GitError extends Error {
  constructor(
    readonly exitCode: number | null,
    readonly stderr: string,
    message: string,
  ) {
    super(message);
    this.name = 'GitError';
  }
}

/** git ran out of time and was ended. */
export class GitTimeout extends GitError {}

/** Settings of every git process of this program, in the form `name=value`. */
export const SAFE_SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.attributesFile=/dev/null',
  'core.excludesFile=/dev/null',
  'core.protectHFS=true',
  'core.protectNTFS=true',
  'core.quotePath=false',
  // Two attempts may publish in the same moment: the later one waits for the lock, then fails, as the ref has another value.
  'core.filesRefLockTimeout=2000',
  'gc.auto=0',
  'maintenance.auto=false',
  'protocol.ext.allow=never',
];
const SETTINGS = SAFE_SETTINGS.flatMap((setting) => ['-c', setting]);

export function createGit(configFile: string): Git {
  const baseEnv = freshEnv(configFile);
  return (args, call = {}) => runLimited(() => runGit([...SETTINGS, ...args], { ...baseEnv, ...call.env }, call));
}

/** git reads `configFile` in place of the user's settings: a child process of git accepts `safe.directory` from no other place. */
export function freshEnv(configFile: string): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: configFile,
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_LITERAL_PATHSPECS: '1',
    GIT_NO_LAZY_FETCH: '1',
    GIT_NO_REPLACE_OBJECTS: '1',
    // A caller must name each protocol that it allows.
    GIT_ALLOW_PROTOCOL: 'none',
  };
}

/** Limits the git processes of this whole program, of all builds together: see `run-group.ts`. */
const runLimited = pLimit(2 * availableParallelism());

function runGit(args: string[], env: Record<string, string>, call: GitCall): Promise<GitAnswer> {
  const maxBytes = call.maxBytes ?? 64 * 1024 * 1024;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    let stopReason: 'time' | 'bytes' | undefined;
    const stop = (why: 'time' | 'bytes'): void => {
      stopReason ??= why;
      program.kill();
    };
    const addOutput = (chunk: Buffer): void => {
      if (bytes < maxBytes) chunks.push(chunk.subarray(0, maxBytes - bytes));
      bytes += chunk.length;
      if (bytes > maxBytes) stop('bytes');
    };
    const addError = (chunk: Buffer): void => void (stderr = (stderr + chunk.toString('utf8')).slice(-4_000));
    const inputs = { 0: call.stdin ?? '' };
    // git outlives this process: a killed git leaves its lock files, which would block the branch.
    const order = { file: 'git', args, env, inputs, outlivesWorker: true };
    const program = startProgram({ ...order, outputs: { 1: addOutput, 2: addError } });
    const timer = setTimeout(() => stop('time'), call.timeoutMs ?? 60_000);
    call.signal?.addEventListener('abort', program.kill, { once: true });
    const finish = (exitCode: number | null): void => {
      const answer = { stdout: Buffer.concat(chunks), exitCode: exitCode ?? 0, wasCut: stopReason === 'bytes' };
      const isCut = answer.wasCut && call.cut === true;
      const isAllowed = stopReason === undefined && [0, ...(call.allowExit ?? [])].includes(exitCode ?? -1);
      if (isCut || isAllowed) resolve(answer);
      else reject(gitError(args, stopReason ?? exitCode, stderr));
    };
    program.closed
      .then(finish, (error: Error) => {
        reject(new Error(`git could not be started (${error.message}). Install it (apt-get install git).`));
      })
      .finally(() => {
        clearTimeout(timer);
        call.signal?.removeEventListener('abort', program.kill);
      });
  });
}

function gitError(args: string[], end: 'time' | 'bytes' | number | null, stderr: string): GitError {
  const why = {
    time: 'ran out of time',
    bytes: 'answered more than allowed',
    code: `ended with ${end ?? 'a signal'}`,
  };
  const verb = args.slice(SETTINGS.length).find((arg) => !arg.startsWith('-')) ?? '';
  const isCode = typeof end === 'number';
  const words = why[isCode || end === null ? 'code' : end];
  const ErrorClass = end === 'time' ? GitTimeout : GitError;
  return new ErrorClass(isCode ? end : null, stderr, `git ${verb} ${words}: ${stderr.trim()}`);
}
