/**
 * Finds SQL that overwrites data of the product or gives rights to everybody: triggers, rules, grants, policies. Pure.
 */
import { matchesOf } from './rule';
import type { Harm } from './rule';
import { unheldHarms } from './sql-unheld';
import { linesAt, withoutBlocks } from './texts';

const DATA_DIFFERS = 'the database stores something other than the product wrote, and no test of the code sees it';
const RIGHTS_GIVEN = 'everybody who reaches the database may do what the product forbids';
/** A column with or without quotes; the group is its name. */
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
    why: RIGHTS_GIVEN,
    pattern:
      /\bGRANT\s[^;]{1,300}?\sTO\s{1,9}(?:[^;]{0,80},\s{0,9})?PUBLIC\b|\bGRANT\s{1,9}ALL(?:\s{1,9}PRIVILEGES)?\s{1,9}ON\s{1,9}(?:\*\.\*|DATABASE|SCHEMA|ALL)\b|\bALTER\s{1,9}(?:ROLE|USER)\s[^;]{1,80}\b(?:SUPERUSER|BYPASSRLS)\b|\bCREATE\s{1,9}(?:ROLE|USER)\s[^;]{1,80}\s(?:SUPERUSER|BYPASSRLS)\b/gi,
  },
  {
    does: 'turns off the rules for which rows a user may see',
    why: RIGHTS_GIVEN,
    pattern:
      /\bDISABLE\s{1,9}ROW\s{1,9}LEVEL\s{1,9}SECURITY\b|\bNO\s{1,9}FORCE\s{1,9}ROW\s{1,9}LEVEL\s{1,9}SECURITY\b/gi,
  },
  {
    does: 'turns off the triggers or the keys of the database',
    why: 'the database no longer forbids or records what they did',
    pattern:
      /\bDISABLE\s{1,9}TRIGGER\s{1,9}(?:ALL|USER)\b|\bsession_replication_role\b\s{0,3}(?:=|TO)\s{0,3}'?replica/gi,
  },
  {
    does: 'puts another statement in the place of each write',
    why: DATA_DIFFERS,
    pattern:
      /\bCREATE\s{1,9}(?:OR\s{1,9}REPLACE\s{1,9})?RULE\s[^;]{1,200}\sON\s{1,9}(?:INSERT|UPDATE|DELETE)\s[^;]{1,300}\bDO\s{1,9}INSTEAD\b/gi,
  },
  {
    does: 'lets every row pass a policy',
    why: RIGHTS_GIVEN,
    pattern: /\bCREATE\s{1,9}POLICY\s[^;]{1,300}\b(?:USING|CHECK)\s{0,3}\(\s{0,3}true\s{0,3}\)/gi,
    isNote: true,
  },
  {
    does: 'deletes rows with the rows that they belong to',
    why: 'the record is deleted together with the row that it is about',
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
  return [
    ...byRules,
    ...unsafeDefiners(text, lineAt),
    ...overwritingTriggers(text, lineAt),
    ...unheldHarms(text, lineAt),
  ];
}

function withoutComments(source: string): string {
  return withoutBlocks(source).replace(/--[^\n]*/g, (all) => ' '.repeat(all.length));
}

