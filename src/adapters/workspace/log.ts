/**
 * Reads the history of a commit (log) and the origin of the lines of one file (blame).
 */
import type { BlamePage, LogPage, TreeAt } from '../../ports/workspace';
import { Failure } from '../../domain/failures';
import { pathToBytes } from '../../inspect/path-bytes';
import { pathProblem } from '../../inspect/paths';
import { linesFromBytes } from '../../inspect/text-bytes';
import { GitTimeout } from './git';
import type { GitAnswer, GitCall } from './git';
import { readFile } from './read';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';
import { refusePath } from './tree';

const LIMITS = { timeoutMs: 30_000, maxBytes: 8 * 1024 * 1024 };
/** Separates the members of a line. An author's name that contains it only shifts text into the next member. */
const SEPARATOR = '\x1f';
const FORMAT = ['%h', '%as', '%an', '%s'].join('%x1f');
const LOG_FLAGS = ['--no-color', '--no-decorate', '--no-mailmap', '--no-show-signature', '--no-notes', '--abbrev=10'];

export async function readLog(
  git: ProjectGit,
  at: TreeAt,
  { path, from, count }: { path?: string | undefined; from: number; count: number },
): Promise<LogPage> {
  const problem = path === undefined ? undefined : pathProblem(path);
  if (path !== undefined && problem !== undefined) throw refusePath(path, problem);
  // The path goes through the input: an argument cannot hold every byte that a path may have.
  const lines = [`${checkCommit(at.commit)}\n--\n`, ...(path === undefined ? [] : [pathToBytes(path), '\n'])];
  const page = [`--format=${FORMAT}`, `--skip=${from - 1}`, `--max-count=${count + 1}`];
  const { stdout } = await runLimited(git, ['log', ...LOG_FLAGS, ...page, '--stdin'], {
    stdin: Buffer.concat(lines.map((line) => Buffer.from(line))),
  });
  const commits = linesFromBytes(stdout)
    .filter(Boolean)
    .map((line) => {
      const [commit = '', date = '', author = '', ...subject] = line.split(SEPARATOR);
      return { commit, date, author, subject: subject.join(SEPARATOR) };
    });
  return { commits: commits.slice(0, count), hasMore: commits.length > count };
}

export async function readBlame(
  git: ProjectGit,
  at: TreeAt,
  { path, from, count }: { path: string; from: number; count: number },
): Promise<BlamePage> {
  const { text } = await readFile(git, at, path);
  if (path.includes('\\')) throw refusePath(path, 'git takes no name with such bytes here; use log');
  const fileLines = text.split('\n');
  if (fileLines.at(-1) === '') fileLines.pop();
  const total = fileLines.length;
  if (from > total) return { lines: [], total };
  const range = `${from},${Math.min(total, from + count - 1)}`;
  // This format has no texts of lines: one line may be as long as the file.
  const args = ['blame', '--incremental', '--abbrev=40', '-L', range, checkCommit(at.commit), '--', path];
  const { stdout } = await runLimited(git, args);
  const lines = readIncremental(linesFromBytes(stdout)).map((line) => ({
    ...line,
    text: (fileLines[line.line - 1] ?? '').replace(/\r$/, ''),
  }));
  return { lines, total };
}

/**
 * Reads `git blame --incremental`: `<commit> <line before> <line now> <lines>` begins the entry of some lines, and the file's
 * name ends it. git gives the author of a commit only in the commit's first entry.
 */
function readIncremental(rows: string[]): Array<Omit<BlamePage['lines'][number], 'text'>> {
  const lines: Array<Omit<BlamePage['lines'][number], 'text'>> = [];
  const commits = new Map<string, { date: string; author: string; seconds: number }>();
  let entry = { commit: '', line: 0, count: 0 };
  for (const row of rows) {
    const head = /^([0-9a-f]{40}) \d+ (\d+) (\d+)$/.exec(row);
    if (head !== null) entry = { commit: head[1] ?? '', line: Number(head[2]), count: Number(head[3]) };
    const authorship = commits.get(entry.commit) ?? { date: '', author: '', seconds: 0 };
    commits.set(entry.commit, authorship);
    if (row.startsWith('author ')) authorship.author = row.slice('author '.length);
    else if (row.startsWith('author-time ')) authorship.seconds = Number(row.slice('author-time '.length));
    else if (row.startsWith('author-tz ')) authorship.date = dayOf(authorship.seconds, row.slice('author-tz '.length));
    else if (row.startsWith('filename ')) {
      const origin = { commit: entry.commit.slice(0, 10), date: authorship.date, author: authorship.author };
      for (let line = entry.line; line < entry.line + entry.count; line++) lines.push({ line, ...origin });
    }
  }
  return lines.sort((one, other) => one.line - other.line);
}

/** Returns the date in the author's time zone; `zone` is `+hhmm`. */
function dayOf(seconds: number, zone: string): string {
  const sign = zone.startsWith('-') ? -1 : 1;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(3, 5));
  const day = new Date((seconds + sign * minutes * 60) * 1000);
  return Number.isNaN(day.getTime()) ? '' : day.toISOString().slice(0, 10);
}

async function runLimited(git: ProjectGit, args: string[], call: GitCall = {}): Promise<GitAnswer> {
  try {
    return await git(args, { ...LIMITS, ...call });
  } catch (error) {
    if (!(error instanceof GitTimeout)) throw error;
    const seconds = LIMITS.timeoutMs / 1000;
    throw new Failure('Workspace.TooLarge', `git ${args[0] ?? ''} took longer than ${seconds} s; ask for less of it.`);
  }
}
