/**
 * Finds queries whose text is built from values: by concatenation, template expressions or formatting. A tagged
 * template binds its values, so it is not reported; names of tables, placeholders and constants do not count as values.
 * Pure; each pattern is bounded.
 */
import type { CodeView } from '../asks/code-view';
import type { HarmRule, Match } from './rule';

/** Returns the view's text in which only the quotes of literals are single quotes. */
export function plainQuotes({ text, isText }: Pick<CodeView, 'text' | 'isText'>): string {
  return text.replace(/'/g, (sign, index: number) => (isText[index] === true ? '"' : sign));
}

/** The beginning of a query. */
const QUERY = String.raw`(?:(?:SELECT|select)\s[^';]{1,400}?\s(?:FROM|from)\s|(?:INSERT|insert)\s{1,9}(?:INTO|into)\s|(?:REPLACE|replace)\s{1,9}(?:INTO|into)\s|(?:UPDATE|update)\s{1,9}[^\s']{1,60}\s{1,9}(?:SET|set)\s|(?:DELETE|delete)\s{1,9}(?:FROM|from)\s|\bWHERE\s)`;
/** The places of a query at which a value is expected. */
const VALUE_PLACE = String.raw`(?:[=<>]|\b(?:(?:LIKE|like)|(?:ILIKE|ilike)|(?:LIMIT|limit)|(?:OFFSET|offset)|(?:AND|and)|(?:BETWEEN|between)|(?:IN|in)\s?\(|(?:VALUES|values)\s?\(|match\s?\())\s{0,3}\(?["%]{0,3}`;
/** The beginning of an expression, but not of a constant, a number, an escaped value or the name of a table. */
const VALUE = String.raw`(?!['\s)]|[A-Z][A-Z0-9_]{2,}\b|\d|\w{0,30}(?:[pP]laceholders?|[mM]arks|[qQ]s|[cC]olumns?|[fF]ields|[tT]able|[cC]lauses?|[cC]onditions?|[wW]here|[iI]dent\w{0,12})\b|(?:Number|parseInt|int|float|Integer\.parseInt|intval|strconv\.\w{1,12}|escape\w{0,12}|quote\w{0,12}|mysql\.escape|db\.quote|conn\.quote|\w{0,20}\.map)\()[\w$(]`;
/** A literal up to the beginning of its query. */
const START = String.raw`'[^']{0,40}?${QUERY}`;

/** An expression inside the literal; the view ends the literal before it. */
const HOLE = new RegExp(String.raw`${START}[^']{0,400}?${VALUE_PLACE}'${VALUE}`, 'g');
/** The same after another expression. */
const LATER_HOLE = new RegExp(
  String.raw`${START}[^';]{0,400}?'[^';\n]{1,60}'[^';]{0,200}?${VALUE_PLACE}'${VALUE}`,
  'g',
);
/** A value that is added by `+` or `||`. */
const ADDED = new RegExp(String.raw`${START}[^']{0,400}?${VALUE_PLACE}'\s{0,9}(?:\+|\|\|)\s{0,9}${VALUE}`, 'g');
const ADDED_PHP = new RegExp(
  String.raw`${START}[^']{0,400}?${VALUE_PLACE}'\s{0,9}\.\s{0,9}\$(?!\w{0,20}(?:table|columns|where))\w`,
  'g',
);
/** A variable inside the literal: PHP, Kotlin, Scala, Swift. */
const NAMED = new RegExp(
  String.raw`${START}[^']{0,400}?${VALUE_PLACE}(?:\$\{?(?!\w{0,20}(?:[pP]laceholders|[cC]olumns|[tT]able))[a-z_]\w{0,60}|\{\$\w|\\?\((?=[a-z]\w{0,40}\)))`,
  'g',
);
/** An interpolated literal of C#. */
const INTERPOLATED = new RegExp(String.raw`\$@?${START}[^']{0,400}?${VALUE_PLACE}\{[a-zA-Z_]`, 'g');
/** A call that formats the literal. */
const FORMATTED = new RegExp(
  String.raw`\b(?:Sprintf|sprintf|format!?|Format)\s{0,3}\(\s{0,9}${START}[^']{0,400}?${VALUE_PLACE}(?:%[sdvq]|\{\w{0,30}\})[^']{0,300}'\s{0,9},`,
  'g',
);
/** A literal that an operator or a method formats, such as `%` and `.format()`. */
const FORMATTED_AFTER = new RegExp(
  String.raw`${START}[^']{0,400}?${VALUE_PLACE}(?:%(?:\(\w{1,30}\))?[sdr]|\{\w{0,30}\})[^']{0,300}'\s{0,9}(?:%\s{0,3}[\w(]|\.(?:format|formatted)\()`,
  'g',
);
const ALL_FORMS = [HOLE, LATER_HOLE, ADDED, ADDED_PHP, NAMED, INTERPOLATED, FORMATTED, FORMATTED_AFTER];
/** A tag, or a call that binds the values inside the literal. */
const BINDS =
  /(?:\b(?:sql|SQL|Prisma\.sql|pgsql|gql|\$queryRaw|\$executeRaw|literal)(?:<[^<>]{0,60}>)?|Interpolated\w{0,9}\(\s{0,9}\$?@?)$/;
const FORMS_BY_SYNTAX: Record<string, RegExp[]> = {
  script: [HOLE, LATER_HOLE, ADDED],
  python: [HOLE, LATER_HOLE, ADDED, FORMATTED_AFTER],
  ruby: [HOLE, LATER_HOLE, ADDED, FORMATTED_AFTER, FORMATTED],
  php: [ADDED_PHP, NAMED, FORMATTED],
  rust: [FORMATTED],
  braces: [ADDED, NAMED, INTERPOLATED, FORMATTED, FORMATTED_AFTER],
};

/** Takes rows, or a view in which only the quotes of literals are single quotes. */
export function buildsQuery(text: string): boolean {
  return ALL_FORMS.some((form) =>
    [...text.matchAll(form)].some(({ index }) => !BINDS.test(text.slice(Math.max(0, index - 80), index))),
  );
}

const BUILT_QUERY = {
  does: 'puts values into the text of a query',
  why: 'a value may end the query and begin another one; bind it',
} as const;

export const SQL_TEXT: readonly HarmRule[] = Object.entries(FORMS_BY_SYNTAX).flatMap(([syntax, forms]) =>
  forms.map((pattern) => ({
    ...{
      ...BUILT_QUERY,
      in: [syntax as never],
      hasPlainQuotes: true as const,
      pattern,
      after: 'bandit B608 and gosec G201',
    },
    holds: isUnbound,
  })),
);

function isUnbound(view: CodeView, { index }: Match): boolean {
  return !BINDS.test(view.text.slice(Math.max(0, index - 80), index));
}
