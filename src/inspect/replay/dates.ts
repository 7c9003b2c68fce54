/**
 * Finds future dates in a source file: date strings, numbers of milliseconds or seconds, arguments of constructors, years. Pure.
 */
const DAY_MS = 86_400_000;
const YEAR_MS = 365.25 * DAY_MS;
const NUMBER = /(?<![\w.])(?:0[xX][\da-fA-F_]+|\d[\d_]*(?:\.\d+)?(?:[eE]\+?\d+)?)n?/g;
const QUOTED_TEXT = /(["'`])([^"'`\n]{8,40})\1/g;
const DATE_ARGUMENTS = /(?:\bDate|\bdate|\bdatetime|\bUTC)\s*\(\s*(\d{4})\s*,\s*(\d{1,2})(?:\s*,\s*(\d{1,2}))?/g;
const COMMENT = /^\s*(?:\/\/|\/?\*|#)/;

/** Returns at most 20 dates in milliseconds since 1970, in ascending order. */
export function futureDates(source: string, nowMs: number): number[] {
  const lines = source.split('\n').filter((line) => line.length < 2000 && !COMMENT.test(line));
  const hasYears = /year/i.test(source);
  const found = lines.flatMap((line) => [
    ...[...line.matchAll(QUOTED_TEXT)].map(([, , text = '']) => (/\d{4}/.test(text) ? Date.parse(text) : Number.NaN)),
    ...[...line.matchAll(DATE_ARGUMENTS)].map(([, year, month, day]) =>
      Date.UTC(Number(year), Number(month), Number(day ?? 1)),
    ),
    ...[...line.matchAll(NUMBER)].flatMap(([text]) => datesOfNumber(text, hasYears)),
  ]);
  const limit = nowMs + 50 * YEAR_MS;
  return [...new Set(found.filter((at) => at > nowMs && at < limit))].sort((one, other) => one - other).slice(0, 20);
}

function datesOfNumber(text: string, hasYears: boolean): number[] {
  const value = Number(text.replaceAll('_', '').replace(/n$/, ''));
  const isYear = hasYears && /^20\d\d$/.test(text);
  return [value, value * 1000, ...(isYear ? [Date.UTC(value + 1, 0, 1)] : [])];
}
