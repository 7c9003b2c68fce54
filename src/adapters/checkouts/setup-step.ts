/**
 * Runs one setup step and collects its result. The step can read only the files that the digest in its cache key covers.
 */
import { rename } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { TreeAt } from '../../ports/workspace';
import type { SandboxResult, SandboxRun } from '../../ports/sandbox';
import type { Attempt } from '../../inspect/packages/install';
import { collect } from './collect';
import { checkOutVisibleFiles } from './visible-files';
import type { CheckoutsOptions } from './options';
import type { ResultRecord } from './package-cache';
import { placeCopies, collectChanged } from './setup-copies';
import type { SetupCopies } from './setup-copies';
import type { StepSandbox, StepSandboxes } from './step-sandbox';
import { stepFailure } from './step-failure';

export interface Step {
  attempts: Attempt[];
  /** Folder of the tree in which the commands start. */
  folder: string;
  /** The commit whose files the step sees. */
  at: TreeAt;
  /** True for paths of the tree that the step sees. Undefined: all. */
  isVisible?: ((path: string) => boolean) | undefined;
  /** True for paths whose name the step sees, with empty content. */
  isNameVisible?: (path: string) => boolean;
  /** Absolute folders that the step fills and runs share read-only. */
  sharedFolders: string[];
  /** Absolute folders that the step fills and runs get as copies. */
  copiedFolders: string[];
  /** True for produced files that are copied into the tree of each run. */
  isProducedFile: (path: string) => boolean;
  env: Record<string, string>;
  /** Folders that come first on PATH. */
  path: string[];
  /** Results of earlier steps, as copies that the step may write. */
  copies?: SetupCopies;
  /** Results of earlier steps, read-only. */
  readOnly: NonNullable<SandboxRun['readOnly']>;
  /** The paths of the commit's own files. */
  trackedPaths: ReadonlySet<string>;
  reservesMemory?: boolean;
  signal?: AbortSignal | undefined;
}

/** Collects the result in the folder `resultFolder`. Throws Failure `Environment.SetupFailed` or `Environment.ToolMissing`. */
export async function runStep(
  { options, sandboxes }: { options: CheckoutsOptions; sandboxes: StepSandboxes },
  step: Step,
  resultFolder: string,
): Promise<ResultRecord> {
  const { workspace, artifacts } = options;
  return sandboxes.with(async (stepSandbox) => {
    await checkOutVisibleFiles(workspace, step.at, {
      tree: stepSandbox.tree,
      isVisible: step.isVisible,
      ...(step.isNameVisible && { isNameVisible: step.isNameVisible }),
    });
    const copies = step.copies ?? { folders: [], carried: [] };
    await placeCopies(stepSandbox, copies);
    const { note, failure } = await tryAttempts(stepSandbox, step);
    if (failure !== undefined) {
      const log = stepSandbox.hideSecrets(failure.log);
      const { digest } = await artifacts.put(log);
      throw stepFailure({ ...failure, log, logDigest: digest, refusedServers: stepSandbox.refusedServers() });
    }
    const changed = await collectChanged(stepSandbox, copies, resultFolder);
    const collected = await collect({
      tree: stepSandbox.tree,
      resultFolder,
      trackedPaths: step.trackedPaths,
      isProducedFile: step.isProducedFile,
    });
    const mounts = [...changed.mounts, ...collected.mounts];
    const lends = [...changed.lends, ...collected.lends];
    for (const [index, to] of [...step.sharedFolders, ...step.copiedFolders].entries()) {
      const name = `place-${index}`;
      await rename(await stepSandbox.folderFor(to), join(resultFolder, name));
      if (step.sharedFolders.includes(to)) mounts.push({ name, to, scratch: [] });
      else lends.push({ name, to });
    }
    const notes = note === undefined ? [] : [note];
    return { mounts, lends, carried: collected.carried, notes, fetched: stepSandbox.fetched() };
  });
}

interface Outcome {
  note?: string | undefined;
  failure?: { command: string[]; result: SandboxResult; log: string };
}

async function tryAttempts(stepSandbox: StepSandbox, step: Step): Promise<Outcome> {
  let firstFailure: Outcome['failure'];
  let log = '';
  for (const attempt of step.attempts) {
    if (attempt.when !== undefined && !attempt.when.test(log)) continue;
    const failure = await runAttempt(stepSandbox, step, attempt);
    if (failure === undefined) return { note: attempt.note };
    log = failure.log;
    firstFailure ??= failure;
    // A missing program would be missing in the next attempt, too, and a timeout leaves no time for it.
    if (failure.result.exitCode === 127 || failure.result.timedOut) break;
  }
  return firstFailure === undefined ? {} : { failure: firstFailure };
}

async function runAttempt(stepSandbox: StepSandbox, step: Step, { commands }: Attempt): Promise<Outcome['failure']> {
  let log = '';
  for (const command of commands) {
    const { env, path, readOnly, sharedFolders, copiedFolders, folder, signal, reservesMemory, copies } = step;
    const copiedPaths = (copies?.folders ?? []).map(({ to }) => to).filter(isAbsolute);
    const result = await stepSandbox.run({
      command,
      cwd: folder,
      env,
      path,
      readOnly,
      signal,
      reservesMemory,
      writableFolders: [...sharedFolders, ...copiedFolders, ...copiedPaths],
    });
    log += `$ ${command.join(' ')}\n${result.output}\n`;
    if (result.exitCode !== 0) return { command, result, log };
  }
  return undefined;
}
