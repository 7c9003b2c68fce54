/**
 * The parser of foreign code: tree-sitter grammars as WebAssembly, each loaded once for a process when it is first asked for.
 *
 * A tree lives in the memory of the WebAssembly module: `withTree` frees it when its reader is done.
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
  /** True where the text is still as well formed after the edit as before it. */
  fits(edit: Edit): boolean;
  /** The tree of the edited text, for as long as `read` runs. */
  edited<T>(edit: Edit, read: (root: Syntax, text: string) => T): T;
}

/** Broken text can take the parser time that grows with the square of its length. */
const PARSE_LIMIT_MS = 5_000;
export const TOO_SLOW = `no parser reads it within ${PARSE_LIMIT_MS / 1_000} s`;

/** Parses a text and frees its trees when `read` is done. Undefined where the parser takes longer than five seconds. */
export async function withTree<T>(
  grammar: Grammar,
  text: string,
  read: (parsed: ParsedText) => T | Promise<T>,
): Promise<T | undefined> {
  const language = await languageOf(grammar);
  const parser = new Parser();
  parser.setLanguage(language);
  const until = performance.now() + PARSE_LIMIT_MS;
  // What it gives is asked, though its type says nothing of it: true ends the parser.
  const progressCallback = (): boolean => performance.now() > until;
  const tree = parser.parse(text, null, { progressCallback });
  try {
    if (tree === null) return undefined;
    const lineStarts = startsOf(text);
    const errors = errorsOf(tree);
    const edited = <R>(edit: Edit, use: (root: Syntax, next: string, made: Tree) => R): R => {
      const next = text.slice(0, edit.from) + edit.text + text.slice(edit.to);
      const old = tree.copy();
      old.edit(treeEdit(edit, lineStarts));
      const made = parser.parse(next, old);
      old.delete();
      if (made === null) throw new Error(`the ${grammar} parser gave no tree`);
      try {
        return use(new Syntax(made.rootNode, null), next, made);
      } finally {
        made.delete();
      }
    };
    return await read({
      root: new Syntax(tree.rootNode, null),
      text,
      fits: (edit) => edited(edit, (_root, next, made) => next !== text && errorsOf(made) <= errors),
      edited: (edit, use) => edited(edit, use),
    });
  } finally {
    tree?.delete();
    parser.delete();
  }
}

/** Nodes of a tree that are errors or that the parser had to make up. */
function errorsOf(tree: Tree): number {
  let count = 0;
  const open = [tree.rootNode];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (!node.hasError) continue;
    if (node.isError || node.isMissing) count += 1;
    for (const child of node.children) if (child !== null) open.push(child);
  }
  return count;
}

function startsOf(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function treeEdit({ from, to, text }: Edit, starts: readonly number[]): Parameters<Tree['edit']>[0] {
  const startPosition = pointOf(from, starts);
  const breaks = text.split('\n');
  const last = breaks[breaks.length - 1] ?? '';
  return {
    startIndex: from,
    oldEndIndex: to,
    newEndIndex: from + text.length,
    startPosition,
    oldEndPosition: pointOf(to, starts),
    newEndPosition: {
      row: startPosition.row + breaks.length - 1,
      column: breaks.length === 1 ? startPosition.column + text.length : last.length,
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
