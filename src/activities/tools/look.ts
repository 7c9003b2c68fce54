/**
 * The tools that show files and earlier results: list, read, result. They change nothing, and every role has them.
 */
import { z } from 'zod';
import type { FileMode, TreeEntries } from './entries';
import { entriesOf, readText } from './entries';
import { pathIn, refused, tool } from './tool-context';
import type { ToolCallContext, ToolOutcome } from './tool-context';
import { GLOB_CHARS, matchGlobs } from './globs';
import { callOf, count, counted, oneLine, page, READ_LINES } from '../../inspect/tool-texts/show';
import { cutText } from '../../domain/text';
import { AT_ONCE_CHARS, showLines } from '../../inspect/tool-texts/show-lines';
import type { Shown } from '../../inspect/tool-texts/show-lines';
import { runReader } from '../run-reader';

const LIST_PAGE_ROWS = 200;
const MAX_READ_LINES = 2_000;

export const lineNumber = z.number().int().min(1).nullish();
const from = lineNumber.describe('The first line to show, from 1.');
const lines = z
  .number()
  .int()
  .min(1)
  .max(MAX_READ_LINES)
  .nullish()
  .describe(`How many lines to show; ${READ_LINES} if null.`);
const column = lineNumber.describe('Shows one long line from this character on, from 1; the line is `from`.');

export const list = tool({
  description:
    'Lists one folder of the repository (the root without folder), or with glob all files below it whose path fits, with their sizes. 200 lines a page.',
  input: z.object({
    folder: z.string().nullish(),
    glob: z
      .string()
      .max(GLOB_CHARS)
      .nullish()
      .describe('Matched against the path below folder, such as **/*.ts or src/**/*.{js,ts}.'),
    from,
  }),
  async carryOut(context, { folder: given, glob, from: first }) {
    const folder = pathIn(given ?? '');
    const entries = await entriesOf(context);
    const problem = folderProblem(entries, folder);
    if (problem !== undefined) return refused(problem);
    const entriesBelow = folder === '' ? entries : entries.filter(({ path }) => path.startsWith(`${folder}/`));
    const listing =
      glob == null || glob === '' ? folderRows(entriesBelow, folder) : globRows(entriesBelow, { folder, glob });
    if ('problem' in listing) return refused(listing.problem);
    const start = first ?? 1;
    if (start > Math.max(1, listing.rows.length))
      return refused(`there are only ${counted(listing.rows.length, 'line')}`);
    const call = (next: number): string => callOf('list', { folder: given, glob, from: next });
    return {
      output: page({
        ...{ rows: listing.rows, from: start, most: LIST_PAGE_ROWS },
        head: () => listing.head,
        rest: (next) => `lines ${count(next)} to ${count(listing.rows.length)} are left out: ${call(next)}`,
      }),
    };
  },
});

function folderProblem(entries: TreeEntries, folder: string): string | undefined {
  if (folder === '' || entries.some(({ path }) => path.startsWith(`${folder}/`))) return undefined;
  const file = entries.find(({ path }) => path === folder);
  const name = JSON.stringify(cutText(folder, 400));
  return file === undefined ? `there is no folder ${name}` : `${name} is no folder, but ${KINDS[file.mode]}`;
}

const KINDS: Record<FileMode, string> = {
  '100644': 'a file; read shows it',
  '100755': 'a file; read shows it',
  '120000': 'a symbolic link',
  '160000': 'a submodule',
};

function folderRows(below: TreeEntries, folder: string): { head: string; rows: string[] } {
  const start = folder === '' ? 0 : folder.length + 1;
  const folders = new Map<string, number>();
  const files: string[] = [];
  for (const { path, mode, bytes } of below) {
    const end = path.indexOf('/', start);
    const name = oneLine(path.slice(start, end === -1 ? undefined : end));
    if (end !== -1) folders.set(name, (folders.get(name) ?? 0) + 1);
    else files.push(mode.startsWith('100') ? `${name} ${count(bytes)} bytes` : `${name} (${KINDS[mode]})`);
  }
  const rows = [...folders].map(([name, number]) => `${name}/ (${counted(number, 'file')})`);
  const head = `${folder === '' ? '.' : folder}/: ${counted(folders.size, 'folder')}, ${counted(files.length, 'file')}`;
  return { head, rows: [...rows.sort(), ...files.sort()] };
}

function globRows(
  below: TreeEntries,
  { folder, glob }: { folder: string; glob: string },
): { head: string; rows: string[] } | { problem: string } {
  const files = below.filter(({ mode }) => mode.startsWith('100'));
  const start = folder === '' ? 0 : folder.length + 1;
  const found = matchGlobs(
    [glob],
    files.map(({ path }) => path.slice(start)),
    { withFolders: false },
  );
  if ('problem' in found) return found;
  const fits = new Set(found.paths);
  const rows = files
    .filter(({ path }) => fits.has(path.slice(start)))
    .map(({ path, bytes }) => `${oneLine(path)} ${count(bytes)} bytes`);
  const place = folder === '' ? '' : ` below ${folder}/`;
  const hint = rows.length === 0 && !glob.includes('/') ? `; **/${glob} looks in all folders below, too` : '';
  return { head: `${glob}: ${counted(rows.length, 'file')}${place}${hint}`, rows };
}

export const read = tool({
  description:
    'Reads a part of a text file, each line with its number and a tab before it. 400 lines if lines is null, at most 2,000; column shows a long line from there.',
  input: z.object({ path: z.string(), from, lines, column }),
  async carryOut(context, input) {
    const path = pathIn(input.path);
    const { text, encoding, bytes } = await readText(context, path);
    const encodingNote = encoding === 'latin-1' ? ', not UTF-8: shown as latin-1, and kept so' : '';
    const about = `${count(bytes)} bytes${encodingNote}`;
    return showText(context, { ...input, name: path, tool: 'read', place: { path }, text, about, isFile: true });
  },
});

export const result = tool({
  description:
    'Shows an earlier result of this conversation again, by the id that stands in place of it, as read shows a file.',
  input: z.object({ id: z.string(), from, lines, column }),
  async carryOut(context, input) {
    const { id } = input;
    const earlierResult = context.results(id);
    if (earlierResult === undefined)
      return refused(`there is no earlier result with the id ${JSON.stringify(cutText(id, 100))}`);
    const text = await readWholeResult(context, earlierResult);
    const about = `${count(Buffer.byteLength(text))} bytes`;
    return showText(context, { ...input, name: `result ${id}`, tool: 'result', place: { id }, text, about });
  },
});

async function readWholeResult(
  context: ToolCallContext,
  { output, digest }: { output: string; digest?: string },
): Promise<string> {
  return digest === undefined ? output : (await context.deps.artifacts.get(digest)).toString('utf8');
}

/** Shows a small text in this thread, and a large one in a reader's thread, because splitting its lines takes part of a second. */
async function showText(context: ToolCallContext, shown: Shown): Promise<ToolOutcome> {
  return shown.text.length <= AT_ONCE_CHARS ? showLines(shown) : runReader(context.deps, 'lines', shown);
}
