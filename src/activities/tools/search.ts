/**
 * The tools that search many files and the history: search, log, blame.
 */
import { z } from 'zod';
import { cutText } from '../../domain/text';
import type { FoundLine, GrepResult } from '../../ports/workspace';
import { pathIn, refused, tool } from './tool-context';
import type { ToolCallContext, ToolOutcome } from './tool-context';
import { entriesOf, orMissing } from './entries';
import { GLOB_CHARS, matchGlobs } from './globs';
import { lineNumber } from './look';
import { callOf, count, counted, numbered, oneLine, page } from '../../inspect/tool-texts/show';

const HITS_PER_PAGE = 100;
const LOG_ROWS = { usual: 20, most: 100 };
const BLAME_ROWS = { usual: 100, most: 400 };
const MAX_PATTERN_CHARS = 2_000;
/** Git counts the commits that it skips in 32 bits. */
const MAX_COMMIT_NUMBER = 2_000_000_000;
const MAX_SUBJECT_CHARS = 300;

export const search = tool({
  description:
    'Finds lines by a regular expression (pattern) or by a text, in all files or in those that a glob of paths fits. 100 hits a page.',
  input: z.object({
    pattern: z
      .string()
      .max(MAX_PATTERN_CHARS)
      .nullish()
      .describe('A regular expression (PCRE), a line at a time. Null with text.'),
    text: z.string().max(MAX_PATTERN_CHARS).nullish().describe('The same as plain text. Null with pattern.'),
    paths: z
      .array(z.string().max(GLOB_CHARS))
      .max(40)
      .nullish()
      .describe('Globs from the root, such as src/**/*.ts, or folders.'),
    context: z.number().int().min(0).max(10).nullish().describe('Lines to show before and after each hit.'),
    ignore_case: z.boolean().nullish(),
    from: lineNumber.describe('The first hit to show, from 1.'),
  }),
  async carryOut(context, input) {
    const pattern = input.pattern ?? input.text;
    // Some models send an empty text for a member that they want to omit.
    const queries = [input.pattern, input.text].filter((query) => query != null && query !== '');
    if (pattern == null || queries.length !== 1) return refused('give either pattern or text');
    const paths = await matchingFiles(context, input.paths);
    if (paths !== undefined && 'output' in paths) return paths;
    const [from, linesAround] = [input.from ?? 1, input.context ?? 0];
    const found = await context.deps.workspace.grep(context.at, {
      ...{ pattern: queries[0] ?? '', isLiteral: !input.pattern, ignoreCase: input.ignore_case === true },
      ...{ paths: paths?.paths, context: linesAround, from, count: HITS_PER_PAGE },
    });
    if (found.kind === 'refused') return refused(`the pattern cannot be searched for: ${found.reason}`);
    if (from > Math.max(1, found.hits)) return refused(`there are only ${counted(found.hits, 'hit')}`);
    return showHits(found, {
      from,
      hasContext: linesAround > 0,
      call: (next) => callOf('search', { ...input, from: next }),
    });
  },
});

/** Gives the files that the globs match; undefined for all files; an error where no file matches. */
async function matchingFiles(
  context: ToolCallContext,
  globs: string[] | null | undefined,
): Promise<{ paths: string[] } | ToolOutcome | undefined> {
  // The globs '', '.' and './' mean the whole tree.
  const patterns = (globs ?? []).filter((glob) => !['', '.', './'].includes(glob));
  if (patterns.length === 0 || patterns.length < (globs ?? []).length) return undefined;
  const all = (await entriesOf(context)).filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path);
  const matched = matchGlobs(patterns, all, { withFolders: true });
  if ('problem' in matched) return refused(matched.problem);
  if (matched.paths.length > 0) return matched;
  const hint = patterns.some((glob) => !glob.includes('/')) ? '; **/ before a glob looks in all folders' : '';
  return refused(`no file fits ${patterns.map((glob) => JSON.stringify(glob)).join(', ')}${hint}`);
}

interface Hits {
  from: number;
  hasContext: boolean;
  call: (next: number) => string;
}

