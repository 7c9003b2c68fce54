/**
 * Finds added calls of pure functions whose result no code uses: such a call has no effect. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { addedLines, linesOf } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import { isPure, meantBy } from './named-things';
import type { Known } from './named-things';

export function unreadAnswers(tree: DeliveredTree, known: Known, changed: readonly string[]): DeliveredFact[] {
  return changed.flatMap((path) => {
    const added = addedLines(tree, path);
    const rows = linesOf(tree.after.get(path) ?? '');
    return (known.facts.get(path)?.calls ?? []).flatMap((call): DeliveredFact[] => {
      if (call.use === 'used' || !added.has(call.line)) return [];
      const meant = meantBy(known, path, call);
      if (meant === undefined || !isPure(known, meant)) return [];
      const where = call.use === 'dropped' ? 'drops the answer' : `never reads the answer in ${call.use.unread}`;
      const what = `calls ${call.name} of ${meant.path}, which does nothing but answer, and ${where}: what runs is as it would be without the call; use the answer, or take the call away`;
      return [{ path, line: call.line, what, text: rows[call.line - 1] ?? '' }];
    });
  });
}
