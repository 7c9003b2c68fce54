/**
 * Runs one command as a process group of its own and ends all of it: at exit, on time-out, on abort, on a flood of output.
 */
import { availableParallelism } from 'node:os';
import pLimit from 'p-limit';
import { startProgram } from '../machine/processes/start';
import { createCapture } from './capture';
import type { SandboxResult } from '../../ports/sandbox';

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
  /** Gets all output as it comes, uncut. */
  onOutput?: ((chunk: Buffer) => void) | undefined;
  /** Read by the command from descriptor 4 upwards, one each: 3 is where it reports its status. */
  inputs?: Array<string | Uint8Array>;
  /** Its standard input; with it there is a report channel, one descriptor after the inputs. */
  stdin?: string | undefined;
  /** Begins a watch over the run, which may have it ended for a reason, and gives the watch's end. */
  guard?: ((status: () => string, onExcess: OnExcess) => () => void) | undefined;
}
/** `what`: a clause. `by`: `machine` where the command has no part in it. */
export type OnExcess = (what: string, by?: 'command' | 'machine') => void;

export interface GroupResult extends SandboxResult {
  /** What the command wrote to descriptor 3. */
  status: string;
  /** Set where it was ended because of this. */
  excess?: { what: string; by: 'command' | 'machine' } | undefined;
}

const FIRST_INPUT = 4;

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
  return inTurn(() => runNow(run));
}

/**
 * Of the whole process, whatever the number of builds: child processes are read by the one JavaScript thread, and hundreds would
 * hold up its heartbeats. A run that waits here has not begun, so its time does not count.
 */
const inTurn = pLimit(2 * availableParallelism());

async function runNow(run: GroupRun): Promise<GroupResult> {
  run.signal?.throwIfAborted();
  const startedAt = performance.now();
  const heard = listen(run);
  let timedOut = false;
  let excess: GroupResult['excess'];
  let patience: NodeJS.Timeout | undefined;
  const onExcess: OnExcess = (what, by = 'command') => {
    excess ??= { what, by };
    running.kill();
  };
  const running = startProgram({
    ...{ file: '/bin/sh', args: ['-c', BEGIN, 'sh', ...run.argv], cwd: run.cwd, env: run.env },
    ...{ uid: run.uid, gid: run.gid, inputs: inputsOf(run), outputs: heard.outputs(onExcess) },
    // The rest of the group is made to end with its leader, and its descriptors to close.
    onExit: () => {
      running.kill();
      patience = setTimeout(running.letGo, PATIENCE_MS);
    },
  });
  const timer = setTimeout(() => {
    timedOut = true;
    running.kill();
  }, run.timeoutMs);
  run.signal?.addEventListener('abort', running.kill, { once: true });
  const endGuard = run.guard?.(heard.status, onExcess);
  try {
    const code = await running.closed;
    run.signal?.throwIfAborted();
    const exitCode = timedOut || excess !== undefined ? null : code;
    const note = excess === undefined ? '' : `\n[ended: ${excess.what}]\n`;
    const durationMs = Math.round(performance.now() - startedAt);
    return {
      exitCode,
      timedOut,
      output: heard.text() + note,
      report: heard.report(),
      durationMs,
      status: heard.status(),
      excess,
    };
  } finally {
    endGuard?.();
    clearTimeout(timer);
    clearTimeout(patience);
    run.signal?.removeEventListener('abort', running.kill);
  }
}

function inputsOf({ stdin, inputs = [] }: GroupRun): Record<number, string | Uint8Array> {
  const numbered = Object.fromEntries(inputs.map((text, index) => [index + FIRST_INPUT, text]));
  return stdin === undefined ? numbered : { ...numbered, 0: stdin };
}

/** What the group says: its words, its status on descriptor 3, its report on the one after the inputs. */
function listen(run: GroupRun) {
  const capture = createCapture(run.outputBytes);
  const report: Buffer[] = [];
  let reportBytes = 0;
  let status = '';
  const takeReport = (chunk: Buffer): void => {
    reportBytes += chunk.length;
    if (reportBytes <= REPORT_LIMIT_BYTES) report.push(chunk);
  };
  return {
    text: () => capture.text(),
    status: () => status,
    report: () => Buffer.concat(report).toString('utf8'),
    outputs(onExcess: (what: string) => void): Record<number, (chunk: Buffer) => void> {
      const take = (chunk: Buffer): void => {
        capture.add(chunk);
        run.onOutput?.(chunk);
        if (capture.bytes() > run.outputBytes * FLOOD_FACTOR)
          onExcess('the command wrote far more output than allowed');
      };
      const takeStatus = (chunk: Buffer): void => void (status = (status + chunk.toString('utf8')).slice(-8_192));
      const reportAt = (run.inputs ?? []).length + FIRST_INPUT;
      return { 1: take, 2: take, 3: takeStatus, ...(run.stdin === undefined ? {} : { [reportAt]: takeReport }) };
    },
  };
}
