/**
 * Finds database constraints that do not hold: not enforced, not validated for existing rows, or turned off and not on
 * again. Reads SQL files and literals of sources. Pure.
 */
import { matchesOf } from './rule';
import type { Harm, HarmRule, Match } from './rule';

const UNHELD = {
  does: 'tells a constraint of the database not to hold',
  why: 'what it forbids is written all the same; let the database enforce it, or turn it on again in the same file',
} as const;

interface Unheld {
  pattern: RegExp;
  /** What must not stand in the rest of the text: it takes the match back. */
  back: (name: string) => RegExp;
  /** The text says why the form has to be there. */
  unless?: (text: string, found: Match) => boolean;
}

const NAME = '["`\\[]?(?:\\w{1,60}["`\\]]?\\.["`\\[]?)?(\\w{1,80})["`\\]]?';
const NEVER = (): RegExp => /(?!)/;
const ON = String.raw`\s{0,3}[=(]\s{0,3}(?:ON|1|TRUE|YES)\b`;
const OFF = String.raw`\s{0,3}[=(]\s{0,3}(?:OFF|0|FALSE|NO)\b`;
/** Warehouses enforce no keys, and say so; a dump of SQLite begins without keys. */
const WAREHOUSE = /\b(?:INT64|STRING|FLOAT64|BYTES|NUMERIC\s{1,9}OPTIONS|VARIANT|NUMBER)\b|\bCLUSTER\s{1,9}BY\b/i;
const DUMP = /^\s{0,20}PRAGMA\s{1,9}foreign_keys\s{0,3}=\s{0,3}OFF\s{0,3};\s{0,20}BEGIN\s{1,9}TRANSACTION\s{0,3};/i;

const UNHELDS: readonly Unheld[] = [
  {
    pattern: /\bNOT\s{1,9}ENFORCED\b/gi,
    back: NEVER,
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
    back: (name) => new RegExp(String.raw`\bVALIDATE\s{1,9}CONSTRAINT\s{1,9}["\`\[]?${name}\b`, 'i'),
  },
  {
    pattern: new RegExp(String.raw`\bDISABLE\s{1,9}TRIGGER\s{1,9}(?!(?:ALL|USER)\b)${NAME}`, 'gi'),
    back: (name) =>
      new RegExp(String.raw`\bENABLE\s{1,9}TRIGGER\s{1,9}(?:ALL\b|USER\b|["\`\[]?(?:\w{1,60}\.)?${name}\b)`, 'i'),
  },
  {
    pattern: new RegExp(String.raw`\bNOCHECK\s{1,9}CONSTRAINT\s{1,9}${NAME}`, 'gi'),
    back: (name) => new RegExp(String.raw`(?<!NO)\bCHECK\s{1,9}CONSTRAINT\s{1,9}(?:ALL\b|["\`\[]?${name}\b)`, 'i'),
  },
  {
    pattern: new RegExp(String.raw`\bPRAGMA\s{1,9}ignore_check_constraints${ON}`, 'gi'),
    back: () => new RegExp(String.raw`\bignore_check_constraints${OFF}`, 'i'),
  },
  {
    pattern: new RegExp(String.raw`\bPRAGMA\s{1,9}foreign_keys${OFF}`, 'gi'),
    back: () => new RegExp(String.raw`\bforeign_keys${ON}`, 'i'),
    unless: (text) => DUMP.test(text),
  },
];

/** Of SQL without comments. */
export function unheldHarms(text: string, lineAt: (index: number) => number): Harm[] {
  return UNHELDS.flatMap((unheld) =>
    matchesOf(unheld.pattern, text, 50)
      .filter((found) => staysUnheld(unheld, text, found))
      .map(({ index, text: all }) => ({
        ...{ line: lineAt(index), to: lineAt(index + all.length - 1), isNote: false, ...UNHELD },
      })),
  );
}

export const UNHELD_IN_CODE: readonly HarmRule[] = UNHELDS.map((unheld) => ({
  ...UNHELD,
  pattern: unheld.pattern,
  inText: true,
  holds: ({ text, isText }, found) => isText[found.index] === true && staysUnheld(unheld, text, found),
}));

function staysUnheld({ back, unless }: Unheld, text: string, found: Match): boolean {
  const rest = text.slice(found.index + found.text.length);
  return !back(found.groups[0] ?? '').test(rest) && unless?.(text, found) !== true;
}

function isOfConstraint(before: string): boolean {
  return /\b(?:CHECK|CONSTRAINT|REFERENCES|FOREIGN\s{1,9}KEY)\b/i.test(before);
}
