/**
 * Runs one check in the sandbox and gives what was measured. What it prints goes to the artifact store by digest.
 */
import { Context } from '@temporalio/activity';
import type { Evidence } from '../../../domain/evidence/evidence';
import type { Deps } from '../../deps';

export interface Check {
  commit: string;
  command: string[];
  /** What people are shown in the place of the command. */
  shown?: string;
  timeoutMs: number;
  /** Puts into the empty folder what the command works on. */
  fill(folder: string): Promise<void>;
}

export async function measure(deps: Deps, check: Check): Promise<{ run: Evidence; output: string }> {
  const { commit, command, timeoutMs } = check;
  const result = await deps.sandbox.withScratch(async (folder) => {
    await check.fill(folder);
    return deps.sandbox.run({ folder, command, timeoutMs, signal: Context.current().cancellationSignal });
  });
  const { exitCode, timedOut, output, durationMs } = result;
  const { digest: logDigest } = await deps.artifacts.put(output);
  const named = { command, ...(check.shown === undefined ? {} : { shown: check.shown }) };
  const measured = { ...named, commit, exitCode, timedOut, logDigest, durationMs, sandbox: deps.sandbox.name };
  const nothingCounted = { integrity: null, counts: null, coveragePercent: null, failing: [] };
  return { run: { kind: 'build', ...measured, ...nothingCounted, at: new Date().toISOString() }, output };
}
