/**
 * What git and the files' bytes say of a commit, for the repository report. Bounded, and what was not looked at is counted.
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

const EXAMPLES = 20;
const LARGEST = 5;
const FILE_BYTES = 1024 * 1024;
const ALL_BYTES = 256 * 1024 * 1024;
const BATCH_BYTES = 16 * 1024 * 1024;
const MARK = '\ufeff';

export async function readFacts(git: ProjectGit, at: TreeAt): Promise<RepositoryFacts> {
  const entries = await readTree(git, at.commit);
  const files = entries.filter(({ mode }) => mode.startsWith('100'));
  const submodules = await listSubmodules(git, at.commit);
  const pointers = await listPointers(git, at.commit);
  const lfs = pointers.map(async (pointer) => {
    const { path, bytes } = pointer;
    return { path, bytes, isPresent: await hasLfsObject(git, pointer) };
  });
  const largest = [...files].sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST);
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
  const leads = await linkTargets(git, links);
  const refused = [...leads]
    .filter(([path, target]) => !linkStaysInside(path, target, (other) => leads.get(other)))
    .map(([path, target]) => ({ path, target }));
  return { kept: links.length - refused.length, refused };
}

type TextFacts = Pick<RepositoryFacts, 'oddTexts' | 'marked' | 'lineEnds' | 'unread'>;

async function readTexts(git: ProjectGit, files: TreeEntry[]): Promise<TextFacts> {
  const [odd, marked, mixed]: [string[], string[], string[]] = [[], [], []];
  const ends = { lf: 0, crlf: 0 };
  let read = 0;
  for (const batch of batchesOf(files)) {
    const contents = await readBlobs(git, batch);
    read += batch.length;
    for (const [index, { path }] of batch.entries()) {
      const found = textOf(contents[index] ?? Buffer.alloc(0));
      if (found === undefined) continue;
      if (found.encoding !== 'utf-8') odd.push(path);
      if (found.text.startsWith(MARK)) marked.push(path);
      const { crlf, lf } = countLineEnds(found.text);
      if (crlf > 0 && lf > 0) mixed.push(path);
      else if (crlf > 0) ends.crlf += 1;
      else if (lf > 0) ends.lf += 1;
    }
  }
  return {
    oddTexts: examplesOf(odd),
    marked: examplesOf(marked),
    lineEnds: { ...ends, mixed: examplesOf(mixed) },
    unread: files.length - read,
  };
}

function batchesOf(files: TreeEntry[]): TreeEntry[][] {
  const batches: TreeEntry[][] = [];
  let [inBatch, inAll] = [Infinity, 0];
  for (const file of files) {
    if (file.bytes > FILE_BYTES || inAll + file.bytes > ALL_BYTES) continue;
    if (inBatch + file.bytes > BATCH_BYTES) {
      batches.push([]);
      inBatch = 0;
    }
    batches.at(-1)?.push(file);
    inBatch += file.bytes;
    inAll += file.bytes;
  }
  return batches;
}

function examplesOf(paths: string[]): Examples {
  return { count: paths.length, paths: paths.slice(0, EXAMPLES) };
}
