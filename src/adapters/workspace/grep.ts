/**
 * Finds the lines of a tree that match a pattern. git searches a temporary index with the chosen files.
 *
 * A model writes the pattern, so git compiles it in a process of its own with limits of time, bytes and PCRE's steps.
 */
import type { GrepResult, TextQuery, TreeAt } from '../../ports/workspace';
import { cutText } from '../../domain/text';
import { pathFromBytes } from '../../inspect/path-bytes';
import { linesAround } from './context-lines';
import type { Hit } from './context-lines';
import { GitError, GitTimeout } from './git';
import type { GitAnswer } from './git';
import { indexLine, withIndex } from './index-file';
import type { ProjectGit } from './repository';
import { readTree } from './tree';
import type { TreeEntry } from './tree';

const TIMEOUT_MS = 20_000;
const MAX_BYTES = 8 * 1024 * 1024;
const FLAGS = ['--cached', '-I', '-n', '--column', '-z', '--no-color', '--no-textconv', '--full-name'];
/** Without a UTF-8 locale, git takes a `.` of the pattern for one byte. */
const LOCALE = { LC_ALL: 'C.UTF-8' };
/** Syntax of PCRE that POSIX expressions read as something else without an error. */
const ONLY_PCRE = /\\[dDhHvVRKAzZQpP]|\(\?|[*+?}][?+]/;

export async function grepTree(git: ProjectGit, at: TreeAt, query: TextQuery): Promise<GrepResult> {
  const { pattern } = query;
  if (pattern === '') return { kind: 'refused', reason: 'it is empty' };
  if (pattern.includes('\0')) return { kind: 'refused', reason: 'it holds a NUL character' };
  if (/[\r\n]/.test(pattern))
    return { kind: 'refused', reason: 'it has a line end, and lines are looked at one by one' };
  const entries = await chooseFiles(git, at, query.paths);
  const found = await findLines(git, entries, query);
  if ('reason' in found) return { kind: 'refused', reason: found.reason };
  const hits = found.stdout.length === 0 ? [] : readHits(found);
  const page = hits.slice(query.from - 1, query.from - 1 + query.count);
  const lines = await linesAround(git, { entries, page, context: query.context });
  const files = new Set(hits.map(({ path }) => path)).size;
  return { kind: 'found', hits: hits.length, files, isWhole: !found.wasCut, lines };
}

async function chooseFiles(git: ProjectGit, at: TreeAt, paths: string[] | undefined): Promise<Map<string, TreeEntry>> {
  const wantedPaths = paths && new Set(paths);
  const entries = await readTree(git, at.commit);
  const isChosen = ({ path, mode }: TreeEntry): boolean => mode.startsWith('100') && (wantedPaths?.has(path) ?? true);
  return new Map(entries.filter(isChosen).map((entry) => [entry.path, entry]));
}

async function findLines(
  git: ProjectGit,
  entries: Map<string, TreeEntry>,
  query: TextQuery,
): Promise<GitAnswer | { reason: string }> {
  const isPlain = query.isLiteral || !/[\\^$.|?*+()[\]{}]/.test(query.pattern);
  const regexKind = (): Promise<'-P' | '-E'> => hasPcre(git).then((has) => (has ? '-P' : '-E'));
  const kind = isPlain ? '-F' : await regexKind();
  if (kind === '-E' && ONLY_PCRE.test(query.pattern))
    return {
      reason: 'this git takes POSIX extended expressions only: [0-9] for \\d, no lookaround, no lazy repetition',
    };
  // A latin-1 pattern needs git without a locale, which ignores case for ASCII letters only.
  const latin1Input = isPlain && !query.ignoreCase ? latin1Pattern(query.pattern) : undefined;
  const moreFlags = latin1Input === undefined ? [] : ['-f', '-'];
  try {
    return await withIndex(async (env) => {
      const lines = [...entries.values()].map(({ mode, oid, path }) => indexLine(mode, oid, path));
      await git(['update-index', '-z', '--index-info'], { env, stdin: Buffer.concat(lines) });
      return git(['grep', ...FLAGS, ...(query.ignoreCase ? ['-i'] : []), kind, '-e', query.pattern, ...moreFlags], {
        env: latin1Input === undefined ? { ...env, ...LOCALE } : env,
        ...{ allowExit: [1], maxBytes: MAX_BYTES, cut: true, timeoutMs: TIMEOUT_MS },
        stdin: latin1Input ?? '',
      });
    });
  } catch (error) {
    const reason = reasonOf(error);
    if (reason === undefined) throw error;
    return { reason };
  }
}

