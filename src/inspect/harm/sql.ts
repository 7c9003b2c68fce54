/**
 * Finds SQL statements that delete or rewrite data, in SQL files and in literals of sources. Not
 * reported: the rollback of a migration, and a table that is rebuilt with its rows. Pure.
 */
import type { Harm } from './rule';
import { withoutBlocks } from './texts';

export const MIGRATION =
  /(^|\/)(?:migrations?|migrate|versions|alembic|flyway|liquibase|changelog|db|sql)\/|(^|\/)V\d[\w.]{0,20}__/i;
const DOWN_FILE = /\bdown\b|rollback|undo|revert|(^|\/)U\d[\w.]{0,20}__/i;
/** Comments that begin the rollback and the migration in one file. */
const DOWN = /^\s{0,20}--[^\n]{0,40}\b(?:down|undo|rollback|revert)\b/i;
const UP = /^\s{0,20}--[^\n]{0,40}\bup\b/i;
const WHY = 'no earlier release can bring back the rows';
/** A table or column with or without quotes and schema; the group is its name. */
const NAME = '["`\\[]?(?:\\w{1,60}["`\\]]?\\.["`\\[]?)?(\\w{1,80})["`\\]]?';

interface Statement {
  line: number;
  to: number;
  text: string;
}

export function sqlHarms(path: string, source: string): Harm[] {
  if (DOWN_FILE.test(path)) return [];
  const isSetUp = !MIGRATION.test(path) && /schema|init|seed|setup|dump|fixture|reset|sample|test/i.test(path);
  const statements = statementsOf(source);
  return statements.flatMap((one, at) => {
    const does = harmOf(one.text, { before: statements.slice(0, at), after: statements.slice(at + 1) });
    return does === undefined ? [] : [{ line: one.line, to: one.to, does, why: WHY, isNote: isSetUp }];
  });
}

/**
 * Returns what the SQL in a literal of a source does. A literal that is only the beginning of a longer text may lack its
 * WHERE, so DELETE and UPDATE count only if the literal is complete.
 */
export function harmOfLiteral(text: string, isCompleteText: boolean): string | undefined {
  const bare = text.trim();
  if (!/^(?:drop|truncate|alter|delete|update)\s/i.test(bare) || bare.length > 5_000) return undefined;
  if (!isCompleteText && /^(?:delete|update)\s/i.test(bare)) return undefined;
  const does = harmOf(bare, { before: [], after: [] });
  return /^(?:delete|update)\s/i.test(bare) && /\bwhere\b/i.test(bare) ? undefined : does;
}

function harmOf(text: string, { before, after }: { before: Statement[]; after: Statement[] }): string | undefined {
  const [, dropped] = new RegExp(`^DROP\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?${NAME}`, 'i').exec(text) ?? [];
  if (dropped !== undefined) return isRebuilt(dropped, before, after) ? undefined : `drops the table ${dropped}`;
  const [, schema] = new RegExp(`^DROP\\s+(?:DATABASE|SCHEMA)\\s+(?:IF\\s+EXISTS\\s+)?${NAME}`, 'i').exec(text) ?? [];
  if (schema !== undefined) return `drops all of ${schema}`;
  const [, column] =
    new RegExp(`^ALTER\\s+TABLE\\b[\\s\\S]{0,300}?\\bDROP\\s+COLUMN\\s+(?:IF\\s+EXISTS\\s+)?${NAME}`, 'i').exec(text) ??
    [];
  if (column !== undefined) return `drops the column ${column}`;
  const [, emptied] = new RegExp(`^TRUNCATE\\s+(?:TABLE\\s+)?(?:ONLY\\s+)?${NAME}`, 'i').exec(text) ?? [];
  if (emptied !== undefined) return `empties the table ${emptied}`;
  const [, deleted] = new RegExp(`^DELETE\\s+FROM\\s+(?:ONLY\\s+)?${NAME}`, 'i').exec(text) ?? [];
  if (deleted !== undefined) return isCreatedAbove(deleted, before) ? undefined : `deletes rows of ${deleted}`;
  const [, updated, afterSet = ''] =
    new RegExp(`^UPDATE\\s+(?:ONLY\\s+)?${NAME}\\s[\\s\\S]{0,80}?\\bSET\\s([\\s\\S]*)`, 'i').exec(text) ?? [];
  if (updated === undefined || isCreatedAbove(updated, before)) return undefined;
  return setsNewColumnsOnly(afterSet, before) ? undefined : `rewrites rows of ${updated}`;
}

/** True if the statements above create the table, or if its rows are copied to a table that then gets its name. */
function isRebuilt(name: string, before: Statement[], after: Statement[]): boolean {
  if (isCreatedAbove(name, before)) return true;
  const isCopied = before.some(({ text }) =>
    new RegExp(
      `^INSERT\\s+INTO\\b[\\s\\S]{0,2000}\\bSELECT\\b[\\s\\S]{0,2000}\\bFROM\\s+["\`\\[]?${name}\\b`,
      'i',
    ).test(text),
  );
  return isCopied && after.some(({ text }) => new RegExp(`\\bRENAME\\s+TO\\s+["\`\\[]?${name}\\b`, 'i').test(text));
}

function isCreatedAbove(name: string, before: Statement[]): boolean {
  const table = new RegExp(
    `^CREATE\\s+(?:TEMP(?:ORARY)?\\s+|UNLOGGED\\s+)?TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?["\`\\[]?(?:\\w+["\`\\]]?\\.["\`\\[]?)?${name}\\b`,
    'i',
  );
  return before.some(({ text }) => table.test(text));
}

/** True if each column that is set was added above, or is null in the rows. */
function setsNewColumnsOnly(afterSet: string, before: Statement[]): boolean {
  const [sets = '', where = ''] = afterSet.split(/\bWHERE\b/i, 2);
  const columns = [...sets.matchAll(/(?:^|,)\s{0,40}["`[]?(\w{1,80})["`\]]?\s{0,9}=/g)].map(([, name = '']) => name);
  const added = before.map(({ text }) => text).filter((text) => /^ALTER\b[\s\S]{0,200}\bADD\b/i.test(text));
  return (
    columns.length > 0 &&
    columns.every(
      (name) =>
        added.some((text) =>
          new RegExp(`\\bADD\\s+(?:COLUMN\\s+)?(?:IF\\s+NOT\\s+EXISTS\\s+)?["\`\\[]?${name}\\b`, 'i').test(text),
        ) || new RegExp(`\\b${name}["\`\\]]?\\s+IS\\s+NULL\\b`, 'i').test(where),
    )
  );
}

/** Splits the text into statements; those of the rollback are left out. */
function statementsOf(source: string): Statement[] {
  const found: Statement[] = [];
  let isDown = false;
  let from = 0;
  let statementParts: string[] = [];
  const rows = withoutBlocks(source).split('\n');
  rows.forEach((row, index) => {
    if (DOWN.test(row)) isDown = true;
    else if (UP.test(row)) isDown = false;
    const parts = row.replace(/(?:--|^\s*#).*$/, '').split(';');
    parts.forEach((part, at) => {
      if (statementParts.length === 0) from = index + 1;
      if (part.trim() !== '') statementParts.push(part.trim());
      if (at === parts.length - 1 || statementParts.length === 0) return;
      if (!isDown) found.push({ line: from, to: index + 1, text: statementParts.join(' ') });
      statementParts = [];
    });
  });
  if (statementParts.length > 0 && !isDown) found.push({ line: from, to: rows.length, text: statementParts.join(' ') });
  return found;
}
