/**
 * Reads the numbers of a row with their names and computes their values: products, powers, durations with units. Pure.
 */
export interface NamedValue {
  name: string;
  value: string;
}

/** An assignment, a key or a named argument; the groups are name and value. */
const NAMED_VALUE =
  /(?<![\w$])['"]?([\w$.-]{1,80})['"\]]{0,2}(?:\s{0,3}:\s{0,3}[\w<>.]{1,40}(?=\s{0,9}=[^=]))?\s{0,9}(?::=|=>|[:=](?![=:]))\s{0,9}([^,;{}\n]{1,200})/g;
const CALL = /([\w$]{1,80})\s{0,3}\(([^()\n]{0,120}(?:\([^()\n]{0,80}\)[^()\n]{0,80}){0,3})/g;
const TYPE_WORD = /\b(?:int|long|const|var|let|val|final|uint\d{0,2}|u?int\d{1,2})\s{1,9}(?=\w)/g;

/** Returns assignments, keys, named arguments and calls. The last one is the whole row; its name is its text without numbers. */
export function namedValues(row: string): NamedValue[] {
  const text = row.slice(0, 300).replace(TYPE_WORD, '');
  const found = [NAMED_VALUE, CALL].flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, name = '', value = '']) => ({ name, value })),
  );
  const shape = text.replace(NUMBER, '#').replace(/\s+/g, '');
  return [...found, { name: shape, value: text }].filter(({ value }) =>
    /\d|inf|max|none|null|false|never/i.test(value),
  );
}

const NUMBER = /(?<![\w.])(?:0x[\da-fA-F_]{1,16}|\d[\d_]{0,18}(?:\.\d{1,9})?(?:[eE]\d{1,2})?)/g;
/** Words for a number without a limit. */
const ENDLESS =
  /\b(?:Infinity|INFINITY|MAX_SAFE_INTEGER|MAX_VALUE|MaxValue|MaxU?[Ii]nt\w{0,4}|math\.inf|maxsize)\b|'inf'/;
/** Operators between alternatives of a value. */
const CHOICE = /\?\?|\|\||[?:]|\bor\b|\bif\b|\belse\b/;
/** Units of time in seconds. */
const UNITS: ReadonlyArray<readonly [words: RegExp, seconds: number]> = [
  [/milli|\d\s?ms\b/i, 0.001],
  [/month|\d\s?mo\b/i, 2_592_000],
  [/year|\d\s?y\b/i, 31_536_000],
  [/week|\d\s?w\b/i, 604_800],
  [/day|\d\s?d\b/i, 86_400],
  [/hour|\d\s?h(?:rs?)?\b/i, 3_600],
  [/minute|mins?\b|\d\s?m\b/i, 60],
  [/second|secs?\b|\d\s?s\b/i, 1],
];

/** Returns a number for each alternative of a value: `process.env.X ?? 12` is 12, `isTest ? 4 : 12` is 4 or 12. */
export function quantitiesOf(value: string): number[] {
  return value.split(CHOICE).flatMap((part) => {
    if (ENDLESS.test(part)) return [Number.POSITIVE_INFINITY];
    const numbers = numbersOf(part);
    if (numbers.length === 0) return [];
    const unit = UNITS.find(([words]) => words.test(part))?.[1] ?? 1;
    return [numbers.reduce((all, one) => all * one, 1) * unit];
  });
}

/** Returns the numbers in their order, with powers computed. */
export function numbersOf(value: string): number[] {
  const withoutPowers = value
    .slice(0, 300)
    .replace(/(\d[\d_]{0,9})\s{0,3}<<\s{0,3}(\d{1,2})/g, (_, base: string, by: string) =>
      String(numberOf(base) * 2 ** numberOf(by)),
    )
    .replace(/(\d[\d_]{0,9})\s{0,3}\*\*\s{0,3}(\d{1,2})/g, (_, base: string, by: string) =>
      String(numberOf(base) ** numberOf(by)),
    )
    .replace(/\bpow\(\s{0,3}(\d{1,9})\s{0,3},\s{0,3}(\d{1,2})\s{0,3}\)/g, (_, base: string, by: string) =>
      String(numberOf(base) ** numberOf(by)),
    );
  return [...withoutPowers.matchAll(NUMBER)].map(([text]) => numberOf(text));
}

function numberOf(text: string): number {
  return Number(text.replaceAll('_', ''));
}
