/**
 * What differs between two commits, file by file: lines, sizes, and git's names of the contents.
 *
 * Attributes are of no account here (there is no work tree and HEAD is unborn), so a tree cannot declare its texts binary.
 */
import type { ChangedFile } from '../../domain/gates/facts';
import { fieldsOf } from '../../inspect/path-bytes';
import { blobSizes, readBlobs } from './blobs';
import { checkCommit, NO_COMMIT } from './repository';
import type { ProjectGit } from './repository';

const FLAGS = ['-r', '-z', '--raw', '--numstat', '--no-renames', '--no-abbrev', '--no-ext-diff', '--no-textconv'];
/** Larger files are data: their lines are counted where they shrink, their words are not. */
const READ_BYTES = 1024 * 1024;
/** From this share of lost lines on the words tell whether the content has gone. */
const READ_FROM_LOSS = 0.5;

export async function changedFiles(git: ProjectGit, from: string, to: string): Promise<ChangedFile[]> {
  const { stdout } = await git(['diff-tree', ...FLAGS, checkCommit(from), checkCommit(to)]);
  const files = readEntries(fieldsOf(stdout));
  const modified = files.filter(({ status, removed, binary }) => status === 'modified' && !binary && removed > 0);
  const sized = [...files.map(({ after }) => after), ...modified.map(({ before }) => before)];
  const sizes = await blobSizes(git, [...new Set(sized.filter((oid) => oid !== null))]);
  const bytesOf = (oid: string | null): number => (oid === null ? 0 : (sizes.get(oid) ?? 0));
  const counted = modified.filter(({ before, removed, added }) => removed > added || bytesOf(before) <= READ_BYTES);
  const earlier = await contentsOf(
    git,
    counted.map(({ path, before }) => ({ path, oid: before })),
    sizes,
  );
  const lines = new Map([...earlier].map(([path, content]) => [path, linesOf(content)]));
  const emptied = counted.filter(({ path, before, after, removed }) => {
    const isRead = Math.max(bytesOf(before), bytesOf(after)) <= READ_BYTES;
    return isRead && removed >= (lines.get(path) ?? Infinity) * READ_FROM_LOSS;
  });
  const later = await contentsOf(
    git,
    emptied.map(({ path, after }) => ({ path, oid: after })),
    sizes,
  );
  return files.map((file) => ({
    ...file,
    bytes: bytesOf(file.after),
    linesBefore: lines.get(file.path) ?? null,
    ...wordsOf(earlier.get(file.path), later.get(file.path)),
  }));
}

/** `:<mode> <mode> <oid> <oid> <letter>` and its path for each file, then `<added> TAB <removed> TAB <path>` for each. */
function readEntries(fields: string[]): ChangedFile[] {
  const files = new Map<string, ChangedFile>();
  for (let index = 0; index < fields.length; index++) {
    const field = fields[index] ?? '';
    if (field.startsWith(':')) {
      index += 1;
      const path = fields[index] ?? '';
      files.set(path, fromRaw(field, path));
      continue;
    }
    const [added, removed, ...rest] = field.split('\t');
    const file = files.get(rest.join('\t'));
    if (file === undefined) continue;
    file.binary = added === '-';
    file.added = Number(added) || 0;
    file.removed = Number(removed) || 0;
  }
  return [...files.values()];
}

function fromRaw(field: string, path: string): ChangedFile {
  const [, , before = NO_COMMIT, after = NO_COMMIT, letter = 'M'] = field.split(' ');
  const status = letter.startsWith('A') ? 'added' : letter.startsWith('D') ? 'deleted' : 'modified';
  const nameOf = (oid: string): string | null => (oid === NO_COMMIT ? null : oid);
  const counts = { added: 0, removed: 0, binary: false, bytes: 0, linesBefore: null };
  return { path, status, ...counts, before: nameOf(before), after: nameOf(after) };
}

/** By path; what is no blob is left out. */
async function contentsOf(
  git: ProjectGit,
  files: Array<{ path: string; oid: string | null }>,
  sizes: Map<string, number>,
): Promise<Map<string, Buffer>> {
  const names = files.flatMap(({ path, oid }) => {
    const bytes = oid === null ? undefined : sizes.get(oid);
    return oid === null || bytes === undefined ? [] : [{ path, oid, bytes }];
  });
  if (names.length === 0) return new Map();
  const contents = await readBlobs(git, names);
  return new Map(names.map(({ path }, index) => [path, contents[index] ?? Buffer.alloc(0)]));
}

function wordsOf(before: Buffer | undefined, after: Buffer | undefined): Pick<ChangedFile, 'words'> {
  if (before === undefined || after === undefined) return {};
  const [was, is] = [before, after].map((content) => new Set(content.toString('utf8').match(/[\p{L}\p{N}_]+/gu)));
  if (was === undefined || is === undefined) return {};
  const kept = [...was].filter((word) => is.has(word)).length;
  return { words: { before: was.size, after: is.size, kept } };
}

function linesOf(content: Buffer): number {
  let lines = content.length > 0 && content.at(-1) !== 10 ? 1 : 0;
  for (const byte of content) if (byte === 10) lines += 1;
  return lines;
}