/** Writes one page of hits. A row of context belongs to the hit that follows it, and after the last hit to that one. */
function showHits(found: GrepResult & { kind: 'found' }, { from, hasContext, call }: Hits): ToolOutcome {
  const rows: string[] = [];
  /** For each row the number of hits up to and including it. */
  const hitsUpToRow: number[] = [];
  for (const [at, line] of found.lines.entries()) {
    const previous = found.lines[at - 1];
    if (hasContext && previous !== undefined && !isNextLine(previous, line)) {
      rows.push('--');
      hitsUpToRow.push(hitsUpToRow.at(-1) ?? 0);
    }
    rows.push(rowOf(line));
    hitsUpToRow.push((hitsUpToRow.at(-1) ?? 0) + (line.isHit ? 1 : 0));
  }
  const prefix = found.isWhole ? '' : 'the first ';
  const head = `${prefix}${counted(found.hits, 'hit')} in ${counted(found.files, 'file')}`;
  const shownHits = hitsUpToRow.at(-1) ?? 0;
  const limitNotes = found.isWhole
    ? []
    : ['the search was ended at its limit of bytes: narrow it by paths or pattern to see more'];
  const restText = (hits: number): string =>
    `hits ${count(from + hits)} to ${count(found.hits)} are left out: ${call(from + hits)}`;
  const notesOnMoreHits = from + shownHits <= found.hits ? [restText(shownHits)] : [];
  const output = page({
    ...{ rows, from: 1, most: rows.length },
    head: () => head,
    rest: (next) => restText(Math.max(1, hitsUpToRow[next - 2] ?? 0)),
    notes: (_, last) => [...(last === rows.length ? notesOnMoreHits : []), ...limitNotes],
  });
  return { output };
}

function isNextLine(one: FoundLine, other: FoundLine): boolean {
  return one.path === other.path && one.line + 1 === other.line;
}

function rowOf({ path, line, text, column, length, isHit }: FoundLine): string {
  const mark = isHit ? ':' : '-';
  const isPart = text.length < length;
  const part = isPart ? ` [characters ${count(column)} to ${count(column + text.length - 1)} of ${count(length)}]` : '';
  return `${oneLine(path)}${mark}${line}${mark} ${text}${part}`;
}

export const log = tool({
  description: 'The commits that lead to the tree, newest first; with path those that changed it, or what is below it.',
  input: z.object({
    path: z.string().nullish(),
    limit: z.number().int().min(1).max(LOG_ROWS.most).nullish().describe(`${LOG_ROWS.usual} if null.`),
    from: z.number().int().min(1).max(MAX_COMMIT_NUMBER).nullish().describe('The first commit to show, from 1.'),
  }),
  async carryOut({ deps, at }, { path: given, limit, from }) {
    const path = pathIn(given ?? '') || undefined;
    const [start, most] = [from ?? 1, limit ?? LOG_ROWS.usual];
    const { commits, hasMore } = await deps.workspace.log(at, { path, from: start, count: most });
    const subject = path === undefined ? 'the tree' : path;
    if (commits.length === 0)
      return {
        output: start === 1 ? `no commit of the history changed ${subject}` : 'error: there are no more commits',
      };
    const rowOfCommit = ({ commit, date, author, subject: title }: (typeof commits)[number]): string =>
      `${commit} ${date} ${oneLine(author)} ${cutText(oneLine(title), MAX_SUBJECT_CHARS)}`;
    const rows = commits.map(rowOfCommit);
    const moreCommits = (done: number): string =>
      `older commits are left out: ${callOf('log', { path, limit, from: start + done })}`;
    const output = page({
      ...{ rows, from: 1, most: rows.length },
      head: (_, last) => `${subject}: commits ${count(start)} to ${count(start + last - 1)}, newest first`,
      rest: (row) => moreCommits(row - 1),
      notes: (_, last) => (last === rows.length && hasMore ? [moreCommits(last)] : []),
    });
    return { output };
  },
});

export const blame = tool({
  description: 'Who wrote each line of a file, in which commit and when. 100 lines if lines is null, at most 400.',
  input: z.object({
    path: z.string(),
    from: lineNumber.describe('The first line to show, from 1.'),
    lines: z.number().int().min(1).max(BLAME_ROWS.most).nullish(),
  }),
  async carryOut(context, { path: given, from, lines }) {
    const path = pathIn(given);
    const [start, most] = [from ?? 1, lines ?? BLAME_ROWS.usual];
    const input = { path, from: start, count: most };
    const blamed = await orMissing(context, path, () => context.deps.workspace.blame(context.at, input));
    const { total } = blamed;
    if (blamed.lines.length === 0) return refused(`${path} has only ${counted(total, 'line')}`);
    const rows = blamed.lines.map(
      (line) => `${line.commit} ${line.date} ${oneLine(line.author)} ${numbered(line.text, line.line)}`,
    );
    const moreLines = (line: number): string =>
      `lines ${count(line)} to ${count(total)} are left out: ${callOf('blame', { path, from: line, lines })}`;
    const output = page({
      ...{ rows, from: 1, most: rows.length },
      head: (_, last) => `${path}: lines ${count(start)} to ${count(start + last - 1)} of ${count(total)}`,
      rest: (row) => moreLines(start + row - 1),
      notes: (_, last) => (last === rows.length && start + last <= total ? [moreLines(start + last)] : []),
    });
    return { output };
  },
});
