/**
 * Detects runs that the kernel or a process outside of the sandbox ended: their result says nothing about the code under test.
 *
 * The sender of a signal is not known. Therefore a command that was killed, but not by this worker, runs once more before its
 * result counts.
 */
import { readFile } from 'node:fs/promises';
import type { SandboxRun } from '../../ports/sandbox';
import type { GroupResult } from './run-group';

/** The exit code of a shell and of bubblewrap after SIGKILL. */
const KILLED_EXIT_CODE = 137;
/** Time for which a kill is remembered; a later kill of the same command counts as a first one again. */
const MEMORY_MS = 30 * 60_000;

export interface KillDetector {
  /** Begins one run. The returned function gives the outside cause of the run's end as a clause; undefined if there is none. */
  begin(run: Pick<SandboxRun, 'command' | 'cwd'>): Promise<(result: GroupResult) => Promise<string | undefined>>;
}

export function createKillDetector(countKills: () => Promise<number> = countMemoryKills): KillDetector {
  const killedAt = new Map<string, number>();
  /** Records the kill. Returns false if the same command was killed a short time ago. */
  const recordFirstKill = (key: string): boolean => {
    const lastKillAt = killedAt.get(key);
    for (const [other, at] of killedAt) if (Date.now() - at > MEMORY_MS || other === key) killedAt.delete(other);
    if (lastKillAt !== undefined && Date.now() - lastKillAt <= MEMORY_MS) return false;
    killedAt.set(key, Date.now());
    return true;
  };
  return {
    async begin({ command, cwd = '' }) {
      const killsBefore = await countKills();
      const key = JSON.stringify([command, cwd]);
      return async ({ exitCode, timedOut, excess }) => {
        if (excess?.by === 'machine') return excess.what;
        if (timedOut || excess !== undefined || exitCode === 0) return undefined;
        const isOutOfMemory = (await countKills()) > killsBefore;
        if (isOutOfMemory && (exitCode === null || exitCode === KILLED_EXIT_CODE))
          return 'the machine ran out of memory and its kernel ended it';
        if (exitCode === null) return 'a process outside of the sandbox killed the command (SIGKILL)';
        const consequence = 'the command is run once more';
        // The kernel may have killed a process that the command started; the command then ended with an error of its own.
        if (isOutOfMemory && recordFirstKill(key)) return `the machine ran out of memory while it ran; ${consequence}`;
        if (exitCode === KILLED_EXIT_CODE && recordFirstKill(key))
          return `the command was killed (SIGKILL), and not by this worker; ${consequence}`;
        return undefined;
      };
    },
  };
}

/** Counts the processes that the kernel has killed for lack of memory since the machine started; 0 if it reports none. */
async function countMemoryKills(): Promise<number> {
  const text = await readFile('/proc/vmstat', 'utf8').catch(() => '');
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}
