/**
 * Turns search hits into lines to show: of a long line only the part around the hit, with the lines of the file around it.
 */
import { groupBy } from '../../domain/group-by';
import type { FoundLine } from '../../ports/workspace';
import { wholeCharactersUpTo } from '../../domain/text';
import { linesFromBytes, textOf } from '../../inspect/text-bytes';
import { readBlobs } from './blobs';
import type { ProjectGit } from './repository';
import type { TreeEntry } from './tree';

const SHOWN_CHARS = 400;
/** The number of characters of a long line that are shown before the hit. */
const BEFORE_CHARS = 100;
/** Limit of bytes, over all files, that are read for lines around hits. Hits in further files are shown without such lines. */
const MAX_CONTEXT_BYTES = 64 * 1024 * 1024;

/** A line that git found. */
export interface Hit {
  path: string;
  line: number;
  /** The hit's first byte within the line, from 1. */
  column: number;
  text: Buffer;
}
interface HitPage {
  entries: Map<string, TreeEntry>;
  page: Hit[];
  context: number;
}

/** Returns the page's hits in their order, each once, with the lines around them. */
export async function linesAround(git: ProjectGit, { entries, page, context }: HitPage): Promise<FoundLine[]> {
  if (context === 0) return page.map(toFoundLine);
  const files = groupBy(page, ({ path }) => path);
  const texts = await linesOf(git, { entries, paths: [...files.keys()] });
  return [...files].flatMap(([path, hits]) => withContext(hits, { lines: texts.get(path) ?? [], context }));
}

function withContext(hits: Hit[], { lines, context }: { lines: string[]; context: number }): FoundLine[] {
  const shownLines = new Map(hits.map((hit) => [hit.line, toFoundLine(hit)]));
  for (const { path, line } of hits)
    for (let number = Math.max(1, line - context); number <= Math.min(lines.length, line + context); number++) {
      const text = lines[number - 1] ?? '';
      if (!shownLines.has(number)) shownLines.set(number, { path, line: number, ...partOf(text, 0), isHit: false });
    }
  return [...shownLines.values()].sort((one, other) => one.line - other.line);
}

function toFoundLine({ path, line, column, text }: Hit): FoundLine {
  const lineText = decode(text);
  const hitAt = decode(text.subarray(0, column - 1)).length;
  return { path, line, ...partOf(lineText, hitAt), isHit: true };
}

/** Cuts a long line to the part that contains the character at `at`. */
function partOf(line: string, at: number): Pick<FoundLine, 'text' | 'column' | 'length'> {
  const text = line.replace(/\r$/, '');
  const from = text.length <= SHOWN_CHARS ? 0 : wholeCharactersUpTo(text, at - BEFORE_CHARS);
  const to = wholeCharactersUpTo(text, from + SHOWN_CHARS);
  return { text: text.slice(from, to), column: from + 1, length: text.length };
}

function decode(bytes: Buffer): string {
  return linesFromBytes(bytes).join('\n');
}

async function linesOf(
  git: ProjectGit,
  { entries, paths }: { entries: Map<string, TreeEntry>; paths: string[] },
): Promise<Map<string, string[]>> {
  let bytesLeft = MAX_CONTEXT_BYTES;
  const readEntries = paths
    .flatMap((path) => entries.get(path) ?? [])
    .filter(({ bytes }) => {
      if (bytes > bytesLeft) return false;
      bytesLeft -= bytes;
      return true;
    });
  const contents = await readBlobs(git, readEntries);
  return new Map(
    readEntries.map(({ path }, index) => [path, split(textOf(contents[index] ?? Buffer.alloc(0))?.text ?? '')]),
  );
}

/** Splits a text into lines; an empty text after the last line end is not a line. */
function split(text: string): string[] {
  const lines = text.split('\n');
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
