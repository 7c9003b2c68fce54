/**
 * Reads trees for roles: the list of files, the text of files, a search for text. Every read is from a commit and has a limit.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TreeAt } from '../../ports/workspace';
import { splitFields } from '../../inspect/path-bytes';
import { linesFromBytes, textOf } from '../../inspect/text-bytes';
import type { FileText } from '../../inspect/text-bytes';
import { isUtf16, describeBinary } from '../../inspect/byte-kinds';
import { readBlobs } from './blobs';
import { latin1Pattern, readHits } from './grep';
import { pathProblem } from '../../inspect/paths';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';
import { readTree, refusePath } from './tree';
import type { TreeEntry } from './tree';

const MAX_TEXT_BYTES = 16 * 1024 * 1024;
/** Number of bytes that are decoded in one turn of the event loop. */
const DECODE_BATCH_BYTES = 1024 * 1024;
const MAX_HITS = 500;
const MAX_HIT_CHARS = 400;

/** Lists regular files: a symbolic link has no text, and the files of a submodule are not in this tree. */
export async function listFiles(git: ProjectGit, at: TreeAt): Promise<Array<{ path: string; bytes: number }>> {
  const entries = await readTree(git, at.commit);
  return entries.filter(({ mode }) => mode.startsWith('100')).map(({ path, bytes }) => ({ path, bytes }));
}

/** Reads a file as UTF-8, or as latin-1 if it is not UTF-8. */
export async function readFile(git: ProjectGit, at: TreeAt, path: string): Promise<FileText & { bytes: number }> {
  const entry = await regularFile(git, at, path);
  if (entry.bytes > MAX_TEXT_BYTES) throw refusePath(path, `it has ${entry.bytes} bytes, which is too much to read`);
  const [content = Buffer.alloc(0)] = await readBlobs(git, [entry]);
  const text = isUtf16(content) ? undefined : textOf(content);
  if (text === undefined)
    throw refusePath(path, `it is not a text file: ${entry.bytes} bytes, ${describeBinary(content)}`);
  return { ...text, bytes: entry.bytes };
}

/** Finds a regular file. Throws `Workspace.PathRefused` for other paths. */
export async function regularFile(git: ProjectGit, at: TreeAt, path: string): Promise<TreeEntry> {
  const problem = pathProblem(path);
  if (problem !== undefined) throw refusePath(path, problem);
  const [entry] = await readTree(git, at.commit, path);
  if (entry === undefined) throw refusePath(path, 'it is not in the tree');
  if (entry.mode === '120000') throw refusePath(path, 'it is a symbolic link');
  if (!entry.mode.startsWith('100')) throw refusePath(path, 'it is a folder or a submodule');
  return entry;
}

/** Reads any number of files with two git processes. */
export async function readTexts(git: ProjectGit, at: TreeAt, paths: string[]): Promise<Map<string, string>> {
  if (paths.length === 0) return new Map();
  const wantedPaths = new Set(paths);
  const isReadable = ({ path, mode, bytes }: TreeEntry): boolean =>
    wantedPaths.has(path) && mode.startsWith('100') && bytes <= MAX_TEXT_BYTES;
  const entries = (await readTree(git, at.commit)).filter(isReadable);
  const contents = await readBlobs(git, entries);
  const texts = new Map<string, string>();
  let bytes = 0;
  for (const [index, { path }] of entries.entries()) {
    const content = contents[index] ?? Buffer.alloc(0);
    const text = textOf(content)?.text;
    if (text !== undefined) texts.set(path, text);
    bytes += content.length;
    if (bytes < DECODE_BATCH_BYTES) continue;
    // Decoding takes up to 16 ms a MiB: this lets the event loop send a heartbeat.
    await nextTurn();
    bytes = 0;
  }
  return texts;
}

export async function searchText(
  git: ProjectGit,
  at: TreeAt,
  text: string,
): Promise<Array<{ path: string; line: number; text: string }>> {
  const flags = ['-n', '--column', '--max-count=50'];
  const stdout = await grepText(git, at, { text, flags, maxBytes: 2 * 1024 * 1024 });
  // git ends every line, so a last line without an end was cut.
  const hits = readHits({ stdout, wasCut: true }).slice(0, MAX_HITS);
  return hits.map(({ path, line, text: bytes }) => {
    const [lineText = ''] = linesFromBytes(bytes);
    return { path: path.slice(COMMIT_PREFIX_CHARS), line, text: lineText.slice(0, MAX_HIT_CHARS) };
  });
}

export async function filesWithText(git: ProjectGit, at: TreeAt, text: string): Promise<string[]> {
  const stdout = await grepText(git, at, { text, flags: ['-l'] });
  const paths = splitFields(stdout).filter((path) => path !== '');
  return paths.map((path) => path.slice(COMMIT_PREFIX_CHARS));
}

/** The length of the commit id and the colon that git puts before each path. */
const COMMIT_PREFIX_CHARS = 41;

async function grepText(
  git: ProjectGit,
  at: TreeAt,
  { text, flags, maxBytes }: { text: string; flags: string[]; maxBytes?: number },
): Promise<Buffer> {
  if (text === '' || text.includes('\0')) return Buffer.alloc(0);
  const allFlags = ['-I', '-F', '-z', '-r', '--full-name', '--no-color', '--no-textconv', ...flags];
  const latin1Input = latin1Pattern(text);
  const moreFlags = latin1Input === undefined ? [] : ['-f', '-'];
  const { stdout } = await git(['grep', ...allFlags, '-e', text, ...moreFlags, checkCommit(at.commit)], {
    allowExit: [1],
    ...(maxBytes === undefined ? {} : { maxBytes, cut: true }),
    stdin: latin1Input ?? '',
  });
  return stdout;
}
