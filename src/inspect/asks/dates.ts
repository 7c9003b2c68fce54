/**
 * Makes patterns for comparisons of the current time with a date that stands in the source: such code changes its behaviour on that
 * date. Dates as data, ages, configured deadlines and printed years are not matched. Pure.
 */

/** Expressions for the current time, with the methods called on them. */
const NOW =
  '(?:\\bDate\\.now\\(\\)|\\bnew\\s{1,3}Date\\(\\)|\\bTemporal\\.Now\\.\\w{1,30}\\(\\)|\\bdatetime\\.(?:datetime\\.)?(?:utc)?now\\([\\w.]{0,30}\\)|\\bdatetime\\.(?:datetime\\.)?today\\(\\)|\\b(?:datetime\\.)?date\\.today\\(\\)|\\btime\\.time\\(\\)|\\btime\\.Now\\(\\)|\\b(?:Utc|Local|SystemTime|OffsetDateTime)::now(?:_utc)?\\(\\)|\\b(?:Instant|LocalDate|LocalDateTime|ZonedDateTime|OffsetDateTime|Clock\\.System)\\.now\\(\\)|\\bSystem\\.currentTimeMillis\\(\\)|\\b(?:Time\\.now|Date\\.today|Time\\.current|DateTime\\.now)\\b(?:\\(\\))?|\\bDateTime\\.(?:Utc)?(?:Now|Today)\\b|(?<![\\w$>.])time\\(\\)|\\bnew\\s{1,3}DateTime(?:Immutable)?\\(\\)|\\bnow\\(\\)|\\bDateTime\\.utc_now\\(\\)|\\bdayjs\\(\\)|\\bmoment\\(\\))';
const CALLS = "(?:\\s{0,9}\\??\\.\\w{1,30}(?:\\('?[\\w%-]{0,12}'?\\))?){0,4}";
const YEAR = '(?:20[2-9]\\d|2[1-9]\\d\\d|[3-9]\\d{3})';
/** Seconds or milliseconds since 1970, from 2020 on, as a number literal of any language. */
const EPOCH = '(?:1_?[5-9]|[2-9]_?\\d)(?:_?\\d){8}(?:(?:_?\\d){3})?(?![\\d_])|[1-9](?:\\.\\d{1,6})?e(?:9|1[0-3])\\b';
const DATE = `(?:(?:new\\s{1,3})?(?:[A-Za-z_][\\w.:]{0,40})?\\(?\\s{0,9}(?:'${YEAR}[-/.]?(?:\\d|')|${YEAR}\\b(?![.-]?\\d)|${EPOCH}))`;
const OPERATOR = '\\s{0,9}(?:[<>]=?|[!=]==?)\\s{0,9}';
const COMPARING_CALL =
  '\\s{0,9}\\.\\s{0,9}(?:isAfter|isBefore|isEqual|After|Before|Equal|Compare|compareTo|compare|gt|ge|lt|le|equals|diff)\\(\\s{0,9}';
const END_OF_DATE = `(?:'(?:${YEAR})-[^'\\n]{0,40}'|\\(\\s{0,9}${YEAR}\\b[^()\\n]{0,60}|\\b${YEAR}|${EPOCH})[\\s)]{0,9}(?:\\.\\w{1,20}\\(\\)){0,2}[L n]{0,2}`;

export const DATE_COMPARISONS: readonly RegExp[] = [
  new RegExp(`${NOW}${CALLS}(?:${OPERATOR}|${COMPARING_CALL})${DATE}`, 'g'),
  new RegExp(`${END_OF_DATE}(?:${OPERATOR}|${COMPARING_CALL})${NOW}`, 'g'),
];

/** The beginning of an assignment to a variable. Comparisons of variables that hold the current time or a date count, too. */
const ASSIGNMENT =
  '(?:^|[^\\w.$])(?:const\\s{1,9}|let\\s{1,9}|var\\s{1,9}|val\\s{1,9}|final\\s{1,9})?\\$?([A-Za-z_]\\w{0,40})\\s{0,9}(?::[\\w ]{1,30})?\\s{0,9}:?=\\s{0,9}';
const HOLDS_NOW = new RegExp(`${ASSIGNMENT}\\+?${NOW}`, 'gm');
const HOLDS_DATE = new RegExp(`${ASSIGNMENT}(?=${DATE})(?:new\\s{1,3})?[\\w.:]{0,40}[(']`, 'gm');
const HOLDS_EPOCH = new RegExp(`${ASSIGNMENT}(?:${EPOCH})`, 'gm');

/** Returns patterns for comparisons of such variables of this file; none if it has no such variables. */
export function comparisonsOfNames(text: string): RegExp[] {
  const nows = namesIn(text, [HOLDS_NOW]);
  const dates = namesIn(text, [HOLDS_DATE, HOLDS_EPOCH]);
  const now = anyOf(nows, NOW);
  const patterns: RegExp[] = [];
  if (nows.length > 0)
    patterns.push(
      new RegExp(`${anyOf(nows)}${CALLS}(?:${OPERATOR}|${COMPARING_CALL})${DATE}`, 'g'),
      new RegExp(`${END_OF_DATE}(?:${OPERATOR}|${COMPARING_CALL})${anyOf(nows)}`, 'g'),
    );
  if (dates.length > 0)
    patterns.push(
      new RegExp(`${now}${CALLS}(?:${OPERATOR}|${COMPARING_CALL})${anyOf(dates)}`, 'g'),
      new RegExp(`${anyOf(dates)}${CALLS}(?:${OPERATOR}|${COMPARING_CALL})${now}`, 'g'),
    );
  return patterns;
}

const MAX_NAMES = 20;

function namesIn(text: string, patterns: RegExp[]): string[] {
  const names = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, name = '']) => name));
  return [...new Set(names)].filter((name) => name !== '').slice(0, MAX_NAMES);
}

function anyOf(names: string[], other?: string): string {
  const named = names.length === 0 ? [] : [`(?<![\\w.])\\$?(?:${names.join('|')})\\b`];
  return `(?:${[...named, ...(other === undefined ? [] : [other])].join('|')})`;
}
