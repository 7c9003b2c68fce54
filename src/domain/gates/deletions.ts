/**
 * Gate `deletions`: nothing is removed silently. The Code Writer or the plan must name each file that is deleted, emptied, or has
 * mostly new content.
 */
import { literal } from '../literal';
import type { ChangedFile, ChangeFacts } from './facts';
import type { Gate, GateResult } from './gate';

/** A file that shrinks by more than this share of its lines counts as lost. */
const MAX_LOST_SHARE = 0.6;
/** In a shorter file, a share of lines means nothing. */
const MIN_LINES_FOR_SHARE = 10;
/** A file that keeps less than this share of its words counts as replaced. Reformatting or renaming keeps more. */
const MIN_KEPT_WORDS_SHARE = 0.3;
/** A file with fewer words, such as one with only a version number, is not checked. */
const MIN_WORDS = 3;

export const deletions = {
  name: 'deletions',
  phase: ['verification'],
  judges: ['change'],
  page: {
    expected: 'No file is deleted, emptied or replaced unless the Code Writer or the plan names it.',
    helps: 'Name the file in the technical notes with the reason, or put it back.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ files, locks, account, plan }: ChangeFacts): GateResult {
  const lostFiles = files.filter((file) => isLost(file, locks.includes(file.path)) && !isMoved(file, files));
  const unexplainedFiles = lostFiles.filter(
    (file) => !isLostFileNamed(file.path, account.said, lostFiles) && !plan.paths.includes(file.path),
  );
  return { reasons: unexplainedFiles.map(describe) };
}

type Words = NonNullable<ChangedFile['words']>;

/**
 * True if the content of a file was deleted, mostly removed or replaced. Lock files are only checked for removal, since package
 * managers rewrite them.
 */
function isLost({ status, added, removed, linesBefore, words }: ChangedFile, isLock: boolean): boolean {
  if (status === 'deleted') return true;
  if (status !== 'modified' || linesBefore === null) return false;
  if (linesBefore >= MIN_LINES_FOR_SHARE && removed - added > linesBefore * MAX_LOST_SHARE) return true;
  return (
    !isLock && words !== undefined && (isEmptied(words) || (linesBefore >= MIN_LINES_FOR_SHARE && isReplaced(words)))
  );
}

/** True if only a fraction of the words remains. Also applies to files with few lines. */
function isEmptied({ before, after, kept }: Words): boolean {
  return before >= MIN_WORDS && kept < before * MIN_KEPT_WORDS_SHARE && after <= before * (1 - MAX_LOST_SHARE);
}

function isReplaced({ before, kept }: Words): boolean {
  return kept < before * MIN_KEPT_WORDS_SHARE;
}

/** True if another file now has the same content, or the same name and about the same length, since its imports may have changed. */
function isMoved(file: ChangedFile, files: ChangedFile[]): boolean {
  if (file.status !== 'deleted') return false;
  const hasSimilarLength = ({ added }: ChangedFile): boolean =>
    Math.abs(added - file.removed) <= Math.max(3, file.removed * 0.2);
  return files.some(
    (other) =>
      other.status === 'added' &&
      (other.after === file.before || (nameOf(other.path) === nameOf(file.path) && hasSimilarLength(other))),
  );
}

function nameOf(path: string): string | undefined {
  return path.split('/').at(-1);
}

/** True if the text names the file by its path, by a parent folder (`src/old/`), or by a file name that is unique among the lost files. */
function isLostFileNamed(path: string, text: string, lost: ChangedFile[]): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) ?? path;
  const folders = parts.slice(0, -1).map((_, index) => `${parts.slice(0, index + 1).join('/')}/`);
  const isOnlyOne = lost.filter((other) => other.path.split('/').at(-1) === name).length === 1;
  return [path, ...folders, ...(isOnlyOne ? [name] : [])].some((form) => containsPath(text, form));
}

/** Matches whole paths: `lib/src/`, or a file below `src/`, does not name `src/`. */
function containsPath(text: string, form: string): boolean {
  return new RegExp(`(^|[^\\w./-])(\\./)?${literal(form)}(?![\\w/-]|\\.\\w)`).test(text);
}

function describe(file: ChangedFile): string {
  const { path, status, added, removed, linesBefore, words } = file;
  const isShorter = removed - added > (linesBefore ?? 0) * MAX_LOST_SHARE;
  const lines = isShorter ? `lost ${removed - added} of ${linesBefore ?? '?'} lines` : undefined;
  const content = `has different content (${words?.kept ?? 0} of ${words?.before ?? 0} words are left)`;
  const what = status === 'deleted' ? 'was deleted' : (lines ?? content);
  return `${path} ${what} and nothing explains it: name the file in technical_notes with the reason, or put it back`;
}
