/**
 * Finds guards in text that a change removed. Such a guard is a condition with a branch that throws an error or returns a
 * status that refuses.
 *
 * It reads the text alone, because removed text is part of no syntax tree. A condition that still occurs in the file was only moved.
 */

/** Words and statuses of a refusal. */
const REFUSES =
  /\b(?:throw|raise|panic|abort|die|bail!?|reject|deny|denied|forbid|forbidden|unauthori[sz]ed|refus\w*)\b|\bErr\(|\bErrorf?\(|\berrors\.New\b|http\.Error\b|\b(?:status|sendStatus|code|statusCode|head|status_code)\b\W{1,4}\(?4(?:0[0-9]|1[0-9]|2[0-9])\b|(?:Error|Exception|Denied|Forbidden)\b/;
const MAX_CHARS = 2_000;

/** Returns the condition of an `if` that begins the text and refuses; undefined if there is none. */
export function refusedBy(removed: string): string | undefined {
  const text = removed.slice(0, MAX_CHARS);
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const [first = '', ...others] = lines;
  const afterKeyword = /^\s*(?:\}\s*)?(?:else\s+)?(?:if|unless|elif|guard)\b(.*)$/.exec(first)?.[1];
  // In Ruby and Perl the condition can follow: `raise X unless allowed`.
  const conditionAtEnd = /^\s*(?:raise|return|die|throw)\b.{0,200}\s(?:if|unless)\s(.{1,200})$/.exec(first)?.[1];
  if (conditionAtEnd !== undefined) return REFUSES.test(first) ? tidy(conditionAtEnd) : undefined;
  if (afterKeyword === undefined) return undefined;
  const { condition, tail } = splitCondition(afterKeyword);
  return condition !== '' && REFUSES.test([tail, ...others].join('\n')) ? condition : undefined;
}

/** Splits the condition from its branch in `(a && b(c)) throw x`, `a && b:` and `a && b {`. */
function splitCondition(text: string): { condition: string; tail: string } {
  const code = text.trim();
  if (code.startsWith('(')) {
    let depth = 0;
    for (let at = 0; at < code.length; at += 1) {
      if (code[at] === '(') depth += 1;
      if (code[at] === ')') depth -= 1;
      if (depth === 0) return { condition: tidy(code.slice(1, at)), tail: code.slice(at + 1) };
    }
  }
  const end = /\s*(?:\{|:\s*$|:\s|\bthen\b)/.exec(code);
  return end === null
    ? { condition: tidy(code), tail: '' }
    : { condition: tidy(code.slice(0, end.index)), tail: code.slice(end.index + end[0].length) };
}

/** Removes the end of the statement and repeated whitespace. */
function tidy(text: string): string {
  return text
    .replace(/[;{]\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim();
}

const WORDS = /[A-Za-z_$][\w$]*/g;
const KEYWORDS =
  /^(?:not|and|or|is|in|null|None|nil|undefined|true|false|True|False|typeof|instanceof|len|new|this|self)$/;

/** True if all names in the condition still occur in the text; of `user.role` only `user` counts. */
export function stillNamed(condition: string, text: string): boolean {
  const bare = condition.replace(/(['"`])[^'"`]{0,200}\1/g, ' ').replace(/\??\.\s?[A-Za-z_$][\w$]*/g, ' ');
  const names = (bare.match(WORDS) ?? []).filter((name) => !KEYWORDS.test(name));
  const wordsOfText = new Set(text.match(WORDS) ?? []);
  return names.length > 0 && names.every((name) => wordsOfText.has(name));
}

export function holdsCondition(text: string, condition: string): boolean {
  return text.replace(/\s+/g, ' ').includes(condition);
}
