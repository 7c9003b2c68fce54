/**
 * Finds generated files with a line that their source does not have: the next build overwrites it. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { folderOf } from '../../judges/resolve';
import { placeAt } from '../../places';
import { changedPaths, linesOf } from '../tree';
import type { DeliveredTree } from '../tree';

const MAX_HEAD_LINES = 10;
/** A comment that names the file from which this one was generated. */
const GENERATED_FROM =
  /\b(?:generated|created|built|written|copied)\b.{0,100}\bfrom:?\s{1,9}[`"'(]?([\w./-]{1,200}\.\w{1,10})\b/i;
/** Placeholders of a template: its output differs by design. */
const PLACEHOLDER = /\{\{|<%|\$\{|@\w+@|__[A-Z]+__/;
/** From this share of equal lines on, the file counts as a copy of its source; below it, the generator translates the source. */
const MIN_SAME_SHARE = 0.8;
const MAX_DIFFERENT_LINES = 5;

export function findAlteredCopies(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path): DeliveredFact[] => {
    const rows = linesOf(tree.after.get(path) ?? '');
    const name = rows
      .slice(0, MAX_HEAD_LINES)
      .map((row) => GENERATED_FROM.exec(row.slice(0, 500))?.[1])
      .find((one) => one !== undefined);
    if (name === undefined) return [];
    const source = [placeAt(folderOf(path), name), name].find((one) => one !== path && tree.after.has(one));
    const text = source === undefined ? '' : (tree.after.get(source) ?? '');
    if (source === undefined || text === '' || PLACEHOLDER.test(text)) return [];
    const sourceLines = new Set(linesOf(text).map((row) => row.trim()));
    const lines = rows.flatMap((row, at) => (row.trim() === '' || isComment(row) ? [] : [{ line: at + 1, text: row }]));
    const different = lines.filter((row) => !sourceLines.has(row.text.trim()));
    if (
      different.length === 0 ||
      different.length > MAX_DIFFERENT_LINES ||
      different.length > lines.length * (1 - MIN_SAME_SHARE)
    )
      return [];
    const [first] = different;
    const what = `says that it was generated from ${source}, which does not have this line: the next build writes what stands there; generate it anew`;
    return first === undefined ? [] : [{ path, ...first, what, showsWholeChange: true }];
  });
}

function isComment(row: string): boolean {
  return /^\s*(?:\/\/|#|\/\*|\*|--|;|"""|<!--)/.test(row);
}
