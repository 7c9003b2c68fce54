/**
 * Lists the files that differ between two commits, with line counts, sizes and git's ids of the contents.
 *
 * git reads no attributes here (there is no work tree, and HEAD names no commit), so a tree cannot declare its texts binary.
 */
import type { ChangedFile } from '../../domain/gates/facts';
import { splitFields } from '../../inspect/path-bytes';
import { blobSizes, readBlobs } from './blobs';
import { checkCommit, NO_COMMIT } from './repository';
import type { ProjectGit } from './repository';

const FLAGS = ['-r', '-z', '--raw', '--numstat', '--no-renames', '--no-abbrev', '--no-ext-diff', '--no-textconv'];
/** Larger files are data: their lines are counted if the file shrank, their words never. */
const MAX_WORD_COUNT_BYTES = 1024 * 1024;
/** Words are compared if at least this share of the lines was removed: they tell whether content was lost or only moved. */
const MIN_REMOVED_SHARE = 0.5;

export async function changedFiles(git: ProjectGit, from: string, to: string): Promise<ChangedFile[]> {
  const { stdout } = await git(['diff-tree', ...FLAGS, checkCommit(from), checkCommit(to)]);
  const files = readEntries(splitFields(stdout));
  const modified = files.filter(({ status, removed, binary }) => status === 'modified' && !binary && removed > 0);
  const oids = [...files.map(({ after }) => after), ...modified.map(({ before }) => before)];
  const sizes = await blobSizes(git, [...new Set(oids.filter((oid) => oid !== null))]);
  const bytesOf = (oid: string | null): number => (oid === null ? 0 : (sizes.get(oid) ?? 0));
  const lineCountedFiles = modified.filter(
    ({ before, removed, added }) => removed > added || bytesOf(before) <= MAX_WORD_COUNT_BYTES,
  );
  const oldContents = await contentsOf(
    git,
    lineCountedFiles.map(({ path, before }) => ({ path, oid: before })),
    sizes,
  );
  const lines = new Map([...oldContents].map(([path, content]) => [path, linesOf(content)]));
  const shrunkFiles = lineCountedFiles.filter(({ path, before, after, removed }) => {
    const isSmall = Math.max(bytesOf(before), bytesOf(after)) <= MAX_WORD_COUNT_BYTES;
    return isSmall && removed >= (lines.get(path) ?? Infinity) * MIN_REMOVED_SHARE;
  });
  const newContents = await contentsOf(
    git,
    shrunkFiles.map(({ path, after }) => ({ path, oid: after })),
    sizes,
  );
  return files.map((file) => ({
    ...file,
    bytes: bytesOf(file.after),
    linesBefore: lines.get(file.path) ?? null,
    ...wordsOf(oldContents.get(file.path), newContents.get(file.path)),
  }));
}

/** Reads `:<mode> <mode> <oid> <oid> <letter>` and the path of each file, then `<added> TAB <removed> TAB <path>` of each. */
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

const STATUS: Record<string, ChangedFile['status']> = { A: 'added', D: 'deleted' };

function fromRaw(field: string, path: string): ChangedFile {
  const [, , before = NO_COMMIT, after = NO_COMMIT, letter = 'M'] = field.split(' ');
  const status = STATUS[letter.charAt(0)] ?? 'modified';
  const nameOf = (oid: string): string | null => (oid === NO_COMMIT ? null : oid);
  const counts = { added: 0, removed: 0, binary: false, bytes: 0, linesBefore: null };
  return { path, status, ...counts, before: nameOf(before), after: nameOf(after) };
}

/** Returns contents by path; paths without a blob are left out. */
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
  const [oldWords, newWords] = [before, after].map(
    (content) => new Set(content.toString('utf8').match(/[\p{L}\p{N}_]+/gu)),
  );
  if (oldWords === undefined || newWords === undefined) return {};
  const kept = [...oldWords].filter((word) => newWords.has(word)).length;
  return { words: { before: oldWords.size, after: newWords.size, kept } };
}

function linesOf(content: Buffer): number {
  let lines = content.length > 0 && content.at(-1) !== 10 ? 1 : 0;
  for (const byte of content) if (byte === 10) lines += 1;
  return lines;
}
