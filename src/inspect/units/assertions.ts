/**
 * Removes the assertions on changed lines, so that the source runs as in production: Python with -O, Java without -ea, C with NDEBUG.
 */
import { applyEdits } from '../../domain/experiments/units';
import type { ChangedFile, Edit } from '../../domain/experiments/units';
import { withTree } from './grammars';
import { codeKindOf } from './paths';
import { calledName } from './regions';
import type { Syntax } from './syntax';
import { problemOf } from './units-of';

/** What stands in place of a removed assertion. */
const PLACEHOLDERS: Partial<Record<string, string>> = { python: 'pass', java: ';', cpp: ';', rust: '();' };

/** Returns undefined if the changed lines have no assertion. `line`: the line of the first assertion. */
export async function withoutAssertions({
  path,
  after,
  changed,
}: Pick<ChangedFile, 'path' | 'after' | 'changed'>): Promise<{ text: string; line: number } | undefined> {
  const kind = codeKindOf(path);
  const placeholder = kind.kind === 'tree' ? PLACEHOLDERS[kind.grammar] : undefined;
  if (kind.kind !== 'tree' || placeholder === undefined || !/assert/.test(after) || problemOf(after) !== undefined)
    return undefined;
  return withTree(kind.grammar, after, ({ root }) => {
    const edits: Edit[] = [];
    let line: number | undefined;
    for (const node of root.walk((one) => one.touches(changed))) {
      if (!isAssertion(node) || !node.touches(changed)) continue;
      edits.push({ from: node.from, to: node.to, text: placeholder });
      line ??= node.line;
    }
    return line === undefined ? undefined : { text: applyEdits(after, edits), line };
  });
}

function isAssertion(node: Syntax): boolean {
  if (node.type === 'assert_statement') return true;
  if (node.type !== 'expression_statement') return false;
  const [only] = node.children;
  if (only?.type === 'call_expression') return calledName(only) === 'assert';
  return only?.type === 'macro_invocation' && /^debug_assert(?:_eq|_ne)?!$/.test(calledName(only));
}
