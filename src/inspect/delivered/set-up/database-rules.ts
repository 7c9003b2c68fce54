/**
 * Finds triggers, rules and rights that a migration adds to the database: the database then changes or hides data in
 * ways that the tested code does not show. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { freshLines, isForTests, linesOf, changedPaths } from '../tree';
import type { DeliveredTree } from '../tree';
import { isMentioned } from './request-text';

const SCRIPT =
  /\.(?:sql|psql|pgsql|ddl|plsql|mysql)$|(^|\/)(?:migrations?|migrate|alembic|changelogs?)\/.{1,200}\.(?:py|[cm]?[jt]s|rb|php|xml|ya?ml|go|ex|exs|kt|java)$/i;
/** Words by which a request or plan mentions such a rule. */
const MENTION =
  /\b(?:triggers?|grants?|privileges?|permissions?|rights|row[ -]level|polic(?:y|ies)|stored (?:functions?|procedures?)|database roles?)\b/i;
const RULES: ReadonlyArray<readonly [RegExp, string]> = [
  [
    /\bcreate\s{1,9}(?:or\s{1,9}(?:replace|alter)\s{1,9})?(?:temp(?:orary)?\s{1,9}|constraint\s{1,9}|definer\s?=\s?\S{1,80}\s{1,9})?trigger\b/i,
    'lets the database act by itself on each row (a trigger)',
  ],
  [
    /\b(?:create|alter)\s{1,9}(?:or\s{1,9}replace\s{1,9})?(?:event\s{1,9}trigger|rule\s{1,9}\S{1,80}\s{1,9}as)\b/i,
    'lets the database do another thing than it is asked (a rule)',
  ],
  [/^\W{0,20}(?:\w{1,20}[.(]){0,3}\W{0,4}grant\s{1,9}[\w, ()]{1,200}\s(?:on|to)\b/i, 'gives rights in the database'],
  [
    /\balter\s{1,9}default\s{1,9}privileges\b|\bsecurity\s{1,9}definer\b|\bdisable\s{1,9}(?:row\s{1,9}level\s{1,9}security|trigger)\b|\bno\s{1,9}force\s{1,9}row\b/i,
    'widens rights in the database',
  ],
  [/\bcreate\s{1,9}policy\b|\balter\s{1,9}policy\b/i, 'says who sees which rows'],
  [/\bgenerated\s{1,9}always\s{1,9}as\b/i, 'lets the database compute a column by itself'],
];
/** Triggers that only set a timestamp or a search index: no answer of the product depends on them. */
const BOOKKEEPING = /updated_?at|modified_?at|changed_?at|last_?modified|moddatetime|tsvector|search_?vector/i;
const MAX_STATEMENT_LINES = 20;

export function findDatabaseRules(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree)
    .filter((path) => SCRIPT.test(path) && !isForTests(path))
    .flatMap((path) => {
      if (isMentioned(tree.asked && { ...tree.asked, paths: [] }, path, MENTION)) return [];
      if (tree.asked?.paths.includes(path) === true) return [];
      const rows = linesOf(tree.after.get(path) ?? '');
      return freshLines(tree, path).flatMap(({ line, text }): DeliveredFact[] => {
        const cut = text.slice(0, 1_000);
        if (/^\s*(?:--|#|\/\/|\*)/.test(cut)) return [];
        const effect = RULES.find(([sign]) => sign.test(cut))?.[1];
        if (effect === undefined || BOOKKEEPING.test(statementAt(rows, line - 1))) return [];
        const what = `${effect}, which no test of the code sees, and neither the request nor the plan mentions it: undo it, name it in the plan, or let a person approve it`;
        return [{ path, line, what, text, showsWholeChange: true }];
      });
    });
}

/** Returns the statement, up to its end or to the line limit. */
function statementAt(rows: readonly string[], at: number): string {
  const nextRows = rows.slice(at, at + MAX_STATEMENT_LINES);
  const end = nextRows.findIndex((row) =>
    /\bend\b\s{0,5};?\s{0,5}$|^\s{0,5}\$\$|execute\s{1,9}(?:function|procedure)\b.{0,200};/i.test(row),
  );
  return nextRows.slice(0, end < 0 ? nextRows.length : end + 1).join('\n');
}