/** A SECURITY DEFINER function searches its tables in the caller's search_path, unless it sets its own. */
function unsafeDefiners(text: string, lineAt: (index: number) => number): Harm[] {
  const found = matchesOf(/\bSECURITY\s{1,9}DEFINER\b/gi, text, 50);
  const creations = [...text.matchAll(/\bCREATE\s{1,9}(?:OR\s{1,9}REPLACE\s{1,9})?(?:FUNCTION|PROCEDURE)\b/gi)];
  return found.flatMap(({ index }) => {
    const from = creations.findLast((one) => one.index < index)?.index ?? 0;
    const below = text.slice(index, index + 6_000);
    const next = below.search(/\bCREATE\s/i);
    const statement = text.slice(from, index) + (next === -1 ? below : below.slice(0, next));
    if (/\bsearch_path\b/i.test(statement)) return [];
    const line = lineAt(index);
    const does = 'runs a function of the database with the rights of its owner, on tables that the caller chooses';
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

/** Finds triggers that set a column of their own table. */
function overwritingTriggers(text: string, lineAt: (index: number) => number): Harm[] {
  const bodies = [
    ...text.matchAll(
      /\bCREATE\s{1,9}(?:OR\s{1,9}REPLACE\s{1,9})?(?:TEMP(?:ORARY)?\s{1,9})?(?:CONSTRAINT\s{1,9})?TRIGGER\b([\s\S]{1,4000}?)(?:\bEND\b\s{0,9}(?:;|\$|\/|$)|\bEXECUTE\s{1,9}(?:FUNCTION|PROCEDURE)\b|$(?![\s\S]))/gi,
    ),
    ...text.matchAll(/\bRETURNS\s{1,9}TRIGGER\b([\s\S]{1,4000}?)(?:\bEND\b\s{0,9};?\s{0,9}(?:\$|'))/gi),
  ].slice(0, 50);
  return bodies.flatMap(({ index, 0: all, 1: body = '' }) => {
    const [, table = ''] = /\bON\s{1,9}(?:ONLY\s{1,9})?["`[]?(?:\w{1,60}["`\]]?\.["`[]?)?(\w{1,80})/i.exec(body) ?? [];
    return settingsIn(body, table).flatMap(({ column, value, at }) => {
      if (KEPT_BY_TRIGGERS.test(column) || isNormalized(column, value) || isSetIfNull(body.slice(0, at), column))
        return [];
      // A table or column that this file creates has no other writer yet.
      if (isCreatedHere(text, table, column)) return [];
      const line = lineAt(index + all.indexOf(body) + at + 1);
      return [
        { line, to: line, does: `writes over the column ${column} by a trigger`, why: DATA_DIFFERS, isNote: false },
      ];
    });
  });
}

/** A column that the body of a trigger sets. */
interface ColumnSetting {
  column: string;
  value: string;
  /** Index in the body. */
  at: number;
}

function settingsIn(body: string, table: string): ColumnSetting[] {
  const assignments = [
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
  const selected = [...body.matchAll(new RegExp(`\\bINTO\\s{1,9}(?:STRICT\\s{1,9})?NEW\\.${COLUMN}`, 'gi'))].map(
    ({ index, 1: column = '' }) => ({ column, value: '', at: index }),
  );
  if (table === '') return [...assignments, ...selected];
  const updates = [
    ...body.matchAll(
      new RegExp(
        `\\bUPDATE\\s{1,9}["\`\\[]?(?:\\w{1,60}["\`\\]]?\\.["\`\\[]?)?${table}["\`\\]]?\\s{1,9}SET\\s([^;]{1,1000})`,
        'gi',
      ),
    ),
  ].flatMap(({ index, 0: all, 1: afterSet = '' }) => {
    const sets = afterSet.split(/\bWHERE\b/i)[0] ?? '';
    return [...sets.matchAll(new RegExp(`(?:^|,)\\s{0,40}${COLUMN}\\s{0,9}=\\s{0,9}([^,]{1,200})`, 'g'))].map(
      ({ index: at, 1: column = '', 2: value = '' }) => ({
        column,
        value,
        at: index + all.length - afterSet.length + at,
      }),
    );
  });
  return [...assignments, ...selected, ...updates];
}

/** True for the same value in a normal form, such as `lower(NEW.email)`, and for values such as the current time. */
function isNormalized(column: string, value: string): boolean {
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

/** True if the trigger sets the column only if it is null. */
function isSetIfNull(before: string, column: string): boolean {
  const near = before.slice(-300);
  return new RegExp(`\\bNEW\\.["\`]?${column}["\`]?\\s{1,9}IS\\s{1,9}NULL\\b`, 'i').test(near);
}

function isCreatedHere(text: string, table: string, column: string): boolean {
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
