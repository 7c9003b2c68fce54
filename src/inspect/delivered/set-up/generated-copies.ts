/**
 * Generated files that say what they were written from, and that hold another line than it: the next build writes what it says. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { folderOf } from '../../judges/resolve';
import { placeAt } from '../../places';
import { changedPaths, linesOf } from '../tree';
import type { DeliveredTree } from '../tree';

const HEAD_LINES = 10;
const SAYS =
  /\b(?:generated|created|built|written|copied)\b.{0,100}\bfrom:?\s{1,9}[`"'(]?([\w./-]{1,200}\.\w{1,10})\b/i;
/** What a generator fills in. */
const FILLED = /\{\{|<%|\$\{|@\w+@|__[A-Z]+__/;
/** So much of it must be the same text: else the generator writes another language. */
const SAME_SHARE = 0.8;
const LINES_MOST = 5;

export function unlikeTheirTemplate(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path): DeliveredFact[] => {
    const rows = linesOf(tree.after.get(path) ?? '');
    const name = rows
      .slice(0, HEAD_LINES)
      .map((row) => SAYS.exec(row.slice(0, 500))?.[1])
      .find((one) => one !== undefined);
    if (name === undefined) return [];
    const from = [placeAt(folderOf(path), name), name].find((one) => one !== path && tree.after.has(one));
    const text = from === undefined ? '' : (tree.after.get(from) ?? '');
    if (from === undefined || text === '' || FILLED.test(text)) return [];
    const said = new Set(linesOf(text).map((row) => row.trim()));
    const own = rows.flatMap((row, at) => (row.trim() === '' || isNote(row) ? [] : [{ line: at + 1, text: row }]));
    const unlike = own.filter((row) => !said.has(row.text.trim()));
    if (unlike.length === 0 || unlike.length > LINES_MOST || unlike.length > own.length * (1 - SAME_SHARE)) return [];
    const [first] = unlike;
    const what = `says that it was generated from ${from}, which does not have this line: the next build writes what stands there; generate it anew`;
    return first === undefined ? [] : [{ path, ...first, what, isWhole: true }];
  });
}

function isNote(row: string): boolean {
  return /^\s*(?:\/\/|#|\/\*|\*|--|;|"""|<!--)/.test(row);
}
