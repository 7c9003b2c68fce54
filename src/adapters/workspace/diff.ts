/**
 * Reads the difference between two commits as unified text, of all files or of one file, with a limit of bytes.
 */
import { cutDiffLine } from '../../domain/evidence/diff-sections';
import { Failure } from '../../domain/failures';
import { splitFields, pathFromBytes } from '../../inspect/path-bytes';
import { linesFromBytes } from '../../inspect/text-bytes';
import { GitTimeout } from './git';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';

const MAX_BYTES = 1024 * 1024;
const MAX_PATH_BYTES = 8 * 1024 * 1024;
const FLAGS = ['-r', '-M', '--no-color', '--no-ext-diff', '--no-textconv'];

export async function diffText(git: ProjectGit, from: string, to: string): Promise<string> {
  const args = ['diff-tree', ...FLAGS, '-p', checkCommit(from), checkCommit(to)];
  const { stdout, wasCut } = await git(args, { maxBytes: MAX_BYTES, cut: true });
  return decodeDiff(stdout) + (wasCut ? `\n${cutDiffLine(MAX_BYTES)}\n` : '');
}

export async function diffOfPath(
  git: ProjectGit,
  { from, to, path }: { from: string; to: string; path: string },
): Promise<{ text: string; isWhole: boolean }> {
  const commits = [checkCommit(from), checkCommit(to)];
  try {
    // git reports a moved file as a rename only if both of its names are among the arguments.
    const paths = [path, ...(await otherName(git, commits, path))];
    const args = ['diff-tree', ...FLAGS, '-p', ...commits, '--', ...paths.map(asPattern)];
    const { stdout, wasCut } = await git(args, {
      ...{ maxBytes: MAX_PATH_BYTES, cut: true },
      ...(paths.some(hasOddBytes) ? { env: { GIT_LITERAL_PATHSPECS: '0' } } : {}),
    });
    return { text: decodeDiff(stdout), isWhole: !wasCut };
  } catch (error) {
    if (!(error instanceof GitTimeout)) throw error;
    throw new Failure(
      'Workspace.TooLarge',
      `The difference of ${JSON.stringify(path.slice(0, 400))} takes git too long.`,
    );
  }
}

/** Returns the other name of a moved file; an empty list for every other path. */
async function otherName(git: ProjectGit, commits: string[], path: string): Promise<string[]> {
  const { stdout } = await git(['diff-tree', ...FLAGS, '-z', '--name-status', '--diff-filter=R', ...commits]);
  // `R<similarity>`, the name before and the name after, in turn.
  const fields = splitFields(stdout);
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const [before = '', after = ''] = fields.slice(index + 1, index + 3);
    if (before === path) return [after];
    if (after === path) return [before];
  }
  return [];
}

/** True for a path with bytes that are not UTF-8. A program's arguments are text, so all paths of that call become patterns. */
function hasOddBytes(path: string): boolean {
  return path.includes('\\');
}

function asPattern(path: string, _index: number, all: string[]): string {
  return all.some(hasOddBytes) ? `:(top,glob)${path.replace(/\\x[0-9a-f]{2}|[*?[\]]/g, '?')}` : path;
}

function decodeDiff(stdout: Buffer): string {
  return linesFromBytes(stdout, oddDiffLine).join('\n');
}

/** Decodes a diff line that is not UTF-8: a line that names a file, or a line of a file's content. */
function oddDiffLine(line: Buffer): string {
  const isName = /^(diff --git|---|\+\+\+|rename|copy|Binary files) /.test(line.toString('latin1'));
  return isName ? pathFromBytes(line) : line.toString('latin1');
}
