/**
 * Starts the programs of this product as child processes, as a person does, and kills them with SIGKILL.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { onCleanUp } from './cleanup';

const ROOT = join(__dirname, '..');
/** Long enough for a machine that is several times slower, because it also does other work. */
const READY_WITHIN_MS = 180_000;

export interface Program {
  pid: number;
  child: ChildProcess;
  /** The line that it printed when it was ready. */
  ready: string;
  readyAt: number;
  /** Sends SIGKILL; resolves when the process has ended. */
  kill(): Promise<void>;
  /** Sends SIGTERM, and SIGKILL after eight seconds. */
  stop(): Promise<void>;
}

/** `file` is absolute, or relative to the project; resolves with the first line that starts with `ready`. */
export async function startProgram(
  file: string,
  env: Record<string, string>,
  options: { nodeArgs?: string[]; ipc?: boolean } = {},
): Promise<Program> {
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), '--import', 'tsx', resolve(ROOT, file)], {
    cwd: ROOT,
    env: { ...environmentWithoutSettings(), ...env },
    stdio: ['ignore', 'pipe', 'pipe', ...(options.ipc ? (['ipc'] as const) : [])],
  });
  const exited = once(child, 'exit');
  let errorOutput = '';
  child.stderr?.on('data', (chunk: Buffer) => (errorOutput = (errorOutput + chunk.toString('utf8')).slice(-2_000)));
  const forget = onCleanUp(() => child.kill('SIGKILL'));
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), 8_000);
    await exited;
    clearTimeout(force);
    await forget();
  };
  const ready = await readyLine(child, exited, () => `${file} did not become ready: ${errorOutput.trim()}`);
  return {
    ...{ pid: child.pid as number, child, ready, readyAt: Date.now() },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

async function readyLine(child: ChildProcess, exited: Promise<unknown>, why: () => string): Promise<string> {
  if (child.stdout === null) throw new Error('a program without output');
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<string>((done) => {
    lines.on('line', (line) => line.startsWith('ready') && done(line));
  });
  let timer: NodeJS.Timeout | undefined;
  const failed = new Promise<never>((_resolve, reject) => {
    void exited.then(() => reject(new Error(why())));
    timer = setTimeout(() => reject(new Error(why())), READY_WITHIN_MS);
  });
  failed.catch(() => undefined);
  return Promise.race([ready, failed]).finally(() => clearTimeout(timer));
}

/** Leaves out all settings of the caller, so that none leads a program to another server or model. */
function environmentWithoutSettings(): Record<string, string> {
  const keptVariables = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'NODE_ENV', 'TEMPORAL_CLI_PATH', 'SANDBOX_UID'];
  return Object.fromEntries(
    keptVariables.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  ) as Record<string, string>;
}
