/**
 * Reads from the results of setup steps what a run gets: mounts, variables and folders for PATH. Pure functions.
 */
import type { RunPart } from '../../inspect/packages/install';
import type { Installed } from './installer';
import type { CachedResult } from './package-cache';

export function mountsOf({ folder, record }: CachedResult): Array<{ from: string; to: string }> {
  return record.mounts.map(({ name, to }) => ({ from: `${folder}/${name}`, to }));
}

/** Returns the variables for runs. `offline` adds those that keep package managers from using the network. */
export function envOf(runs: RunPart[], network: 'offline' | 'online' = 'offline'): Record<string, string> {
  const parts = runs.map(({ env, offline = {} }) => (network === 'online' ? env : { ...env, ...offline }));
  return Object.assign({}, ...parts) as Record<string, string>;
}

export function pathOf({ runs, path }: Pick<Installed, 'runs' | 'path'>): string[] {
  return [...runs.flatMap((run) => run.path), ...path];
}
