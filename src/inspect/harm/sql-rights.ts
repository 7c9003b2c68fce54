/**
 * Finds SQL that overwrites data of the product or gives away rights: triggers, rules, grants, policies. Pure.
 */
import { matchesOf } from './rule';
import type { Harm } from './rule';
import { unheldHarms } from './sql-unheld';
import { linesAt, withoutBlocks } from './texts';

const OVER = 'what the product has counted or kept is another thing in the database, and no test of the code sees it';
const GIVEN = 'who reaches the database may do what the product forbids';
const COLUMN = '["`\\[]?(\\w{1,80})["`\\]]?';
/** Columns that databases usually maintain by triggers. */
const KEPT_BY_TRIGGERS =
  /^(?:\w{0,40}_?(?:at|on|time|date|timestamp|version|revision|modified|updated|created|changed|search|tsv|vector|fts|slug|hash|etag|guid|uuid|seq|sequence|geom|location|history|audit)|id|uuid|document|tsv\w{0,20}|search\w{0,20}|last_\w{1,40}|updated?\w{0,20}|modified?\w{0,20}|created?\w{0,20}|\w{0,30}(?:updat|modif|creat|chang)ed\w{0,20})$/i;

interface Rule extends Pick<Harm, 'does' | 'why'> {
  pattern: RegExp;
  isNote?: true;
}

const RULES: readonly Rule[] = [
  {
    does: 'gives rights in the database to everybody, or all of them',
    why: GIVEN,
    pattern:
      /\bGRANT\s[^;]{1,300}?\sTO\s{1,9}(?:[^;]{0,80},\s{0,9})?PUBLIC\b|\bGRANT\s{1,9}ALL(?:\s{1,9}PRIVILEGES)?\s{1,9}ON\s{1,9}(?:\*\.\*|DATABASE|SCHEMA|ALL)\b|\bALTER\s{1,9}(?:ROLE|USER)\s[^;]{1,80}\b(?:SUPERUSER|BYPASSRLS)\b|\bCREATE\s{1,9}(?:ROLE|USER)\s[^;]{1,80}\s(?:SUPERUSER|BYPASSRLS)\b/gi,
  },
  {
    does: 'turns off which rows who may see',
    why: GIVEN,
    pattern:
      /\bDISABLE\s{1,9}ROW\s{1,9}LEVEL\s{1,9}SECURITY\b|\bNO\s{1,9}FORCE\s{1,9}ROW\s{1,9}LEVEL\s{1,9}SECURITY\b/gi,
  },
  {
    does: 'turns off the triggers or the keys of the database',
    why: 'what they forbid or write down is not any more',
    pattern:
      /\bDISABLE\s{1,9}TRIGGER\s{1,9}(?:ALL|USER)\b|\bsession_replication_role\b\s{0,3}(?:=|TO)\s{0,3}'?replica/gi,
  },
  {
    does: 'puts another statement in the place of each write',
    why: OVER,
    pattern:
      /\bCREATE\s{1,9}(?:OR\s{1,9}REPLACE\s{1,9})?RULE\s[^;]{1,200}\sON\s{1,9}(?:INSERT|UPDATE|DELETE)\s[^;]{1,300}\bDO\s{1,9}INSTEAD\b/gi,
  },
  {
    does: 'lets every row pass a policy',
    why: GIVEN,
    pattern: /\bCREATE\s{1,9}POLICY\s[^;]{1,300}\b(?:USING|CHECK)\s{0,3}\(\s{0,3}true\s{0,3}\)/gi,
    isNote: true,
  },
  {
    does: 'deletes rows with the rows that they belong to',
    why: 'what was written down goes with the one that it tells of',
    pattern:
      /\b(?:ledger|journal|audit|payment|invoice|transaction|order|entries|log)\w{0,30}\b[^;]{0,1500}?\bON\s{1,9}DELETE\s{1,9}CASCADE\b/gi,
    isNote: true,
  },
];

