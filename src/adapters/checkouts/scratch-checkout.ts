/**
 * Checks out a commit's tree into a scratch folder, and adds its installed packages: as read-only mounts, or as copies.
 */
import { lstat, mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckoutRun, PreparedCheckout } from '../../ports/checkouts';
import type { SandboxRun } from '../../ports/sandbox';
import type { Installed } from './installer';
import type { CheckoutsOptions } from './options';
import type { CachedResult } from './package-cache';
import type { CommitProject } from './read-project';
import { envOf, mountsOf, pathOf } from './result-parts';
import { isInsideMount } from './setup-copies';
import { copyIntoTree, copyForRun } from './build-cache';

/** The parts of a checkout, besides the tree. */
export interface CheckoutParts {
  installed: Installed;
  buildCaches: CachedResult[];
  git: { mount: { from: string; to: string }; notes: string[] };
}
/** `scratchFolder`: the scratch folder that contains the tree; the same user owns it. */
export type ScratchCheckout = Omit<PreparedCheckout, 'setup' | 'has' | 'fetched'> & { scratchFolder: string };

export function withScratchCheckout<T>(
  { sandbox, workspace }: CheckoutsOptions,
  { at, workdir }: CommitProject,
  { parts, use }: { parts: CheckoutParts; use: (checkout: ScratchCheckout) => Promise<T> },
): Promise<T> {
  return sandbox.withScratch(async (scratch) => {
    const folder = join(scratch, 'tree');
    await mkdir(folder);
    await workspace.checkout(at, folder);
    const { writable, ...packages } = await addPackages(parts, { scratch, folder });
    const path = [...pathOf(parts.installed), await sandbox.path()].join(':');
    const { runs } = parts.installed;
    const shown = {
      ...packages,
      env: { ...envOf(runs), PATH: path },
      files: runs.flatMap((run) => run.files ?? []),
      reservesMemory: runs.some((run) => run.reservesMemory),
    };
    const run = (runOptions: CheckoutRun) =>
      sandbox.run({
        ...runOptions,
        ...{ folder, cwd: workdir, scratch: shown.scratch, reservesMemory: shown.reservesMemory },
        env: { ...shown.env, ...runOptions.env },
        files: [...shown.files, ...(runOptions.files ?? [])],
        readOnly: [...shown.readOnly, ...(runOptions.readOnly ?? [])],
        writable: [...writable, ...(runOptions.writable ?? [])],
      });
    const removeMountPoints = () => removeEmptyFolders(folder, [...shown.readOnly, ...writable]);
    return use({ folder, scratchFolder: scratch, path, shown, removeMountPoints, run });
  });
}

/** True if the path exists in the tree or in its installed packages. */
export async function existsInCheckout(
  { folder, workdir, parts }: { folder: string; workdir: string; parts: CheckoutParts },
  place: string,
): Promise<boolean> {
  const path = join(workdir, place);
  const inPackages = parts.installed.results.flatMap(({ folder: kept, record }) =>
    record.mounts
      .filter(({ to }) => path === to || path.startsWith(`${to}/`))
      .map(({ name, to }) => join(kept, name, path.slice(to.length))),
  );
  for (const candidate of [join(folder, path), ...inPackages]) {
    if ((await lstat(candidate).catch(() => undefined)) !== undefined) return true;
  }
  return false;
}

/** Copies files and folders of the results into place, and lists the folders to mount in each run. */
async function addPackages(
  { installed, buildCaches, git }: CheckoutParts,
  { scratch, folder }: { scratch: string; folder: string },
) {
  const writable: NonNullable<SandboxRun['writable']> = [];
  for (const [index, kept] of [...installed.results, ...buildCaches].entries()) {
    const { carried, lends } = kept.record;
    if (carried !== null) await copyIntoTree(join(kept.folder, carried), folder);
    for (const { name, to } of lends) {
      const isOutside = to.startsWith('/') || isInsideMount(to, kept.record);
      const place = isOutside ? join(scratch, `lent-${index}-${name.replaceAll('/', '-')}`) : join(folder, to);
      await copyForRun(join(kept.folder, name), place, { usesHardLinks: to.startsWith('/') });
      if (isOutside) writable.push({ from: place, to, isOwnedBySandboxUser: true });
    }
  }
  const mounts = installed.results.flatMap(({ record }) => record.mounts);
  return {
    writable,
    readOnly: [git.mount, ...installed.results.flatMap(mountsOf)],
    scratch: mounts.flatMap(({ to, scratch: below }) => below.map((name) => `${to}/${name}`)),
  };
}

/** Removes empty mount points from the tree. A folder that is not empty belongs to the tree and stays. */
async function removeEmptyFolders(folder: string, places: Array<{ to: string }>): Promise<void> {
  for (const { to } of places) {
    if (!to.startsWith('/')) await rmdir(join(folder, to)).catch(() => undefined);
  }
}
