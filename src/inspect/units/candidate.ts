/**
 * Types and helpers of the rules. A rule returns candidates: ways to break the code at one node of the syntax tree.
 */
import type { Edit, UnitKind, UnitMark } from '../../domain/experiments/units';
import type { LanguageRules } from './languages';
import type { Syntax } from './syntax';

export interface Candidate {
  line: number;
  kind: UnitKind;
  /** What the break does, such as `if (a): never true`. */
  says: string;
  edit: Edit;
  mark?: UnitMark | undefined;
  condition?: string | undefined;
}

export interface RuleContext {
  rules: LanguageRules;
  text: string;
  /** The changed lines that contain code which experiments may break. */
  lines: ReadonlySet<number>;
}

export type Rule = (node: Syntax, context: RuleContext) => Candidate[];

/** Returns the node's text on one line, short enough for a sentence. */
export function quote({ from, to }: { from: number; to: number }, { text }: Pick<RuleContext, 'text'>): string {
  const oneLine = text
    .slice(from, Math.min(to, from + 400))
    .replace(/\s+/g, ' ')
    .trim();
  return oneLine.length <= 60 ? oneLine : `${oneLine.slice(0, 57)}...`;
}

/** True if the change is at the node itself, not only somewhere deep within it. */
export function isAtChange(node: Syntax, { lines }: Pick<RuleContext, 'lines'>): boolean {
  return lines.has(node.line) || (node.endLine - node.line <= 3 && node.touches(lines));
}

/** Inserts a statement before another one, with the line break and indentation that the language requires. */
export function putBefore(
  statement: Syntax,
  inserted: string,
  { rules, text }: Pick<RuleContext, 'rules' | 'text'>,
): Edit {
  const at = statement.from;
  if (rules.grammar !== 'python') return { from: at, to: at, text: `${inserted} ` };
  const before = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  return { from: at, to: at, text: /^\s*$/.test(before) ? `${inserted}\n${before}` : `${inserted}; ` };
}

/** Inserts a statement at the beginning of a block in braces. */
export function putInside(block: Syntax, inserted: string): Edit | undefined {
  const brace = block.token('{');
  return brace === undefined ? undefined : { from: brace.to, to: brace.to, text: ` ${inserted}` };
}
