/**
 * Tells a run that something outside has ended from one that ended by itself: the first says nothing of the code that was run.
 *
 * Of a signal nobody tells who sent it. A command that was killed, and not by us, is therefore run once more before its end counts.
 */
import { readFile } from 'node:fs/promises';
import type { SandboxRun } from '../../ports/sandbox';
import type { GroupResult } from './run-group';

/** As a shell and bubblewrap give SIGKILL. */
const KILLED = 137;
/** A second kill later than this is the first of another spell. */
const REMEMBERED_MS = 30 * 60_000;

export interface EndedOutside {
  /** Begins one run; the answer is a clause that says what ended it, undefined where its end is the command's own. */
  begin(run: Pick<SandboxRun, 'command' | 'cwd'>): Promise<(result: GroupResult) => Promise<string | undefined>>;
}

export function createEndedOutside(countKills: () => Promise<number> = countMemoryKills): EndedOutside {
  const killedAt = new Map<string, number>();
  const isFirst = (key: string): boolean => {
    const before = killedAt.get(key);
    for (const [one, at] of killedAt) if (Date.now() - at > REMEMBERED_MS || one === key) killedAt.delete(one);
    if (before !== undefined && Date.now() - before <= REMEMBERED_MS) return false;
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
        const isShort = (await countKills()) > killsBefore;
        if (isShort && (exitCode === null || exitCode === KILLED))
          return 'the machine ran out of memory and its kernel ended it';
        if (exitCode === null) return 'something outside of it ended it (SIGKILL)';
        const again = 'the command is run once more';
        // The kernel may have ended one of the command's processes, and the command have said so in its own words.
        if (isShort && isFirst(key)) return `the machine ran out of memory while it ran; ${again}`;
        if (exitCode === KILLED && isFirst(key))
          return `the command was killed (SIGKILL), and not by this worker; ${again}`;
        return undefined;
      };
    },
  };
}

/** How many processes the kernel of this machine has ended for want of memory; 0 where it does not tell. */
async function countMemoryKills(): Promise<number> {
  const text = await readFile('/proc/vmstat', 'utf8').catch(() => '');
  return Number(/^oom_kill (\d+)$/m.exec(text)?.[1] ?? 0);
}
