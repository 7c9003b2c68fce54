/**
 * Runs one check in the sandbox and gives its evidence. The output of the check is stored as an artifact.
 */
import { Context } from '@temporalio/activity';
import type { Evidence } from '../../../domain/evidence/evidence';
import type { PreparedCheckout } from '../../../ports/checkouts';
import type { SandboxResult } from '../../../ports/sandbox';
import type { Deps } from '../../deps';

export interface Check {
  commit: string;
  command: string[];
  /** The text that people see instead of the command. */
  shown?: string;
  timeoutMs: number;
}

/** Runs the check in an empty folder, into which `fill` writes the files. */
export async function measureInEmptyFolder(
  deps: Deps,
  check: Check,
  fill: (folder: string) => Promise<void>,
): Promise<Measured> {
  const { command, timeoutMs } = check;
  return deps.sandbox.withScratch(async (folder) => {
    await fill(folder);
    const signal = Context.current().cancellationSignal;
    return toMeasured(deps, check, await deps.sandbox.run({ folder, command, timeoutMs, signal }));
  });
}

/** Runs the check on a prepared checkout of a commit. */
export async function measureOnCheckout(deps: Deps, check: Check, checkout: PreparedCheckout): Promise<Measured> {
  const { command, timeoutMs } = check;
  const signal = Context.current().cancellationSignal;
  return toMeasured(deps, check, await checkout.run({ command, timeoutMs, signal }));
}

export interface Measured {
  run: Evidence;
  output: string;
}

async function toMeasured(deps: Deps, { commit, command, shown }: Check, result: SandboxResult): Promise<Measured> {
  const { exitCode, timedOut, output, durationMs } = result;
  const { digest: logDigest } = await deps.artifacts.put(output);
  const commandTexts = { command, ...(shown === undefined ? {} : { shown }) };
  const runFacts = { ...commandTexts, commit, exitCode, timedOut, logDigest, durationMs, sandbox: deps.sandbox.name };
  const nothingCounted = { integrity: null, counts: null, coveragePercent: null, failing: [] };
  return { run: { kind: 'build', ...runFacts, ...nothingCounted, at: new Date().toISOString() }, output };
}
