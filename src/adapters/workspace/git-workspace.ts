/**
 * Implements the workspace on git: one bare repository per project, one branch per build, and no work tree.
 *
 * It reads and writes trees by git's plumbing commands, so nothing that a model wrote into a tree can run here.
 */
import type { Workspace } from '../../ports/workspace';
import type { PublicFetch } from '../network/public-fetch';
import type { GitAccess } from './access';
import { addedLines } from './added-lines';
import { changeTree } from './change-tree';
import { changedFiles } from './changes';
import { checkoutTree } from './checkout';
import type { TreeLimits } from './checkout';
import { allMessages, cleanMessage, commitTree, listChanges, listFirstParentCommits } from './commit';
import { deliverBranch } from './deliver';
import { MAX_REPOSITORY_BYTES } from './disk-budget';
import { readFacts } from './facts';
import { grepTree } from './grep';
import { readBlame, readLog } from './log';
import { moveFile } from './move';
import { forgetLook, prepareBuild, readSourceFacts } from './prepare';
import { publishWork, restoreBranch } from './publish';
import { pushedOnto } from './pushed';
import { writeHistory } from './history';
import { readTree } from './tree';
import { diffOfPath, diffText } from './diff';
import { filesWithText, listFiles, readFile, readTexts, searchText } from './read';
import { createRepositories } from './repository';

export interface GitWorkspaceOptions {
  /** Folder of the bare repositories, one `<project>.git` each. */
  root: string;
  /** Limit of bytes on disk for one project's repository. */
  maxRepositoryBytes?: number | undefined;
  treeLimits?: TreeLimits | undefined;
  /** Credentials, proxies and certificates for other repositories. */
  access?: GitAccess | undefined;
  /** Folders below which a repository on this machine may lie; undefined: anywhere. */
  roots?: string[] | undefined;
  fetchTimeoutMs?: number | undefined;
  /** Fetches from LFS servers. If it is left out, a fetch without proxy and settings is used. */
  publicFetch?: PublicFetch | undefined;
}

const FETCH_TIMEOUT_MS = 600_000;

export function createGitWorkspace(options: GitWorkspaceOptions): Workspace {
  const { open } = createRepositories(options.root);
  const { access = {}, roots, fetchTimeoutMs = FETCH_TIMEOUT_MS } = options;
  const maxBytes = options.maxRepositoryBytes ?? MAX_REPOSITORY_BYTES;
  const fetchOptions = { access, roots, fetchTimeoutMs, maxBytes, publicFetch: options.publicFetch };
  return {
    prepare: async (input) => prepareBuild(await open(input.projectId), input, fetchOptions),
    forget: async (repo) => forgetLook(await open(repo.projectId), repo),
    facts: async (at) => readFacts(await open(at.projectId), at),
    givenFolder: async (at) => (await readSourceFacts(await open(at.projectId), at)).workdir,
    list: async (at) => listFiles(await open(at.projectId), at),
    read: async (at, path) => (await readFile(await open(at.projectId), at, path)).text,
    readFile: async (at, path) => readFile(await open(at.projectId), at, path),
    search: async (at, text) => searchText(await open(at.projectId), at, text),
    filesWith: async (at, text) => filesWithText(await open(at.projectId), at, text),
    grep: async (at, query) => grepTree(await open(at.projectId), at, query),
    log: async (at, input) => readLog(await open(at.projectId), at, input),
    blame: async (at, input) => readBlame(await open(at.projectId), at, input),
    async apply(at, changes, message) {
      const git = await open(at.projectId);
      const tree = await changeTree(git, at, changes);
      return { commit: await commitTree(git, { tree, parents: [at.commit], message: cleanMessage(message) }) };
    },
    async move(at, input, message) {
      const git = await open(at.projectId);
      const tree = await moveFile(git, at, input);
      return { commit: await commitTree(git, { tree, parents: [at.commit], message: cleanMessage(message) }) };
    },
    publish: async (at, input) => publishWork(await open(at.projectId), at, input),
    pushed: async (at, generation) => pushedOnto(await open(at.projectId), at, generation),
    diff: async (repo, from, to) => diffText(await open(repo.projectId), from, to),
    diffOf: async (repo, span) => diffOfPath(await open(repo.projectId), span),
    changes: async (repo, from, to) => changedFiles(await open(repo.projectId), from, to),
    contentChanges: async (repo, from, to) => listChanges(await open(repo.projectId), from, to),
    addedLines: async (repo, from, to) => addedLines(await open(repo.projectId), from, to),
    line: async (repo, from, to) => listFirstParentCommits(await open(repo.projectId), from, to),
    messages: async (repo, from, to) => allMessages(await open(repo.projectId), from, to),
    contents: async (at, paths) => readTexts(await open(at.projectId), at, paths),
    entries: async (at) =>
      (await readTree(await open(at.projectId), at.commit)).map(({ oid, ...entry }) => ({ ...entry, id: oid })),
    history: async (at, input) => writeHistory(await open(at.projectId), at.commit, input),
    deliver: async (at, order) => deliverBranch(await open(at.projectId), at, { order, access, roots }),
    checkout: async (at, folder) => checkoutTree(await open(at.projectId), at, { folder, limits: options.treeLimits }),
    restore: async (at, input) => restoreBranch(await open(at.projectId), at, input.generation),
  };
}
