/**
 * Runs one command as a process group of its own and ends all of it: at exit, on time-out, on abort, on a flood of output.
 */
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { createTurnstile } from '../turnstile';
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
  /** Its standard input; with it there is a report channel, one descriptor after the inputs. */
  stdin?: string | undefined;
  /** Begins a watch over the run, which may have it ended for a reason, and gives the watch's end. */
  guard?: ((status: () => string, onExcess: (what: string) => void) => () => void) | undefined;
}
export interface GroupResult extends SandboxResult {
  /** What the command wrote to descriptor 3. */
  status: string;
}

/** A report that is longer is cut: what is missing from it then fails its check. */
const REPORT_LIMIT_BYTES = 64 * 1024 * 1024;

/** More than this and the command is ended: it is not reporting any more. */
const FLOOD_FACTOR = 256;

/** Where nothing holds it, a process that left the group may keep our pipes open for as long as it likes. */
const PATIENCE_MS = 500;

/** Joins stderr to stdout, so that lines stay in the order they were written; where memory ends, this goes before we do. */
const BEGIN = '{ echo 1000 > /proc/self/oom_score_adj; } 2> /dev/null; exec "$@" 2>&1';

/** Throws the signal's reason when aborted; everything else is a result. Throws where the program cannot be started. */
export function runGroup(run: GroupRun): Promise<GroupResult> {
  return turnstile(() => runNow(run));
}

/** Of the whole process, whatever the number of builds: a run that waits here has not begun, so its time does not count. */
const turnstile = createTurnstile(2 * availableParallelism());

async function runNow(run: GroupRun): Promise<GroupResult> {
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
  const report = run.stdin === undefined ? () => '' : collectReport(child, (run.inputs ?? []).length + 4);
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
    return { exitCode, timedOut, output: capture.text() + note, report: report(), durationMs, status: status() };
  } finally {
    endGuard?.();
    clearTimeout(timer);
    run.signal?.removeEventListener('abort', onAbort);
  }
}

function begin(run: GroupRun): ChildProcess {
  const inputs = run.inputs ?? [];
  const extra = run.stdin === undefined ? inputs : [...inputs, 'report'];
  const child = spawn('/bin/sh', ['-c', BEGIN, 'sh', ...run.argv], {
    cwd: run.cwd,
    env: run.env,
    detached: true,
    ...(run.uid === undefined ? {} : { uid: run.uid, gid: run.gid ?? run.uid }),
    stdio: covered([
      run.stdin === undefined ? 'ignore' : 'pipe',
      'pipe',
      'pipe',
      'pipe',
      ...extra.map(() => 'pipe' as const),
    ]),
  });
  child.stdin?.on('error', () => undefined).end(run.stdin);
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

function collectReport(child: ChildProcess, descriptor: number): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  (child.stdio[descriptor] as Readable).on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= REPORT_LIMIT_BYTES) chunks.push(chunk);
  });
  return () => Buffer.concat(chunks).toString('utf8');
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
