/**
 * Runs a program that downloads files into a folder, and ends it at a timeout, at an abort and at the end of this process.
 *
 * It is a process of its own, because a download inside this process could not be cancelled.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

export interface FetchRun {
  command: string;
  args: string[];
  /** The folder for downloaded and temporary files. Processes that run a program in this folder are ended, too. */
  folder: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/**
 * Throws the abort reason of the signal, or an error with the last line that the program wrote to stderr. When it returns or throws, all
 * its processes have been ended.
 */
export async function runFetch(run: FetchRun): Promise<void> {
  run.signal?.throwIfAborted();
  const command = [`TMPDIR=${run.folder}`, run.command, ...run.args];
  const child = spawn('/usr/bin/env', command, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr = (stderr + chunk.toString('utf8')).slice(-2_000)));
  let isTimedOut = false;
  const end = () => killAll(child.pid, run.folder);
  const timer = setTimeout(() => {
    isTimedOut = true;
    end();
  }, run.timeoutMs);
  run.signal?.addEventListener('abort', end);
  process.on('exit', end);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', resolve);
    });
    run.signal?.throwIfAborted();
    if (isTimedOut) throw new Error('it took too long');
    if (code !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `it ended with ${code}`);
  } finally {
    clearTimeout(timer);
    run.signal?.removeEventListener('abort', end);
    process.removeListener('exit', end);
    end();
    child.stderr.destroy();
  }
}

/** Ends the process group of the download, and every process that runs a program in the folder, which may have a group of its own. */
function killAll(pid: number | undefined, folder: string): void {
  if (pid !== undefined) kill(-pid);
  for (const name of processIds()) {
    try {
      if (readlinkSync(`/proc/${name}/exe`).startsWith(folder + sep)) kill(Number(name));
    } catch {
      // The process has ended, or this user may not inspect it.
    }
  }
}

function processIds(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // The process has ended already.
  }
}
