/**
 * Carries out one install step and keeps what it made. It sees what its key digests and nothing else.
 */
import { rename } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { TreeAt } from '../../ports/workspace';
import type { SandboxResult, SandboxRun } from '../../ports/sandbox';
import type { Attempt } from '../../inspect/packages/install';
import { collect } from './collect';
import { layOut } from './lay-out';
import type { CheckoutsOptions } from './options';
import type { KeptRecord } from './package-cache';
import { layCopies, takeChanged } from './setup-copies';
import type { SetupCopies } from './setup-copies';
import type { Room, Rooms } from './setup-room';
import { stepFailure } from './step-failure';

export interface Step {
  attempts: Attempt[];
  /** Folder in the tree in which commands start. */
  folder: string;
  /** The commit whose files it sees. */
  at: TreeAt;
  /** Undefined: all files. Paths of the tree. */
  sees?: ((path: string) => boolean) | undefined;
  outlines?: (path: string) => boolean;
  keeps: string[];
  lends: string[];
  carries: (path: string) => boolean;
  env: Record<string, string>;
  path: string[];
  /** What steps before it made, as copies that it may write. */
  copies?: SetupCopies;
  /** What steps before it made, as it is. */
  readOnly: NonNullable<SandboxRun['readOnly']>;
  tracked: ReadonlySet<string>;
  reservesMemory?: boolean;
  signal?: AbortSignal | undefined;
}

/** Throws Failure `Environment.SetupFailed` or `Environment.ToolMissing`. */
export async function runStep(
  { options, rooms }: { options: CheckoutsOptions; rooms: Rooms },
  step: Step,
  aside: string,
): Promise<KeptRecord> {
  const { workspace, artifacts } = options;
  return rooms.with(async (room) => {
    await layOut(workspace, step.at, { tree: room.tree, sees: step.sees, ...optional(step.outlines) });
    const copies = step.copies ?? { folders: [], carried: [] };
    await layCopies(room, copies);
    const { note, failed } = await tryAttempts(room, step);
    if (failed !== undefined) {
      const log = room.hide(failed.log);
      const { digest } = await artifacts.put(log);
      throw stepFailure({ ...failed, log, logDigest: digest, refused: room.refused() });
    }
    const changed = await takeChanged(room, copies, aside);
    const taken = await collect({ tree: room.tree, aside, tracked: step.tracked, carries: step.carries });
    const mounts = [...changed.mounts, ...taken.mounts];
    const lends = [...changed.lends, ...taken.lends];
    for (const [index, to] of [...step.keeps, ...step.lends].entries()) {
      const name = `place-${index}`;
      await rename(await room.place(to), join(aside, name));
      if (step.keeps.includes(to)) mounts.push({ name, to, scratch: [] });
      else lends.push({ name, to });
    }
    const notes = note === undefined ? [] : [note];
    return { mounts, lends, carried: taken.carried, notes, fetched: room.fetched() };
  });
}

interface Outcome {
  note?: string | undefined;
  failed?: { command: string[]; result: SandboxResult; log: string };
}

async function tryAttempts(room: Room, step: Step): Promise<Outcome> {
  let first: Outcome['failed'];
  let log = '';
  for (const attempt of step.attempts) {
    if (attempt.when !== undefined && !attempt.when.test(log)) continue;
    const failed = await tryOne(room, step, attempt);
    if (failed === undefined) return { note: attempt.note };
    log = failed.log;
    first ??= failed;
    // What is missing is missing for the next attempt, too.
    if (failed.result.exitCode === 127 || failed.result.timedOut) break;
  }
  return first === undefined ? {} : { failed: first };
}

async function tryOne(room: Room, step: Step, { commands }: Attempt): Promise<Outcome['failed']> {
  let log = '';
  for (const command of commands) {
    const { env, path, readOnly, keeps, lends, folder, signal, reservesMemory, copies } = step;
    const copied = (copies?.folders ?? []).map(({ to }) => to).filter(isAbsolute);
    const result = await room.run({
      command,
      cwd: folder,
      env,
      path,
      readOnly,
      signal,
      reservesMemory,
      places: [...keeps, ...lends, ...copied],
    });
    log += `$ ${command.join(' ')}\n${result.output}\n`;
    if (result.exitCode !== 0) return { command, result, log };
  }
  return undefined;
}

function optional(outlines: Step['outlines']): { outlines?: (path: string) => boolean } {
  return outlines === undefined ? {} : { outlines };
}
