/**
 * Reads a change from git once for all gates: its files, its added lines, and the texts before and after.
 */
import { ALIAS_CONFIG } from '../../../inspect/imports/aliases';
import { FOREIGN, isSource } from '../../../inspect/dependencies/change-texts';
import { isRead } from '../../../inspect/packages/managers';
import type { ChangedFile } from '../../../domain/gates/facts';
import type { AddedLine, RepoId } from '../../../ports/workspace';
import type { Deps } from '../../deps';

export interface Change {
  repo: RepoId;
  base: string;
  commit: string;
  files: ChangedFile[];
  added: { lines: AddedLine[]; isWhole: boolean };
  /** All paths of the tree after the change. */
  paths: string[];
  /** Texts of changed sources and of all manifests, after the change. */
  after: Map<string, string>;
  /** Texts of all manifests, before the change. */
  before: Map<string, string>;
}

export async function readChange(
  { workspace }: Pick<Deps, 'workspace'>,
  { repo, base, commit }: Pick<Change, 'repo' | 'base' | 'commit'>,
): Promise<Change> {
  const at = { ...repo, commit };
  const [files, added, tree] = await Promise.all([
    workspace.changes(repo, base, commit),
    workspace.addedLines(repo, base, commit),
    workspace.list(at),
  ]);
  const paths = tree.map(({ path }) => path);
  const manifests = paths.filter(isManifest);
  const sources = files.filter(({ path, status }) => status !== 'deleted' && isSource(path)).map(({ path }) => path);
  const earlier = [...manifests, ...files.filter(({ path }) => isManifest(path)).map(({ path }) => path)];
  const [after, before] = await Promise.all([
    workspace.contents(at, [...manifests, ...sources]),
    workspace.contents({ ...repo, commit: base }, earlier),
  ]);
  return { repo, base, commit, files, added, paths, after, before };
}

function isManifest(path: string): boolean {
  return !FOREIGN.test(path) && (isRead(path) || ALIAS_CONFIG.test(path));
}
