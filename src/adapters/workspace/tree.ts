/**
 * Trees: read as lists of entries, and made anew from an old one and a list of changes.
 *
 * A new tree is built in an index file of its own that is thrown away, so calls never meet.
 */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileChange } from '../../ports/workspace';
import { Failure } from '../../domain/failures';
import { makeTemporary } from '../machine/temporaries';
import { pathProblem } from '../../inspect/paths';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';

export interface TreeEntry {
  mode: '100644' | '100755' | '120000' | '160000';
  oid: string;
  bytes: number;
  path: string;
}

const MAX_FILE_BYTES = 1024 * 1024;
const MAX_CHANGE_BYTES = 20 * 1024 * 1024;

/** All entries of the commit's tree, or the one at `path`. */
export async function readTree(git: ProjectGit, commit: string, path?: string): Promise<TreeEntry[]> {
  const only = path === undefined ? ['-r'] : [];
  const { stdout } = await git(
    ['ls-tree', ...only, '-z', '-l', '--full-tree', checkCommit(commit), ...(path === undefined ? [] : ['--', path])],
    { maxBytes: 256 * 1024 * 1024 },
  );
  return stdout.toString('utf8').split('\0').filter(Boolean).map(parseEntry);
}

function parseEntry(line: string): TreeEntry {
  const tab = line.indexOf('\t');
  const [mode, , oid, size] = line.slice(0, tab).split(/ +/);
  return { mode: mode as TreeEntry['mode'], oid: oid ?? '', bytes: Number(size) || 0, path: line.slice(tab + 1) };
}

export function refusePath(path: string, problem: string): Failure {
  return new Failure('Workspace.PathRefused', `The path ${JSON.stringify(path.slice(0, 400))} is refused: ${problem}.`);
}

/** The tree of `commit` with the changes; throws `Workspace.PathRefused` or `Workspace.TooLarge` before anything is written. */
export async function changeTree(git: ProjectGit, commit: string, changes: FileChange[]): Promise<string> {
  const last = checkChanges(changes);
  const entries = new Map((await readTree(git, commit)).map((entry) => [entry.path, entry]));
  checkPlaces(entries, last);
  const lines: string[] = [];
  for (const [path, content] of last) {
    // Removals first: a file may make room for a folder of its name.
    if (content === null) lines.unshift(`0 ${'0'.repeat(40)}\t${path}\0`);
    else lines.push(`${entries.get(path)?.mode ?? '100644'} ${await writeBlob(git, content)}\t${path}\0`);
  }
  return withIndex(async (env) => {
    await git(['read-tree', checkCommit(commit)], { env });
    await git(['update-index', '-z', '--index-info'], { env, stdin: lines.join('') });
    return (await git(['write-tree'], { env })).stdout.toString('utf8').trim();
  });
}

/** The last change of each path. */
function checkChanges(changes: FileChange[]): Map<string, string | null> {
  let bytes = 0;
  for (const { path, content } of changes) {
    const problem = pathProblem(path);
    if (problem !== undefined) throw refusePath(path, problem);
    const size = content === null ? 0 : Buffer.byteLength(content, 'utf8');
    if (size > MAX_FILE_BYTES)
      throw new Failure(
        'Workspace.TooLarge',
        `${JSON.stringify(path)} has ${size} bytes; a file may have ${MAX_FILE_BYTES}.`,
      );
    bytes += size;
  }
  if (bytes > MAX_CHANGE_BYTES)
    throw new Failure('Workspace.TooLarge', `The change has ${bytes} bytes; one may have ${MAX_CHANGE_BYTES}.`);
  return new Map(changes.map(({ path, content }) => [path, content]));
}

/** Every write lands on a regular file or on nothing, and below folders only. */
function checkPlaces(before: Map<string, TreeEntry>, changes: Map<string, string | null>): void {
  const paths = new Set(before.keys());
  for (const [path, content] of changes) {
    if (content !== null) continue;
    if (!paths.delete(path)) throw refusePath(path, 'it is not in the tree, so it cannot be deleted');
  }
  for (const [path, content] of changes) {
    if (content === null) continue;
    const mode = before.get(path)?.mode;
    if (mode === '120000') throw refusePath(path, 'it is a symbolic link');
    if (mode === '160000') throw refusePath(path, 'it is a submodule');
    paths.add(path);
  }
  const written = [...changes].filter(([, content]) => content !== null).map(([path]) => path);
  const folders = new Set([...paths].flatMap(parentsOf));
  for (const path of written) {
    if (folders.has(path)) throw refusePath(path, 'it is a folder');
    const blocked = parentsOf(path).find((parent) => paths.has(parent));
    if (blocked !== undefined) throw refusePath(path, `${JSON.stringify(blocked)} is not a folder`);
  }
}

function parentsOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

async function writeBlob(git: ProjectGit, content: string): Promise<string> {
  const { stdout } = await git(['hash-object', '-w', '--no-filters', '--stdin'], { stdin: content });
  return stdout.toString('utf8').trim();
}

async function withIndex<T>(use: (env: Record<string, string>) => Promise<T>): Promise<T> {
  const folder = await makeTemporary(tmpdir(), 'index');
  try {
    return await use({ GIT_INDEX_FILE: join(folder, 'index') });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
