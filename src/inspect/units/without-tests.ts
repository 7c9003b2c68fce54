/**
 * Removes some tests from the text of a test file, so that the remaining text can be compared.
 */
import { applyEdits } from '../../domain/experiments/units';
import type { Edit } from '../../domain/experiments/units';
import { withTree } from './grammars';
import { codeKindOf } from './paths';
import { testsIn } from './tests-in';
import { problemOf } from './units-of';

/** `isLeftOut` decides by the test's title in the file. Returns a text in a language without a grammar unchanged. */
export async function withoutTests(path: string, text: string, isLeftOut: (title: string) => boolean): Promise<string> {
  const kind = codeKindOf(path);
  if (kind.kind !== 'tree' || problemOf(text) !== undefined) return text;
  const remainingText = await withTree(kind.grammar, text, ({ root }) => {
    const edits: Edit[] = [];
    for (const { name, node } of testsIn(root, kind.grammar)) {
      if (name === '' || !isLeftOut(name) || edits.some(({ to }) => node.from < to)) continue;
      edits.push(lineEdit(text, node));
    }
    return applyEdits(text, edits);
  });
  return remainingText ?? text;
}

/** Removes the test, and also the rest of its last line if that is only the end of a statement. */
function lineEdit(text: string, { from, to }: { from: number; to: number }): Edit {
  const end = /^[ \t]*;?[ \t]*\n?/.exec(text.slice(to, to + 20))?.[0].length ?? 0;
  return { from, to: to + end, text: '' };
}
