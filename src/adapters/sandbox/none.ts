/**
 * No sandbox: for development on machines without bubblewrap, by an explicit setting only.
 *
 * Commands run as this process's user and see its files and network. What stays: a scratch folder, a time limit, the end of
 * the whole group, and an environment without our variables.
 */
import { tmpdir } from 'node:os';
import { cp } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Sandbox } from '../../activities/deps';
import { DEFAULT_LIMITS } from './limits';
import { runGroup } from './run-group';
import { withScratch } from './scratch';

export function createNoSandbox(options: { scratchRoot?: string | undefined } = {}): Sandbox {
  const scratchRoot = options.scratchRoot ?? tmpdir();
  const path = `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin`;
  return {
    name: 'none',
    // Nothing is promised, so there is nothing to test.
    selfTest: async () => undefined,
    withScratch: (use) => withScratch(scratchRoot, undefined, use),
    async run({ folder, command, timeoutMs, signal, env, production, readOnly = [] }) {
      const place = production === undefined ? {} : { Q_PRODUCTION: production };
      for (const { from, to } of readOnly) await copyInto(folder, from, to);
      const { status: _, ...result } = await runGroup({
        argv: ['/usr/bin/env', ...command],
        cwd: folder,
        env: { PATH: path, HOME: scratchRoot, TMPDIR: scratchRoot, LANG: 'C.UTF-8', CI: 'true', ...env, ...place },
        timeoutMs,
        signal,
        outputBytes: DEFAULT_LIMITS.outputBytes,
      });
      return result;
    },
  };
}

/** Nothing can be laid over a folder here, so the command gets a copy, which it could change. */
async function copyInto(folder: string, from: string, to: string): Promise<void> {
  if (isAbsolute(to)) throw new Error(`Without a sandbox, ${to} cannot be shown to a command.`);
  await cp(from, join(folder, to), { recursive: true, force: true });
}