export function sqlRightsHarms(source: string): Harm[] {
  const text = withoutComments(source);
  const lineAt = linesAt(text);
  const byRules = RULES.flatMap(({ does, why, pattern, isNote }) =>
    [...text.matchAll(pattern)].slice(0, 50).map(({ index, 0: all }) => {
      const line = lineAt(index);
      return { line, to: lineAt(index + all.length), does, why, isNote: isNote === true };
    }),
  );
  return [...byRules, ...definers(text, lineAt), ...overwrites(text, lineAt), ...unheldHarms(text, lineAt)];
}

function withoutComments(source: string): string {
  return withoutBlocks(source).replace(/--[^\n]*/g, (all) => ' '.repeat(all.length));
}

/** A SECURITY DEFINER function searches its tables in the caller's search_path, unless it sets its own. */
function definers(text: string, lineAt: (index: number) => number): Harm[] {
  const found = matchesOf(/\bSECURITY\s{1,9}DEFINER\b/gi, text, 50);
  const makes = [...text.matchAll(/\bCREATE\s{1,9}(?:OR\s{1,9}REPLACE\s{1,9})?(?:FUNCTION|PROCEDURE)\b/gi)];
  return found.flatMap(({ index }) => {
    const from = makes.findLast((one) => one.index < index)?.index ?? 0;
    const rest = text.slice(index, index + 6_000);
    const next = rest.search(/\bCREATE\s/i);
    const whole = text.slice(from, index) + (next === -1 ? rest : rest.slice(0, next));
    if (/\bsearch_path\b/i.test(whole)) return [];
    const line = lineAt(index);
    const does = 'runs a function of the database with the rights of who made it, in tables that the caller names';
    return [
      {
        line,
        to: line,
        does,
        why: 'set search_path in the function, or leave its rights to the caller',
        isNote: false,
      },
    ];
  });
}

