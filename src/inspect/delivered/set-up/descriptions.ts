/**
 * Finds interface descriptions (OpenAPI, AsyncAPI) that open a path to callers without authentication, although they require it for
 * other paths. Gateways enforce these files. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { changedPaths } from '../tree';
import type { DeliveredTree } from '../tree';
import { additionalRows, headingOf, rowsOf } from './rows';
import type { Row } from './rows';

const FILE = /\.(?:ya?ml|json)$/i;
const ROW_OPTIONS = { name: 'infrastructure' } as const;
/** Words by which a request or plan asks for an open path. */
const OPEN_WORDS =
  /\b(?:public(?:ly)?|anonymous(?:ly)?|unauthenticated|unguarded|(?:any|every)(?:body|one)|without (?:an? )?(?:log(?:ging)?[ -]?in|authentication|authorization|token|account|key|sign(?:ing)?[ -]?in)|no (?:login|authentication|token|account))\b/i;

export function findOpenedPaths(tree: DeliveredTree): DeliveredFact[] {
  if (OPEN_WORDS.test(tree.asked?.text ?? '')) return [];
  return changedPaths(tree).flatMap((path): DeliveredFact[] => {
    const text = tree.after.get(path) ?? '';
    if (!FILE.test(path) || !/^\s{0,4}"?(?:openapi|swagger|asyncapi)"?\s{0,3}:/m.test(text)) return [];
    const [rows, former] = [rowsOf(text, ROW_OPTIONS), rowsOf(tree.before.get(path) ?? '', ROW_OPTIONS)];
    if (!requiresAuthentication(former) && !requiresAuthentication(rows)) return [];
    const opened = additionalRows(rows, former).find((row) => allowsEverybody(row, rows));
    if (opened === undefined) return [];
    const what =
      'lets everybody call a path, although the description requires authentication elsewhere, and neither the request nor the plan mentions it: undo it, name it in the plan, or let a person approve it';
    return [{ path, line: opened.line, what, text: opened.text, showsWholeChange: true }];
  });
}

/** True if the description requires authentication at its top level. */
function requiresAuthentication(rows: readonly Row[]): boolean {
  const entries = rows.filter(({ text }) => !/^[{}]/.test(text));
  const topIndent = entries.reduce((one, { indent }) => Math.min(one, indent), Infinity);
  return rows.some(({ text, indent }) => indent === topIndent && /^security:/.test(text) && !isEmptyRequirement(text));
}

function allowsEverybody(row: Row, rows: readonly Row[]): boolean {
  if (/^security:/.test(row.text)) return isEmptyRequirement(row.text);
  return /^(?:- )?\{ ?\}$/.test(row.text) && (headingOf(rows, row)?.text.startsWith('security:') ?? false);
}

function isEmptyRequirement(text: string): boolean {
  return /^security: ?\[ ?(?:\{ ?\} ?)?\]$/.test(text);
}
