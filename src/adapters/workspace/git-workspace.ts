/**
 * The workspace on git: one bare repository per project, one branch per build, and no work tree anywhere.
 *
 * Trees go from commit to commit by plumbing, so nothing planted in a tree can run here.
 */
import type { Workspace } from '../../activities/deps';
import { checkoutTree } from './checkout';
import { changedPaths, cleanMessage, commitTree, listChanges } from './commit';
import { prepareBuild } from './prepare';
import { publishWork, restoreBranch } from './publish';
import { diffText, listFiles, readText, searchText } from './read';
import { createRepositories } from './repository';
import { changeTree } from './tree';

export interface GitWorkspaceOptions {
  /** Folder of the bare repositories, one `<project>.git` each. */
  root: string;
  gitPath?: string | undefined;
  /** Added to git's environment for fetching only: a proxy, `SSH_AUTH_SOCK`, `GIT_SSH_COMMAND`. */
  fetchEnv?: Record<string, string> | undefined;
}

export function createGitWorkspace(options: GitWorkspaceOptions): Workspace {
  const { open } = createRepositories(options.root, options.gitPath ?? 'git');
  return {
    prepare: async (input) => prepareBuild(await open(input.projectId), input, options.fetchEnv ?? {}),
    list: async (at) => listFiles(await open(at.projectId), at),
    read: async (at, path) => readText(await open(at.projectId), at, path),
    search: async (at, text) => searchText(await open(at.projectId), at, text),
    async apply(at, changes, message) {
      const git = await open(at.projectId);
      const tree = await changeTree(git, at.commit, changes);
      const commit = await commitTree(git, { tree, parents: [at.commit], message: cleanMessage(message) });
      return { commit, changed: await changedPaths(git, at.commit, commit) };
    },
    publish: async (at, input) => publishWork(await open(at.projectId), at, input),
    diff: async (repo, from, to) => diffText(await open(repo.projectId), from, to),
    changes: async (repo, from, to) => listChanges(await open(repo.projectId), from, to),
    checkout: async (at, folder) => checkoutTree(await open(at.projectId), at, folder),
    restore: async (at, input) => restoreBranch(await open(at.projectId), at, input.generation),
  };
}
