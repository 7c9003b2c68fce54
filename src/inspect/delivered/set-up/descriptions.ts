/**
 * Descriptions of an interface by which gateways guard it: a path that anybody may call where the whole asks who calls. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { changedPaths } from '../tree';
import type { DeliveredTree } from '../tree';
import { beyond, headingOf, rowsOf } from './rows';
import type { Row } from './rows';

const FILE = /\.(?:ya?ml|json)$/i;
const KIND = { name: 'infrastructure' } as const;
/** Words by which a plan asks for it. */
const OPEN =
  /\b(?:public(?:ly)?|anonymous(?:ly)?|unauthenticated|unguarded|(?:any|every)(?:body|one)|without (?:an? )?(?:log(?:ging)?[ -]?in|authentication|authorization|token|account|key|sign(?:ing)?[ -]?in)|no (?:login|authentication|token|account))\b/i;

export function opensDescriptions(tree: DeliveredTree): DeliveredFact[] {
  if (OPEN.test(tree.asked?.text ?? '')) return [];
  return changedPaths(tree).flatMap((path): DeliveredFact[] => {
    const text = tree.after.get(path) ?? '';
    if (!FILE.test(path) || !/^\s{0,4}"?(?:openapi|swagger|asyncapi)"?\s{0,3}:/m.test(text)) return [];
    const [rows, former] = [rowsOf(text, KIND), rowsOf(tree.before.get(path) ?? '', KIND)];
    if (!asksWhoCalls(former) && !asksWhoCalls(rows)) return [];
    const opened = beyond(rows, former).find((row) => isOpen(row, rows));
    if (opened === undefined) return [];
    const what =
      'says that anybody may call a path, where the whole asks who calls, and neither the sentence nor the plan speaks of it: take it back, name it in the plan, or let a person approve it';
    return [{ path, line: opened.line, what, text: opened.text, isWhole: true }];
  });
}

/** Of all paths. */
function asksWhoCalls(rows: readonly Row[]): boolean {
  const said = rows.filter(({ text }) => !/^[{}]/.test(text));
  const least = said.reduce((one, { indent }) => Math.min(one, indent), Infinity);
  return rows.some(({ text, indent }) => indent === least && /^security:/.test(text) && !isEmpty(text));
}

function isOpen(row: Row, rows: readonly Row[]): boolean {
  if (/^security:/.test(row.text)) return isEmpty(row.text);
  return /^(?:- )?\{ ?\}$/.test(row.text) && (headingOf(rows, row)?.text.startsWith('security:') ?? false);
}

function isEmpty(text: string): boolean {
  return /^security: ?\[ ?(?:\{ ?\} ?)?\]$/.test(text);
}
