/**
 * Indexes the names of a function or a file. The index is cached for each scope, so that the syntax tree is walked once. Pure.
 */
import { FUNCTIONS } from '../units/languages';
import type { Syntax } from '../units/syntax';

export interface Scope {
  /** Each `identifier` by its text. */
  named: ReadonlyMap<string, readonly Syntax[]>;
  /** All nodes that may read a name, by its text. */
  readers: ReadonlyMap<string, readonly Syntax[]>;
  /** Literals with embedded expressions. */
  filled: ReadonlyArray<{ node: Syntax; text: string }>;
  /** Words of assignment targets in this scope. */
  bound: ReadonlySet<string>;
  /** Names declared to belong to the outer scope. */
  outer: ReadonlySet<string>;
  /** True if the scope reads all names at once, for example by `locals()`. */
  readsAll: boolean;
}

const READS_ALL = /\b(?:locals|eval|exec|vars|arguments|compact|get_defined_vars)\s?\(/;
const READS = /^(?:identifier|shorthand_property_identifier|jsx_identifier)$/;
const BINDS = /^(?:variable_declarator|let_declaration|init_declarator|short_var_declaration|var_spec|declaration)$/;
const WORD = /[\w$]+/g;
const KNOWN = new WeakMap<Syntax, Scope>();

export function scopeOf(whole: Syntax): Scope {
  const found = KNOWN.get(whole) ?? readScope(whole);
  KNOWN.set(whole, found);
  return found;
}

function readScope(whole: Syntax): Scope {
  const named = new Map<string, Syntax[]>();
  const readers = new Map<string, Syntax[]>();
  const filled: Array<{ node: Syntax; text: string }> = [];
  const bound = new Set<string>();
  const outer = new Set<string>();
  for (const node of whole.walk()) {
    const { type } = node;
    if (READS.test(type)) {
      const { text } = node;
      add(readers, text, node);
      if (type === 'identifier') add(named, text, node);
    } else if (/string|template/.test(type) && node.children.length === 0) {
      const { text } = node;
      if (text.includes('{')) filled.push({ node, text });
    } else if (/^(?:global|nonlocal)_statement$/.test(type)) {
      for (const word of node.text.match(WORD) ?? []) outer.add(word);
    } else if (BINDS.test(type)) for (const word of boundBy(node)?.text.match(WORD) ?? []) bound.add(word);
  }
  return { named, readers, filled, bound, outer, readsAll: READS_ALL.test(whole.text) };
}

function add(all: Map<string, Syntax[]>, name: string, node: Syntax): void {
  const known = all.get(name);
  if (known === undefined) all.set(name, [node]);
  else known.push(node);
}

function boundBy(node: Syntax): Syntax | undefined {
  return ['name', 'left', 'pattern', 'declarator'].map((key) => node.field(key)).find((one) => one !== undefined);
}

/** True if the node is in a function inside the scope. */
export function isInner(node: Syntax, whole: Syntax): boolean {
  const nearest = node.above(FUNCTIONS);
  return nearest !== undefined && nearest !== whole && nearest.from >= whole.from && nearest.to <= whole.to;
}
