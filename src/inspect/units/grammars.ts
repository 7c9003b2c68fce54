/**
 * Parses the code of other projects with tree-sitter grammars in WebAssembly. Each grammar is loaded once in a process, when it is
 * first needed.
 *
 * A tree uses memory of the WebAssembly module: `withTree` frees it when its reader has finished.
 */
import { dirname, join } from 'node:path';
import { Language, Parser } from '@vscode/tree-sitter-wasm';
import type { Tree } from '@vscode/tree-sitter-wasm';
import { Syntax } from './syntax';
import type { Edit } from '../../domain/experiments/units';

export type Grammar =
  'javascript' | 'typescript' | 'tsx' | 'python' | 'go' | 'java' | 'rust' | 'ruby' | 'php' | 'c-sharp' | 'cpp';

const loaded = new Map<Grammar, Promise<Language>>();
let ready: Promise<void> | undefined;

async function languageOf(grammar: Grammar): Promise<Language> {
  ready ??= Parser.init();
  await ready;
  const folder = dirname(require.resolve('@vscode/tree-sitter-wasm'));
  const known = loaded.get(grammar) ?? Language.load(join(folder, `tree-sitter-${grammar}.wasm`));
  loaded.set(grammar, known);
  return known;
}

export interface ParsedText {
  root: Syntax;
  text: string;
  /** True if the edit adds no syntax errors. */
  fits(edit: Edit): boolean;
  /** Calls `read` with the tree of the edited text; the tree exists only during that call. */
  edited<T>(edit: Edit, read: (root: Syntax, text: string) => T): T;
}

/** The time limit for parsing one text. For malformed text the time can grow with the square of the length. */
const PARSE_LIMIT_MS = 5_000;
/** The time limit for parsing a text again after all its edits. */
const EDITS_LIMIT_MS = 20_000;
export const TOO_SLOW = `no parser reads it within ${PARSE_LIMIT_MS / 1_000} s`;

/** Thrown within `read` if the parser takes too long for the edits of one text. */
class TooSlow extends Error {}

/**
 * Parses a text and frees its trees when `read` is done. Returns undefined if the parser takes longer than five seconds, or
 * longer than twenty for all edits together.
 */
export async function withTree<T>(
  grammar: Grammar,
  text: string,
  read: (parsed: ParsedText) => T | Promise<T>,
): Promise<T | undefined> {
  const language = await languageOf(grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  let leftMs = PARSE_LIMIT_MS;
  const parse = (source: string, old: Tree | null): Tree | null => {
    const startedMs = performance.now();
    // The parser stops when this returns true, although its type does not say so.
    const progressCallback = (): boolean => performance.now() - startedMs > leftMs;
    const parsed = leftMs > 0 ? parser.parse(source, old, { progressCallback }) : null;
    if (parsed === null) parser.reset();
    leftMs -= performance.now() - startedMs;
    return parsed;
  };
  const tree = parse(text, null);
  leftMs = EDITS_LIMIT_MS;
  try {
    if (tree === null) return undefined;
    const lineStarts = lineStartsOf(text);
    const errorCount = countErrors(tree, MAX_ERRORS);
    const edited = <R>(edit: Edit, use: (root: Syntax, next: string, made: Tree) => R): R => {
      const next = text.slice(0, edit.from) + edit.text + text.slice(edit.to);
      const old = tree.copy();
      old.edit(treeEdit(edit, lineStarts));
      const made = parse(next, old);
      old.delete();
      if (made === null) throw new TooSlow(`the ${grammar} parser takes too long for an edited text`);
      try {
        return use(new Syntax(made.rootNode, null), next, made);
      } finally {
        made.delete();
      }
    };
    return await read({
      root: new Syntax(tree.rootNode, null),
      text,
      fits: (edit) =>
        edited(edit, (_root, next, made) => next !== text && countErrors(made, errorCount + 1) <= errorCount),
      edited: (edit, use) => edited(edit, use),
    });
  } catch (error) {
    if (error instanceof TooSlow) return undefined;
    throw error;
  } finally {
    tree?.delete();
    parser.delete();
  }
}

/** Limit of the counted errors. Each edit counts them again, and in a text that is no code every node can be an error. */
const MAX_ERRORS = 2_000;

/** Counts error nodes and nodes that the parser inserted, up to `limit`. */
function countErrors(tree: Tree, limit: number): number {
  let count = 0;
  const pending = [tree.rootNode];
  for (let node = pending.pop(); node !== undefined && count < limit; node = pending.pop()) {
    if (!node.hasError) continue;
    if (node.isError || node.isMissing) count += 1;
    for (const child of node.children) if (child !== null) pending.push(child);
  }
  return count;
}

/** Returns the offsets at which the lines begin. */
function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function treeEdit({ from, to, text }: Edit, starts: readonly number[]): Parameters<Tree['edit']>[0] {
  const startPosition = pointOf(from, starts);
  const insertedLines = text.split('\n');
  const last = insertedLines.at(-1) ?? '';
  return {
    startIndex: from,
    oldEndIndex: to,
    newEndIndex: from + text.length,
    startPosition,
    oldEndPosition: pointOf(to, starts),
    newEndPosition: {
      row: startPosition.row + insertedLines.length - 1,
      column: insertedLines.length === 1 ? startPosition.column + text.length : last.length,
    },
  };
}

function pointOf(offset: number, starts: readonly number[]): { row: number; column: number } {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { row: low, column: offset - (starts[low] ?? 0) };
}
