/**
 * Finds all digests and commits that something names: stored documents, the states of open builds, and the artifacts that these
 * name, recursively.
 *
 * It takes every text that looks like a digest. Such a text that is no digest may keep a file that could be removed;
 * it never causes a removal.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '../machine/errno';
import { namesIn } from '../machine/remove-unused';
import type { Folders, References, OpenWork } from './rules';

const MAX_PARALLEL = 16;

export async function findReferences(folders: Folders, open: readonly OpenWork[]): Promise<References> {
  const builds = open.filter(({ isBuild }) => isBuild);
  const openIds = new Set(builds.map(({ workflowId }) => workflowId));
  const found = { digests: new Set<string>(), commits: new Set<string>() };
  for (const { state } of builds) {
    addAll(found.digests, digestsOf(state ?? ''));
    addAll(found.commits, commitsOf(state ?? ''));
  }
  await readDocuments(folders.documents, (name, text) => {
    addAll(found.digests, digestsOf(text));
    // The names of a build's documents begin with its workflow id: `<project>.<build>.`.
    if (openIds.has(name.split('.').slice(0, 2).join('.'))) addAll(found.commits, commitsOf(text));
  });
  await followArtifacts(folders.artifacts, found.digests);
  const buildsWithoutState = builds.filter(({ state }) => state === null);
  return {
    artifacts: found.digests,
    commits: found.commits,
    openBuilds: openIds,
    restoringProjects: new Set(open.flatMap(({ workflowId }) => /^restore:(.+)$/.exec(workflowId)?.[1] ?? [])),
    oldestOpenBuildAt: Math.min(...builds.map(({ startedAt }) => startedAt)),
    oldestBuildWithoutStateAt: Math.min(...buildsWithoutState.map(({ startedAt }) => startedAt)),
  };
}

async function readDocuments(root: string, visit: (name: string, text: string) => void): Promise<void> {
  for (const collection of await namesIn(root)) {
    const names = (await namesIn(join(root, collection))).filter((name) => name.endsWith('.json'));
    await inBatches(names, async (name) => visit(name, await textOf(join(root, collection, name))));
  }
}

/** Reads the artifacts of these digests and adds the digests in them, until no new digest is found. */
async function followArtifacts(root: string, digests: Set<string>): Promise<void> {
  let unread = [...digests];
  while (unread.length > 0) {
    const known = new Set(digests);
    await inBatches(unread, async (hex) => addAll(digests, digestsOf(await textOf(join(root, hex.slice(0, 2), hex)))));
    unread = [...digests].filter((hex) => !known.has(hex));
  }
}

async function inBatches<T>(all: readonly T[], use: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < all.length; start += MAX_PARALLEL)
    await Promise.all(all.slice(start, start + MAX_PARALLEL).map(use));
}

/** Reads a file as latin-1: digests are ASCII, whatever the encoding of the file. */
async function textOf(path: string): Promise<string> {
  return readFile(path, 'latin1').catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return '';
    throw error;
  });
}

const digestsOf = (text: string): string[] =>
  (text.match(/sha256:[0-9a-f]{64}/g) ?? []).map((digest) => digest.slice(7));
const commitsOf = (text: string): string[] => text.match(/(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/g) ?? [];

function addAll(set: Set<string>, more: string[]): void {
  for (const item of more) set.add(item);
}

/** Lists the names of the folders in a folder. */
export async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
