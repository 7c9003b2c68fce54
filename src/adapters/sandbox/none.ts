/**
 * No sandbox: for development on machines without bubblewrap, by an explicit setting only.
 *
 * Commands run as this process's user and see its files and network. What stays: a scratch folder, a time limit, the end of
 * the whole group, and an environment without our variables.
 */
import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import type { Sandbox } from '../../activities/deps';
import { DEFAULT_LIMITS } from './profile';
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
    async run({ folder, command, timeoutMs, signal, env, production }) {
      const place = production === undefined ? {} : { Q_PRODUCTION: production };
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