/**
 * Encodes the text in latin-1, to find it in files with that encoding; git reads it as a further pattern. Undefined if latin-1
 * has the same bytes for the text, or cannot encode it.
 */
export function latin1Pattern(text: string): Buffer | undefined {
  const hasOtherBytes = /[\u0080-\u00ff]/.test(text) && !/[^\u0000-\u00ff]/u.test(text);
  return hasOtherBytes ? Buffer.from(`${text}\n`, 'latin1') : undefined;
}

/** Returns why git refuses the pattern; undefined for errors that the pattern did not cause. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof GitTimeout)
    return `the search took longer than ${TIMEOUT_MS / 1000} s; write a simpler pattern, or choose fewer files by paths`;
  if (!(error instanceof GitError)) return undefined;
  const message = /^fatal: (?:-e option|command line|pcre2?_|Couldn't JIT)[^\n]*/m.exec(error.stderr)?.[0];
  if (message === undefined) return undefined;
  const words = cutText(message.replace(/^fatal: /, ''), 300);
  return /limit exceeded/.test(message)
    ? `it takes too many steps on some line; write a simpler pattern (${words})`
    : words;
}

const pcreSupport = new WeakMap<object, Promise<boolean>>();

/** True if git was built with PCRE. It asks git once. */
function hasPcre(git: ProjectGit): Promise<boolean> {
  const answer = pcreSupport.get(git.elsewhere) ?? askPcre(git);
  pcreSupport.set(git.elsewhere, answer);
  return answer;
}

async function askPcre(git: ProjectGit): Promise<boolean> {
  try {
    await withIndex((env) => git(['grep', '--cached', '-P', '-e', 'a'], { env, allowExit: [1] }));
    return true;
  } catch (error) {
    if (error instanceof GitError && /perl-compatible/i.test(error.stderr)) return false;
    pcreSupport.delete(git.elsewhere);
    throw error;
  }
}

/** Reads `<path> NUL <line> NUL <column in bytes> NUL <text>` of each hit. A path may have line ends; the last hit may be cut. */
export function readHits({ stdout, wasCut }: Pick<GitAnswer, 'stdout' | 'wasCut'>): Hit[] {
  const hits: Hit[] = [];
  for (let offset = 0; offset < stdout.length;) {
    const pathEnd = stdout.indexOf(0, offset);
    const lineEnd = pathEnd === -1 ? -1 : stdout.indexOf(0, pathEnd + 1);
    const columnEnd = lineEnd === -1 ? -1 : stdout.indexOf(0, lineEnd + 1);
    const end = columnEnd === -1 ? -1 : stdout.indexOf(10, columnEnd);
    if (columnEnd === -1 || (end === -1 && wasCut)) break;
    const numbers = [
      stdout.toString('latin1', pathEnd + 1, lineEnd),
      stdout.toString('latin1', lineEnd + 1, columnEnd),
    ];
    const [line = 0, column = 1] = numbers.map(Number);
    const text = stdout.subarray(columnEnd + 1, end === -1 ? stdout.length : end);
    hits.push({ path: pathFromBytes(stdout.subarray(offset, pathEnd)), line, column, text });
    offset = columnEnd + 1 + text.length + 1;
  }
  return hits;
}
