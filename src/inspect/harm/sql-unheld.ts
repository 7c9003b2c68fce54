/**
 * Finds database constraints that the database does not enforce: declared so, not validated for existing rows, or turned
 * off and not on again. Reads SQL files and literals of sources. Pure.
 */
import { matchesOf } from './rule';
import type { Harm, HarmRule, Match } from './rule';

const UNHELD = {
  does: 'tells a constraint of the database not to hold',
  why: 'rows that it forbids are written nevertheless; let the database enforce it, or turn it on again in the same file',
} as const;

interface UnenforcedForm {
  pattern: RegExp;
  /** Matches the statement that turns the constraint with this name on again, below the match. */
  restores: (name: string) => RegExp;
  /** True if the match is harmless in this text. */
  unless?: (text: string, found: Match) => boolean;
}

const NAME = '["`\\[]?(?:\\w{1,60}["`\\]]?\\.["`\\[]?)?(\\w{1,80})["`\\]]?';
/** Matches nothing: no statement turns the constraint on again. */
const NEVER = (): RegExp => /(?!)/;
const ON = String.raw`\s{0,3}[=(]\s{0,3}(?:ON|1|TRUE|YES)\b`;
const OFF = String.raw`\s{0,3}[=(]\s{0,3}(?:OFF|0|FALSE|NO)\b`;
/** Types of data warehouses, which enforce no keys and therefore declare them so. */
const WAREHOUSE = /\b(?:INT64|STRING|FLOAT64|BYTES|NUMERIC\s{1,9}OPTIONS|VARIANT|NUMBER)\b|\bCLUSTER\s{1,9}BY\b/i;
/** The beginning of a dump of SQLite, which turns the keys off. */
const SQLITE_DUMP =
  /^\s{0,20}PRAGMA\s{1,9}foreign_keys\s{0,3}=\s{0,3}OFF\s{0,3};\s{0,20}BEGIN\s{1,9}TRANSACTION\s{0,3};/i;

const UNENFORCED_FORMS: readonly UnenforcedForm[] = [
  {
    pattern: /\bNOT\s{1,9}ENFORCED\b/gi,
    restores: NEVER,
    unless: (text, { index }) => {
      const before =
        text
          .slice(Math.max(0, index - 300), index)
          .split(';')
          .at(-1) ?? '';
      return !isOfConstraint(before) || (/\b(?:KEY|REFERENCES)\b[^;]{0,200}$/i.test(before) && WAREHOUSE.test(text));
    },
  },
  {
    pattern: new RegExp(String.raw`\bADD\s{1,9}CONSTRAINT\s{1,9}${NAME}\s[^;]{1,600}?\bNOT\s{1,9}VALID\b`, 'gi'),
    restores: (name) => new RegExp(String.raw`\bVALIDATE\s{1,9}CONSTRAINT\s{1,9}["\`\[]?${name}\b`, 'i'),
  },
  {
    pattern: new RegExp(String.raw`\bDISABLE\s{1,9}TRIGGER\s{1,9}(?!(?:ALL|USER)\b)${NAME}`, 'gi'),
    restores: (name) =>
      new RegExp(String.raw`\bENABLE\s{1,9}TRIGGER\s{1,9}(?:ALL\b|USER\b|["\`\[]?(?:\w{1,60}\.)?${name}\b)`, 'i'),
  },
  {
    pattern: new RegExp(String.raw`\bNOCHECK\s{1,9}CONSTRAINT\s{1,9}${NAME}`, 'gi'),
    restores: (name) => new RegExp(String.raw`(?<!NO)\bCHECK\s{1,9}CONSTRAINT\s{1,9}(?:ALL\b|["\`\[]?${name}\b)`, 'i'),
  },
  {
    pattern: new RegExp(String.raw`\bPRAGMA\s{1,9}ignore_check_constraints${ON}`, 'gi'),
    restores: () => new RegExp(String.raw`\bignore_check_constraints${OFF}`, 'i'),
  },
  {
    pattern: new RegExp(String.raw`\bPRAGMA\s{1,9}foreign_keys${OFF}`, 'gi'),
    restores: () => new RegExp(String.raw`\bforeign_keys${ON}`, 'i'),
    unless: (text) => SQLITE_DUMP.test(text),
  },
];

/** Takes SQL without comments. */
export function unheldHarms(text: string, lineAt: (index: number) => number): Harm[] {
  return UNENFORCED_FORMS.flatMap((form) =>
    matchesOf(form.pattern, text, 50)
      .filter((found) => staysUnheld(form, text, found))
      .map(({ index, text: all }) => ({
        ...{ line: lineAt(index), to: lineAt(index + all.length - 1), isNote: false, ...UNHELD },
      })),
  );
}

export const UNHELD_IN_CODE: readonly HarmRule[] = UNENFORCED_FORMS.map((form) => ({
  ...UNHELD,
  pattern: form.pattern,
  inText: true,
  holds: ({ text, isText }, found) => isText[found.index] === true && staysUnheld(form, text, found),
}));

function staysUnheld({ restores, unless }: UnenforcedForm, text: string, found: Match): boolean {
  const below = text.slice(found.index + found.text.length);
  return !restores(found.groups[0] ?? '').test(below) && unless?.(text, found) !== true;
}

function isOfConstraint(before: string): boolean {
  return /\b(?:CHECK|CONSTRAINT|REFERENCES|FOREIGN\s{1,9}KEY)\b/i.test(before);
}
