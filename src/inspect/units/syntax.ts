/**
 * Wraps a node of a syntax tree: its type, position, children and parent, which are read only when a caller needs them.
 *
 * A node is valid only as long as its tree (see `withTree`). Line numbers begin at 1; offsets count UTF-16 units.
 */
import type { Node } from '@vscode/tree-sitter-wasm';

export class Syntax {
  readonly type: string;
  readonly from: number;
  readonly line: number;
  readonly isNamed: boolean;
  private knownChildren: Syntax[] | undefined;
  private knownEnd: { to: number; line: number } | undefined;

  constructor(
    private readonly node: Node,
    readonly parent: Syntax | null,
  ) {
    this.type = node.type;
    this.from = node.startIndex;
    this.line = node.startPosition.row + 1;
    this.isNamed = node.isNamed;
  }

  get to(): number {
    return this.ending.to;
  }

  get endLine(): number {
    return this.ending.line;
  }

  /** Read only on demand: for most nodes the type is enough. */
  private get ending(): { to: number; line: number } {
    if (this.knownEnd === undefined) {
      const { row, column } = this.node.endPosition;
      this.knownEnd = { to: this.node.endIndex, line: Math.max(this.line, column === 0 ? row : row + 1) };
    }
    return this.knownEnd;
  }

  /** All children, with punctuation and comments. */
  get all(): Syntax[] {
    this.knownChildren ??= this.node.children.flatMap((child) => (child === null ? [] : [new Syntax(child, this)]));
    return this.knownChildren;
  }

  /** The children without punctuation and comments. */
  get children(): Syntax[] {
    return this.all.filter((child) => child.isNamed && !child.type.endsWith('comment'));
  }

  get text(): string {
    return this.node.text;
  }

  get isError(): boolean {
    return this.node.isError || this.node.isMissing;
  }

  field(name: string): Syntax | undefined {
    const found = this.node.childForFieldName(name);
    return found === null ? undefined : this.all.find(({ from, to, type }) => isSameNode(found, { from, to, type }));
  }

  /** True if this node is its parent's child with that field name. */
  isField(name: string): boolean {
    const found = this.parent?.node.childForFieldName(name) ?? null;
    return found !== null && isSameNode(found, this);
  }

  /** The child that is one of these tokens, such as `+` in `a + b`. */
  token(...types: string[]): Syntax | undefined {
    return this.all.find((child) => !child.isNamed && types.includes(child.type));
  }

  /** The nearest ancestor of one of these types. */
  above(types: ReadonlySet<string>): Syntax | undefined {
    for (let node = this.parent; node !== null; node = node.parent) if (types.has(node.type)) return node;
    return undefined;
  }

  /** Visits this node and its descendants in the order of the text; skips a node and its descendants if `enter` returns false. */
  *walk(enter: (node: Syntax) => boolean = () => true): Generator<Syntax> {
    const pending: Syntax[] = [this];
    for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
      if (!enter(node)) continue;
      yield node;
      const below = node.all;
      for (let index = below.length - 1; index >= 0; index -= 1) {
        const child = below[index];
        if (child !== undefined) pending.push(child);
      }
    }
  }

  /** True if the node lies on one of the lines. */
  touches(lines: ReadonlySet<number>): boolean {
    if (lines.size < this.endLine - this.line) {
      for (const line of lines) if (line >= this.line && line <= this.endLine) return true;
      return false;
    }
    for (let line = this.line; line <= this.endLine; line += 1) if (lines.has(line)) return true;
    return false;
  }
}

function isSameNode(node: Node, { from, to, type }: { from: number; to: number; type: string }): boolean {
  return node.startIndex === from && node.endIndex === to && node.type === type;
}

/** Returns at most 60 characters of a node's text, on one line. */
export function shortOf({ text }: Syntax): string {
  const line = text.slice(0, 200).replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
}
