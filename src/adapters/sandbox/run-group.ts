/**
 * Runs one command as a process group of its own and ends all of it: at exit, on time-out, on abort, on a flood of output.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { createCapture } from './capture';
import { covered } from './descriptors';
import type { SandboxResult } from '../../activities/deps';

export interface GroupRun {
  /** First word is an absolute path. */
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  uid?: number | undefined;
  gid?: number | undefined;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  outputBytes: number;
  /** Read by the command from descriptor 4 upwards, one each. */
  inputs?: Array<string | Uint8Array>;
  /** Begins a watch over the run, which may have it ended for a reason, and gives the watch's end. */
  guard?: ((status: () => string, onExcess: (what: string) => void) => () => void) | undefined;
}
export interface GroupResult extends SandboxResult {
  /** What the command wrote to descriptor 3. */
  status: string;
}

/** More than this and the command is ended: it is not reporting any more. */
const FLOOD_FACTOR = 256;

/** Where nothing holds it, a process that left the group may keep our pipes open for as long as it likes. */
const PATIENCE_MS = 500;

/** Joins stderr to stdout, so that lines stay in the order they were written; where memory ends, this goes before we do. */
const BEGIN = '{ echo 1000 > /proc/self/oom_score_adj; } 2> /dev/null; exec "$@" 2>&1';

/** Throws the signal's reason when aborted; everything else is a result. Throws where the program cannot be started. */
export async function runGroup(run: GroupRun): Promise<GroupResult> {
  run.signal?.throwIfAborted();
  const startedAt = performance.now();
  const child = begin(run);
  const capture = createCapture(run.outputBytes);
  let timedOut = false;
  let excess: string | undefined;
  const onExcess = (what: string): void => {
    excess ??= what;
    killGroup(child);
  };
  const status = collect(child, capture, run, onExcess);
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child);
  }, run.timeoutMs);
  const onAbort = (): void => killGroup(child);
  run.signal?.addEventListener('abort', onAbort, { once: true });
  const endGuard = run.guard?.(status, onExcess);
  try {
    const code = await ended(child);
    run.signal?.throwIfAborted();
    const exitCode = timedOut || excess !== undefined ? null : code;
    const note = excess === undefined ? '' : `\n[ended: ${excess}]\n`;
    const durationMs = Math.round(performance.now() - startedAt);
    return { exitCode, timedOut, output: capture.text() + note, durationMs, status: status() };
  } finally {
    endGuard?.();
    clearTimeout(timer);
    run.signal?.removeEventListener('abort', onAbort);
  }
}

function begin(run: GroupRun): ChildProcess {
  const inputs = run.inputs ?? [];
  const child = spawn('/bin/sh', ['-c', BEGIN, 'sh', ...run.argv], {
    cwd: run.cwd,
    env: run.env,
    detached: true,
    ...(run.uid === undefined ? {} : { uid: run.uid, gid: run.gid ?? run.uid }),
    stdio: covered(['ignore', 'pipe', 'pipe', 'pipe', ...inputs.map(() => 'pipe' as const)]),
  });
  inputs.forEach((text, index) => (child.stdio[index + 4] as Writable).on('error', () => undefined).end(text));
  return child;
}

function collect(
  child: ChildProcess,
  capture: ReturnType<typeof createCapture>,
  run: GroupRun,
  onExcess: (what: string) => void,
) {
  const take = (chunk: Buffer): void => {
    capture.add(chunk);
    if (capture.bytes() > run.outputBytes * FLOOD_FACTOR) onExcess('the command wrote far more output than allowed');
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  let status = '';
  (child.stdio[3] as Readable).on(
    'data',
    (chunk: Buffer) => (status = (status + chunk.toString('utf8')).slice(-8_192)),
  );
  return () => status;
}
/** Resolves when the leader has ended and its descriptors are closed, which the rest of the group is made to do at once. */
function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    let patience: NodeJS.Timeout | undefined;
    child.on('exit', () => {
      killGroup(child);
      patience = setTimeout(() => child.stdio.forEach((stream) => stream?.destroy()), PATIENCE_MS);
    });
    child.on('close', (code) => {
      clearTimeout(patience);
      resolve(code);
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}
