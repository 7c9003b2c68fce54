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
const COUNTED_FROM_REMOVED_LINES = 5;

export async function changedFiles(git: ProjectGit, from: string, to: string): Promise<ChangedFile[]> {
  const { stdout } = await git(['diff-tree', ...FLAGS, checkCommit(from), checkCommit(to)]);
  const files = readEntries(fieldsOf(stdout));
  const counted = files.filter(isCounted);
  const sized = [...files.map(({ after }) => after), ...counted.map(({ before }) => before)];
  const sizes = await blobSizes(git, [...new Set(sized.filter((oid) => oid !== null))]);
  const lines = await countLines(git, counted, sizes);
  return files.map((file) => ({
    ...file,
    bytes: file.after === null ? 0 : (sizes.get(file.after) ?? 0),
    linesBefore: lines.get(file.path) ?? null,
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

/** Only these may have lost most of themselves; the others need not be read to know it. */
function isCounted({ status, added, removed, binary }: ChangedFile): boolean {
  return status === 'modified' && !binary && removed > added && removed >= COUNTED_FROM_REMOVED_LINES;
}

async function countLines(
  git: ProjectGit,
  files: ChangedFile[],
  sizes: Map<string, number>,
): Promise<Map<string, number>> {
  const names = files.flatMap(({ path, before }) => {
    const bytes = before === null ? undefined : sizes.get(before);
    return before === null || bytes === undefined ? [] : [{ path, oid: before, bytes }];
  });
  if (names.length === 0) return new Map();
  const contents = await readBlobs(git, names);
  return new Map(names.map(({ path }, index) => [path, linesOf(contents[index] ?? Buffer.alloc(0))]));
}

function linesOf(content: Buffer): number {
  let lines = content.length > 0 && content.at(-1) !== 10 ? 1 : 0;
  for (const byte of content) if (byte === 10) lines += 1;
  return lines;
}
