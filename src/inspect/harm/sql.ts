/**
 * Finds SQL statements that delete or rewrite data, in SQL files and in literals of sources. The rollback of a
 * migration may do so, and so may a table that is rebuilt with its rows. Pure.
 */
import type { Harm } from './rule';
import { withoutBlocks } from './texts';

export const MIGRATION =
  /(^|\/)(?:migrations?|migrate|versions|alembic|flyway|liquibase|changelog|db|sql)\/|(^|\/)V\d[\w.]{0,20}__/i;
const DOWN_FILE = /\bdown\b|rollback|undo|revert|(^|\/)U\d[\w.]{0,20}__/i;
/** A section of the way back, and one of the way there. */
const DOWN = /^\s{0,20}--[^\n]{0,40}\b(?:down|undo|rollback|revert)\b/i;
const UP = /^\s{0,20}--[^\n]{0,40}\bup\b/i;
const WHY = 'what is gone or rewritten no release before it can bring back';
const NAME = '["`\\[]?(?:\\w{1,60}["`\\]]?\\.["`\\[]?)?(\\w{1,80})["`\\]]?';

interface Statement {
  line: number;
  to: number;
  text: string;
}

export function sqlHarms(path: string, source: string): Harm[] {
  if (DOWN_FILE.test(path)) return [];
  const isSettled = !MIGRATION.test(path) && /schema|init|seed|setup|dump|fixture|reset|sample|test/i.test(path);
  const statements = statementsOf(source);
  return statements.flatMap((one, at) => {
    const does = harmOf(one.text, { before: statements.slice(0, at), after: statements.slice(at + 1) });
    return does === undefined ? [] : [{ line: one.line, to: one.to, does, why: WHY, isNote: isSettled }];
  });
}

/** One literal of a source: it may be the beginning of a longer text, so what needs its end is asked where it is whole. */
export function harmOfLiteral(text: string, isWhole: boolean): string | undefined {
  const bare = text.trim();
  if (!/^(?:drop|truncate|alter|delete|update)\s/i.test(bare) || bare.length > 5_000) return undefined;
  if (!isWhole && /^(?:delete|update)\s/i.test(bare)) return undefined;
  const does = harmOf(bare, { before: [], after: [] });
  return /^(?:delete|update)\s/i.test(bare) && /\bwhere\b/i.test(bare) ? undefined : does;
}

function harmOf(text: string, { before, after }: { before: Statement[]; after: Statement[] }): string | undefined {
  const [, dropped] = new RegExp(`^DROP\\s+TABLE\\s+(?:IF\\s+EXISTS\\s+)?${NAME}`, 'i').exec(text) ?? [];
  if (dropped !== undefined) return isRebuilt(dropped, before, after) ? undefined : `drops the table ${dropped}`;
  const [, base] = new RegExp(`^DROP\\s+(?:DATABASE|SCHEMA)\\s+(?:IF\\s+EXISTS\\s+)?${NAME}`, 'i').exec(text) ?? [];
  if (base !== undefined) return `drops all of ${base}`;
  const [, column] =
    new RegExp(`^ALTER\\s+TABLE\\b[\\s\\S]{0,300}?\\bDROP\\s+COLUMN\\s+(?:IF\\s+EXISTS\\s+)?${NAME}`, 'i').exec(text) ??
    [];
  if (column !== undefined) return `drops the column ${column}`;
  const [, emptied] = new RegExp(`^TRUNCATE\\s+(?:TABLE\\s+)?(?:ONLY\\s+)?${NAME}`, 'i').exec(text) ?? [];
  if (emptied !== undefined) return `empties the table ${emptied}`;
  const [, lost] = new RegExp(`^DELETE\\s+FROM\\s+(?:ONLY\\s+)?${NAME}`, 'i').exec(text) ?? [];
  if (lost !== undefined) return made(lost, before) ? undefined : `deletes rows of ${lost}`;
  const [, written, rest = ''] =
    new RegExp(`^UPDATE\\s+(?:ONLY\\s+)?${NAME}\\s[\\s\\S]{0,80}?\\bSET\\s([\\s\\S]*)`, 'i').exec(text) ?? [];
  if (written === undefined || made(written, before)) return undefined;
  return fills(rest, before) ? undefined : `rewrites rows of ${written}`;
}

/** Made here, or its rows were copied away before it goes. */
function isRebuilt(name: string, before: Statement[], after: Statement[]): boolean {
  if (made(name, before)) return true;
  const isCopied = before.some(({ text }) =>
    new RegExp(
      `^INSERT\\s+INTO\\b[\\s\\S]{0,2000}\\bSELECT\\b[\\s\\S]{0,2000}\\bFROM\\s+["\`\\[]?${name}\\b`,
      'i',
    ).test(text),
  );
  return isCopied && after.some(({ text }) => new RegExp(`\\bRENAME\\s+TO\\s+["\`\\[]?${name}\\b`, 'i').test(text));
}

function made(name: string, before: Statement[]): boolean {
  const table = new RegExp(
    `^CREATE\\s+(?:TEMP(?:ORARY)?\\s+|UNLOGGED\\s+)?TABLE\\s+(?:IF\\s+NOT\\s+EXISTS\\s+)?["\`\\[]?(?:\\w+["\`\\]]?\\.["\`\\[]?)?${name}\\b`,
    'i',
  );
  return before.some(({ text }) => table.test(text));
}

/** Each column that is set is one that was added above, or one that the rows had not. */
function fills(rest: string, before: Statement[]): boolean {
  const [sets = '', where = ''] = rest.split(/\bWHERE\b/i, 2);
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

function statementsOf(source: string): Statement[] {
  const found: Statement[] = [];
  let isDown = false;
  let from = 0;
  let said: string[] = [];
  const rows = withoutBlocks(source).split('\n');
  rows.forEach((row, index) => {
    if (DOWN.test(row)) isDown = true;
    else if (UP.test(row)) isDown = false;
    const parts = row.replace(/(?:--|^\s*#).*$/, '').split(';');
    parts.forEach((part, at) => {
      if (said.length === 0) from = index + 1;
      if (part.trim() !== '') said.push(part.trim());
      if (at === parts.length - 1 || said.length === 0) return;
      if (!isDown) found.push({ line: from, to: index + 1, text: said.join(' ') });
      said = [];
    });
  });
  if (said.length > 0 && !isDown) found.push({ line: from, to: rows.length, text: said.join(' ') });
  return found;
}
