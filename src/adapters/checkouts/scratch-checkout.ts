/**
 * A commit's tree in a scratch folder, with what was installed for it shown beside or copied into it.
 */
import { lstat, mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckoutRun, PreparedCheckout } from '../../ports/checkouts';
import type { SandboxRun } from '../../ports/sandbox';
import { envOf, pathOf, shownOf } from './installer';
import type { Installed } from './installer';
import type { CheckoutsOptions } from './options';
import type { Kept } from './package-cache';
import type { ReadProject } from './read-project';
import { isBelow } from './setup-copies';
import { carry, lend } from './warm';

/** What a checkout is laid out from. */
export interface Ready {
  made: Installed;
  warm: Kept[];
  git: { shown: { from: string; to: string }; notes: string[] };
}
/** `beside`: a folder next to the tree, of the same user. */
export type Laid = Omit<PreparedCheckout, 'setup' | 'has' | 'fetched'> & { beside: string };

export function checkedOut<T>(
  { sandbox, workspace }: CheckoutsOptions,
  { at, workdir }: ReadProject,
  { ready, use }: { ready: Ready; use: (checkout: Laid) => Promise<T> },
): Promise<T> {
  return sandbox.withScratch(async (scratch) => {
    const folder = join(scratch, 'tree');
    await mkdir(folder);
    await workspace.checkout(at, folder);
    const { writable, ...packages } = await layPackages(ready, { scratch, folder });
    const path = [...pathOf(ready.made), await sandbox.path()].join(':');
    const { runs } = ready.made;
    const shown = {
      ...packages,
      env: { ...envOf(runs), PATH: path },
      files: runs.flatMap((run) => run.files ?? []),
      reservesMemory: runs.some((run) => run.reservesMemory),
    };
    const run = (more: CheckoutRun) =>
      sandbox.run({
        ...more,
        ...{ folder, cwd: workdir, scratch: shown.scratch, reservesMemory: shown.reservesMemory },
        env: { ...shown.env, ...more.env },
        files: [...shown.files, ...(more.files ?? [])],
        readOnly: [...shown.readOnly, ...(more.readOnly ?? [])],
        writable: [...writable, ...(more.writable ?? [])],
      });
    const removeMountPoints = () => removeEmpty(folder, [...shown.readOnly, ...writable]);
    return use({ folder, beside: scratch, path, shown, removeMountPoints, run });
  });
}

/** In the tree, or in what was installed for it. */
export async function hasPlace(
  { folder, workdir, ready }: { folder: string; workdir: string; ready: Ready },
  place: string,
): Promise<boolean> {
  const path = join(workdir, place);
  const inPackages = ready.made.kept.flatMap(({ folder: kept, record }) =>
    record.mounts
      .filter(({ to }) => path === to || path.startsWith(`${to}/`))
      .map(({ name, to }) => join(kept, name, path.slice(to.length))),
  );
  for (const candidate of [join(folder, path), ...inPackages]) {
    if ((await lstat(candidate).catch(() => undefined)) !== undefined) return true;
  }
  return false;
}

/** The folders that a run sees beside the tree, and what is copied into it. */
async function layPackages({ made, warm, git }: Ready, { scratch, folder }: { scratch: string; folder: string }) {
  const writable: NonNullable<SandboxRun['writable']> = [];
  for (const [index, kept] of [...made.kept, ...warm].entries()) {
    const { carried, lends } = kept.record;
    if (carried !== null) await carry(join(kept.folder, carried), folder);
    for (const { name, to } of lends) {
      const isOutside = to.startsWith('/') || isBelow(to, kept.record);
      const place = isOutside ? join(scratch, `lent-${index}-${name.replaceAll('/', '-')}`) : join(folder, to);
      await lend(join(kept.folder, name), place, { shares: to.startsWith('/') });
      if (isOutside) writable.push({ from: place, to, isGiven: true });
    }
  }
  const mounts = made.kept.flatMap(({ record }) => record.mounts);
  return {
    writable,
    readOnly: [git.shown, ...made.kept.flatMap(shownOf)],
    scratch: mounts.flatMap(({ to, scratch: below }) => below.map((name) => `${to}/${name}`)),
  };
}

/** A place that holds something is the tree's own. */
async function removeEmpty(folder: string, places: Array<{ to: string }>): Promise<void> {
  for (const { to } of places) {
    if (!to.startsWith('/')) await rmdir(join(folder, to)).catch(() => undefined);
  }
}
