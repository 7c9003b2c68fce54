/**
 * Collects facts about the files of a commit for the repository report. It reads a limited number of bytes and counts the
 * files that it did not read.
 */
import type { Examples, RepositoryFacts } from '../../ports/repository-facts';
import type { TreeAt } from '../../ports/workspace';
import { linkStaysInside } from '../../inspect/paths';
import { countLineEnds, textOf } from '../../inspect/text-bytes';
import { readBlobs } from './blobs';
import { linkTargets } from './checkout';
import { hasLfsObject, listPointers } from './lfs-objects';
import { readSourceFacts } from './prepare';
import type { ProjectGit } from './repository';
import { listSubmodules } from './submodules';
import { readTree } from './tree';
import type { TreeEntry } from './tree';

const MAX_EXAMPLES = 20;
const MAX_LARGEST_FILES = 5;
const MAX_FILE_BYTES = 1024 * 1024;
const MAX_TOTAL_BYTES = 256 * 1024 * 1024;
const BATCH_BYTES = 16 * 1024 * 1024;
const BYTE_ORDER_MARK = '\ufeff';

export async function readFacts(git: ProjectGit, at: TreeAt): Promise<RepositoryFacts> {
  const entries = await readTree(git, at.commit);
  const files = entries.filter(({ mode }) => mode.startsWith('100'));
  const submodules = await listSubmodules(git, at.commit);
  const pointers = await listPointers(git, at.commit);
  const lfs = pointers.map(async (pointer) => {
    const { path, bytes } = pointer;
    return { path, bytes, isPresent: await hasLfsObject(git, pointer) };
  });
  const largest = [...files].sort((a, b) => b.bytes - a.bytes).slice(0, MAX_LARGEST_FILES);
  return {
    source: await readSourceFacts(git, at),
    files: files.length,
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    largest: largest.map(({ path, bytes }) => ({ path, bytes })),
    submodules: submodules.map(({ path, commit, url }) => ({ path, commit, url })),
    lfs: await Promise.all(lfs),
    links: await judgeLinks(
      git,
      entries.filter(({ mode }) => mode === '120000'),
    ),
    oddNames: examplesOf(entries.map(({ path }) => path).filter((path) => /\\x[89a-f][0-9a-f]/.test(path))),
    ...(await readTexts(git, files)),
  };
}

async function judgeLinks(git: ProjectGit, links: TreeEntry[]): Promise<RepositoryFacts['links']> {
  const targets = await linkTargets(git, links);
  const refused = [...targets]
    .filter(([path, target]) => !linkStaysInside(path, target, (other) => targets.get(other)))
    .map(([path, target]) => ({ path, target }));
  return { kept: links.length - refused.length, refused };
}

type TextFacts = Pick<RepositoryFacts, 'oddTexts' | 'marked' | 'lineEnds' | 'unread'>;

async function readTexts(git: ProjectGit, files: TreeEntry[]): Promise<TextFacts> {
  const [oddPaths, markedPaths, mixedPaths]: [string[], string[], string[]] = [[], [], []];
  const ends = { lf: 0, crlf: 0 };
  let readCount = 0;
  for (const batch of batchesOf(files)) {
    const contents = await readBlobs(git, batch);
    readCount += batch.length;
    for (const [index, { path }] of batch.entries()) {
      const decoded = textOf(contents[index] ?? Buffer.alloc(0));
      if (decoded === undefined) continue;
      if (decoded.encoding !== 'utf-8') oddPaths.push(path);
      if (decoded.text.startsWith(BYTE_ORDER_MARK)) markedPaths.push(path);
      const { crlf, lf } = countLineEnds(decoded.text);
      if (crlf > 0 && lf > 0) mixedPaths.push(path);
      else if (crlf > 0) ends.crlf += 1;
      else if (lf > 0) ends.lf += 1;
    }
  }
  return {
    oddTexts: examplesOf(oddPaths),
    marked: examplesOf(markedPaths),
    lineEnds: { ...ends, mixed: examplesOf(mixedPaths) },
    unread: files.length - readCount,
  };
}

function batchesOf(files: TreeEntry[]): TreeEntry[][] {
  const batches: TreeEntry[][] = [];
  let [batchBytes, totalBytes] = [Infinity, 0];
  for (const file of files) {
    if (file.bytes > MAX_FILE_BYTES || totalBytes + file.bytes > MAX_TOTAL_BYTES) continue;
    if (batchBytes + file.bytes > BATCH_BYTES) {
      batches.push([]);
      batchBytes = 0;
    }
    batches.at(-1)?.push(file);
    batchBytes += file.bytes;
    totalBytes += file.bytes;
  }
  return batches;
}

function examplesOf(paths: string[]): Examples {
  return { count: paths.length, paths: paths.slice(0, MAX_EXAMPLES) };
}
