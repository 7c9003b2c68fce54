/**
 * Finds queries whose text is built from values: by concatenation, template expressions or formatting. A tagged
 * template binds its values, and names of tables, placeholders and constants are no values. Pure; each pattern is
 * bounded.
 */
import type { CodeView } from '../asks/code-view';
import type { HarmRule, Match } from './rule';

/** Returns the view's text in which only the quotes of literals are single quotes. */
export function plainQuotes({ text, isText }: Pick<CodeView, 'text' | 'isText'>): string {
  return text.replace(/'/g, (sign, index: number) => (isText[index] === true ? '"' : sign));
}

const QUERY = String.raw`(?:(?:SELECT|select)\s[^';]{1,400}?\s(?:FROM|from)\s|(?:INSERT|insert)\s{1,9}(?:INTO|into)\s|(?:REPLACE|replace)\s{1,9}(?:INTO|into)\s|(?:UPDATE|update)\s{1,9}[^\s']{1,60}\s{1,9}(?:SET|set)\s|(?:DELETE|delete)\s{1,9}(?:FROM|from)\s|\bWHERE\s)`;
/** The places of a query at which a value is expected. */
const AT = String.raw`(?:[=<>]|\b(?:(?:LIKE|like)|(?:ILIKE|ilike)|(?:LIMIT|limit)|(?:OFFSET|offset)|(?:AND|and)|(?:BETWEEN|between)|(?:IN|in)\s?\(|(?:VALUES|values)\s?\(|match\s?\())\s{0,3}\(?["%]{0,3}`;
/** Not a name of something that the source itself decides. */
const VALUE = String.raw`(?!['\s)]|[A-Z][A-Z0-9_]{2,}\b|\d|\w{0,30}(?:[pP]laceholders?|[mM]arks|[qQ]s|[cC]olumns?|[fF]ields|[tT]able|[cC]lauses?|[cC]onditions?|[wW]here|[iI]dent\w{0,12})\b|(?:Number|parseInt|int|float|Integer\.parseInt|intval|strconv\.\w{1,12}|escape\w{0,12}|quote\w{0,12}|mysql\.escape|db\.quote|conn\.quote|\w{0,20}\.map)\()[\w$(]`;
const START = String.raw`'[^']{0,40}?${QUERY}`;

const HOLE = new RegExp(String.raw`${START}[^']{0,400}?${AT}'${VALUE}`, 'g');
/** A hole may follow upon another one. */
const LATER_HOLE = new RegExp(String.raw`${START}[^';]{0,400}?'[^';\n]{1,60}'[^';]{0,200}?${AT}'${VALUE}`, 'g');
const ADDED = new RegExp(String.raw`${START}[^']{0,400}?${AT}'\s{0,9}(?:\+|\|\|)\s{0,9}${VALUE}`, 'g');
const ADDED_PHP = new RegExp(
  String.raw`${START}[^']{0,400}?${AT}'\s{0,9}\.\s{0,9}\$(?!\w{0,20}(?:table|columns|where))\w`,
  'g',
);
/** PHP, Kotlin, Scala, C#, Swift name the value in the literal. */
const NAMED = new RegExp(
  String.raw`${START}[^']{0,400}?${AT}(?:\$\{?(?!\w{0,20}(?:[pP]laceholders|[cC]olumns|[tT]able))[a-z_]\w{0,60}|\{\$\w|\\?\((?=[a-z]\w{0,40}\)))`,
  'g',
);
const SHARP = new RegExp(String.raw`\$@?${START}[^']{0,400}?${AT}\{[a-zA-Z_]`, 'g');
const FORMATTED = new RegExp(
  String.raw`\b(?:Sprintf|sprintf|format!?|Format)\s{0,3}\(\s{0,9}${START}[^']{0,400}?${AT}(?:%[sdvq]|\{\w{0,30}\})[^']{0,300}'\s{0,9},`,
  'g',
);
const FORMATTED_AFTER = new RegExp(
  String.raw`${START}[^']{0,400}?${AT}(?:%(?:\(\w{1,30}\))?[sdr]|\{\w{0,30}\})[^']{0,300}'\s{0,9}(?:%\s{0,3}[\w(]|\.(?:format|formatted)\()`,
  'g',
);
const ALL = [HOLE, LATER_HOLE, ADDED, ADDED_PHP, NAMED, SHARP, FORMATTED, FORMATTED_AFTER];
/** A tag, or a call that binds what stands in the holes. */
const BINDS =
  /(?:\b(?:sql|SQL|Prisma\.sql|pgsql|gql|\$queryRaw|\$executeRaw|literal)(?:<[^<>]{0,60}>)?|Interpolated\w{0,9}\(\s{0,9}\$?@?)$/;
const FORMS: Record<string, RegExp[]> = {
  script: [HOLE, LATER_HOLE, ADDED],
  python: [HOLE, LATER_HOLE, ADDED, FORMATTED_AFTER],
  ruby: [HOLE, LATER_HOLE, ADDED, FORMATTED_AFTER, FORMATTED],
  php: [ADDED_PHP, NAMED, FORMATTED],
  rust: [FORMATTED],
  braces: [ADDED, NAMED, SHARP, FORMATTED, FORMATTED_AFTER],
};

/** In rows or a view with plain quotes. */
export function buildsQuery(text: string): boolean {
  return ALL.some((form) =>
    [...text.matchAll(form)].some(({ index }) => !BINDS.test(text.slice(Math.max(0, index - 80), index))),
  );
}

const BUILT = {
  does: 'puts values into the text of a query',
  why: 'a value may end the query and begin another one; bind it',
} as const;

export const SQL_TEXT: readonly HarmRule[] = Object.entries(FORMS).flatMap(([syntax, forms]) =>
  forms.map((pattern) => ({
    ...{ ...BUILT, in: [syntax as never], hasPlainQuotes: true as const, pattern, after: 'bandit B608 and gosec G201' },
    holds: isUnbound,
  })),
);

function isUnbound(view: CodeView, { index }: Match): boolean {
  return !BINDS.test(view.text.slice(Math.max(0, index - 80), index));
}
