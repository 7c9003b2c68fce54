/**
 * A program that fetches into a folder: it ends with us, also where nobody waits for it any more.
 *
 * A process of its own, because a download inside ours could not be broken off.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { sep } from 'node:path';

export interface FetchRun {
  command: string;
  args: string[];
  /** What it makes lies here, its temporary files too; whatever runs out of it is ended with it. */
  folder: string;
  timeoutMs: number;
  signal?: AbortSignal | undefined;
}

/** Throws the signal's reason when aborted, else the last line that the program wrote to stderr. Nothing of it runs then. */
export async function runFetch(run: FetchRun): Promise<void> {
  run.signal?.throwIfAborted();
  const command = [`TMPDIR=${run.folder}`, run.command, ...run.args];
  const child = spawn('/usr/bin/env', command, { detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-2_000)));
  let isLate = false;
  const end = () => endAll(child.pid, run.folder);
  const timer = setTimeout(() => {
    isLate = true;
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
    if (isLate) throw new Error('it took too long');
    if (code !== 0) throw new Error(said.trim().split('\n').at(-1) || `it ended with ${code}`);
  } finally {
    clearTimeout(timer);
    run.signal?.removeEventListener('abort', end);
    process.removeListener('exit', end);
    end();
    child.stderr.destroy();
  }
}

/** Its group; and what was fetched, where that was started already, in a group of its own. */
function endAll(pid: number | undefined, folder: string): void {
  if (pid !== undefined) kill(-pid);
  for (const name of processes()) {
    try {
      if (readlinkSync(`/proc/${name}/exe`).startsWith(folder + sep)) kill(Number(name));
    } catch {
      // It has ended, or is nobody's whom we may look at.
    }
  }
}

function processes(): string[] {
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
    // It has ended by itself.
  }
}