/** Finds a trigger that sets a column of its own table. */
function overwrites(text: string, lineAt: (index: number) => number): Harm[] {
  const bodies = [
    ...text.matchAll(
      /\bCREATE\s{1,9}(?:OR\s{1,9}REPLACE\s{1,9})?(?:TEMP(?:ORARY)?\s{1,9})?(?:CONSTRAINT\s{1,9})?TRIGGER\b([\s\S]{1,4000}?)(?:\bEND\b\s{0,9}(?:;|\$|\/|$)|\bEXECUTE\s{1,9}(?:FUNCTION|PROCEDURE)\b|$(?![\s\S]))/gi,
    ),
    ...text.matchAll(/\bRETURNS\s{1,9}TRIGGER\b([\s\S]{1,4000}?)(?:\bEND\b\s{0,9};?\s{0,9}(?:\$|'))/gi),
  ].slice(0, 50);
  return bodies.flatMap(({ index, 0: all, 1: body = '' }) => {
    const [, table = ''] = /\bON\s{1,9}(?:ONLY\s{1,9})?["`[]?(?:\w{1,60}["`\]]?\.["`[]?)?(\w{1,80})/i.exec(body) ?? [];
    return setIn(body, table).flatMap(({ column, value, at }) => {
      if (KEPT_BY_TRIGGERS.test(column) || isOwnForm(column, value) || isGuarded(body.slice(0, at), column)) return [];
      // A table or column that this file creates has no other writer yet.
      if (isMade(text, table, column)) return [];
      const line = lineAt(index + all.indexOf(body) + at + 1);
      return [{ line, to: line, does: `writes over the column ${column} by a trigger`, why: OVER, isNote: false }];
    });
  });
}

interface Setting {
  column: string;
  value: string;
  at: number;
}

function setIn(body: string, table: string): Setting[] {
  const direct = [
    ...body.matchAll(new RegExp(`\\bNEW\\s{0,3}\\.\\s{0,3}${COLUMN}\\s{0,9}:?=\\s{0,9}([^;,\\n]{1,200})`, 'gi')),
  ]
    .filter(
      ({ index }) =>
        !/(?:\b(?:IF|WHEN|AND|OR|WHERE|ELSIF)\b|[=<>(])[^;]{0,200}$/i.test(
          body
            .slice(Math.max(0, index - 200), index)
            .split(/;|\bTHEN\b|\bBEGIN\b|\bSET\b|\bELSE\b/i)
            .at(-1) ?? '',
        ),
    )
    .map(({ index, 1: column = '', 2: value = '' }) => ({ column, value, at: index }));
  const into = [...body.matchAll(new RegExp(`\\bINTO\\s{1,9}(?:STRICT\\s{1,9})?NEW\\.${COLUMN}`, 'gi'))].map(
    ({ index, 1: column = '' }) => ({ column, value: '', at: index }),
  );
  if (table === '') return [...direct, ...into];
  const updates = [
    ...body.matchAll(
      new RegExp(
        `\\bUPDATE\\s{1,9}["\`\\[]?(?:\\w{1,60}["\`\\]]?\\.["\`\\[]?)?${table}["\`\\]]?\\s{1,9}SET\\s([^;]{1,1000})`,
        'gi',
      ),
    ),
  ].flatMap(({ index, 0: all, 1: rest = '' }) => {
    const sets = rest.split(/\bWHERE\b/i)[0] ?? '';
    return [...sets.matchAll(new RegExp(`(?:^|,)\\s{0,40}${COLUMN}\\s{0,9}=\\s{0,9}([^,]{1,200})`, 'g'))].map(
      ({ index: at, 1: column = '', 2: value = '' }) => ({ column, value, at: index + all.length - rest.length + at }),
    );
  });
  return [...direct, ...into, ...updates];
}

/** True for `NEW.email := lower(NEW.email)`: the same value, normalized. */
function isOwnForm(column: string, value: string): boolean {
  return (
    new RegExp(
      `^\\s{0,9}(?:lower|upper|trim|btrim|ltrim|rtrim|initcap|coalesce|ifnull|nullif|unaccent|regexp_replace|replace)\\s{0,3}\\([\\s\\S]{0,80}\\bNEW\\.["\`]?${column}\\b`,
      'i',
    ).test(value) ||
    /^\s{0,9}(?:now\(|current_|clock_timestamp|statement_timestamp|datetime\(|strftime\(|unixepoch|gen_random_uuid|uuid|nextval|sysdate|getdate|to_tsvector|setweight)/i.test(
      value,
    )
  );
}

function isGuarded(before: string, column: string): boolean {
  const near = before.slice(-300);
  return new RegExp(`\\bNEW\\.["\`]?${column}["\`]?\\s{1,9}IS\\s{1,9}NULL\\b`, 'i').test(near);
}

function isMade(text: string, table: string, column: string): boolean {
  if (
    table === '' &&
    new RegExp(`\\bCREATE\\s{1,9}TABLE\\b[^;]{1,3000}[(,\\n]\\s{0,40}["\`[]?${column}\\b`, 'i').test(text)
  )
    return true;
  return (
    (table !== '' &&
      new RegExp(
        `\\bCREATE\\s{1,9}(?:\\w{1,20}\\s{1,9}){0,2}TABLE\\s{1,9}(?:IF\\s{1,9}NOT\\s{1,9}EXISTS\\s{1,9})?["\`\\[]?(?:\\w{1,60}["\`\\]]?\\.["\`\\[]?)?${table}\\b`,
        'i',
      ).test(text)) ||
    new RegExp(
      `\\bADD\\s{1,9}(?:COLUMN\\s{1,9})?(?:IF\\s{1,9}NOT\\s{1,9}EXISTS\\s{1,9})?["\`\\[]?${column}\\b`,
      'i',
    ).test(text)
  );
}
