/**
 * Runs one command in a process group of its own. It ends the whole group when the command exits, on time-out, on abort, and if
 * the output becomes far too long.
 */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { startProgram } from '../machine/processes/start';
import { createCapture } from './capture';
import type { SandboxResult } from '../../ports/sandbox';

export interface GroupRun {
  /** The command; its first word is an absolute path. */
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  uid?: number | undefined;
  gid?: number | undefined;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
  outputBytes: number;
  /** Gets the whole output, also the part that is cut from the result. */
  onOutput?: ((chunk: Buffer) => void) | undefined;
  /** Texts that the command reads, one on each descriptor from 4 upwards. (It writes its status to descriptor 3.) */
  inputs?: Array<string | Uint8Array>;
  /** The command's standard input. If it is set, the command can write a report to the descriptor after the inputs. */
  stdin?: string | undefined;
  /** Starts a watch, which ends the run by `onExcess`; returns the function that stops the watch. */
  guard?: ((status: () => string, onExcess: OnExcess) => () => void) | undefined;
}
/** Ends the run. `what` is the reason as a clause; `by` is `machine` if the command is not the cause. */
export type OnExcess = (what: string, by?: 'command' | 'machine') => void;

export interface GroupResult extends SandboxResult {
  /** The text that the command wrote to descriptor 3. */
  status: string;
  /** The reason for which the watch ended the run, if it did. */
  excess?: { what: string; by: 'command' | 'machine' } | undefined;
}

const FIRST_INPUT_FD = 4;

/** A longer report is cut, and then fails its check because it is incomplete. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;

/** A command whose output exceeds the kept bytes by this factor is ended. */
const FLOOD_FACTOR = 256;

/** Without a sandbox, a process that left the group may keep the pipes open: they are closed after this time. */
const CLOSE_DELAY_MS = 500;

/**
 * Joins stderr to stdout, so that lines stay in the order in which they were written. The score makes the kernel kill the command
 * before the worker if memory runs out.
 */
const START_SCRIPT = '{ echo 1000 > /proc/self/oom_score_adj; } 2> /dev/null; exec "$@" 2>&1';

/** Runs the command. Throws the signal's reason on abort, and an error if the program cannot start; every other end is a result. */
export function runGroup(run: GroupRun): Promise<GroupResult> {
  return runLimited(() => runNow(run));
}

/**
 * Limits the commands of this whole program, of all builds together: one JavaScript thread reads the output of all of them, and
 * hundreds would delay its heartbeats. A run that waits here has not started, so its time limit does not count yet.
 */
const runLimited = pLimit(2 * availableParallelism());

async function runNow(run: GroupRun): Promise<GroupResult> {
  run.signal?.throwIfAborted();
  const startedAt = performance.now();
  const channels = openChannels(run);
  let timedOut = false;
  let excess: GroupResult['excess'];
  let closeTimer: NodeJS.Timeout | undefined;
  const onExcess: OnExcess = (what, by = 'command') => {
    excess ??= { what, by };
    program.kill();
  };
  const program = startProgram({
    ...{ file: '/bin/sh', args: ['-c', START_SCRIPT, 'sh', ...run.argv], cwd: run.cwd, env: run.env },
    ...{ uid: run.uid, gid: run.gid, inputs: inputsOf(run), outputs: channels.outputs(onExcess) },
    // When the group's leader exits, the rest of the group is killed, then the pipes are closed.
    onExit: () => {
      program.kill();
      closeTimer = setTimeout(program.closeDescriptors, CLOSE_DELAY_MS);
    },
  });
  const timer = setTimeout(() => {
    timedOut = true;
    program.kill();
  }, run.timeoutMs);
  run.signal?.addEventListener('abort', program.kill, { once: true });
  const endGuard = run.guard?.(channels.status, onExcess);
  try {
    const code = await program.closed;
    run.signal?.throwIfAborted();
    const exitCode = timedOut || excess !== undefined ? null : code;
    const note = excess === undefined ? '' : `\n[ended: ${excess.what}]\n`;
    const durationMs = Math.round(performance.now() - startedAt);
    return {
      exitCode,
      timedOut,
      output: channels.text() + note,
      report: channels.report(),
      durationMs,
      status: channels.status(),
      excess,
    };
  } finally {
    endGuard?.();
    clearTimeout(timer);
    clearTimeout(closeTimer);
    run.signal?.removeEventListener('abort', program.kill);
  }
}

function inputsOf({ stdin, inputs = [] }: GroupRun): Record<number, string | Uint8Array> {
  const numbered = Object.fromEntries(inputs.map((text, index) => [index + FIRST_INPUT_FD, text]));
  return stdin === undefined ? numbered : { ...numbered, 0: stdin };
}

/** Collects what the group writes: its output, its status on descriptor 3, its report on the descriptor after the inputs. */
function openChannels(run: GroupRun) {
  const capture = createCapture(run.outputBytes);
  const report: Buffer[] = [];
  let reportBytes = 0;
  let status = '';
  const addReport = (chunk: Buffer): void => {
    reportBytes += chunk.length;
    if (reportBytes <= MAX_REPORT_BYTES) report.push(chunk);
  };
  return {
    text: () => capture.text(),
    status: () => status,
    report: () => Buffer.concat(report).toString('utf8'),
    outputs(onExcess: (what: string) => void): Record<number, (chunk: Buffer) => void> {
      const addOutput = (chunk: Buffer): void => {
        capture.add(chunk);
        run.onOutput?.(chunk);
        if (capture.bytes() > run.outputBytes * FLOOD_FACTOR)
          onExcess('the command wrote far more output than allowed');
      };
      const addStatus = (chunk: Buffer): void => void (status = (status + chunk.toString('utf8')).slice(-8_192));
      const reportAt = (run.inputs ?? []).length + FIRST_INPUT_FD;
      return {
        1: addOutput,
        2: addOutput,
        3: addStatus,
        ...(run.stdin === undefined ? {} : { [reportAt]: addReport }),
      };
    },
  };
}
