/**
 * Finds the calls with effects above and below a guard of a function: calls that write, send or charge. Pure.
 *
 * Each row is read once, and each name is searched once in a function, so that many guards cost no more time.
 */
import type { Row } from './hunk';

/** The start of a branch with a condition. */
export const BRANCH = /^\s{0,80}(?:\}?\s{0,3}(?:else\s{0,3})?if|elif|elsif|unless|guard)\b/;
/** A call with an effect, an assignment such as `+=`, or `<<` of Ruby; the groups are the name. */
const EFFECT =
  /(?:^|[^\w$.])((?:[\w$]{1,40}(?:\(\))?(?:\?\.|\.|->|::)){0,4}\$?(?:push|append|insert|add|write|save|delete|remove|unlink|send|charge|capture|pay|transfer|refund|withdraw|deposit|debit|credit|publish|emit|execute|exec|query|update|create|commit|record|book|post|put|set|destroy|persist|store|enqueue|deliver|notify|mail|issue|approve|cancel|ship|reserve|print|flush|put_item|increment|decrement)(?:[A-Z_]\w{0,40})?!?)\s{0,3}\(|\b([\w$.>-]{1,60})\s{0,3}(?:[-+]=)|^\s{0,80}(@?[\w$.]{1,40})\s{0,3}<<\s/;
/**
 * Matches a declaration of the name in Python, JavaScript, Go and others. An effect on a local object is visible only
 * through its return.
 */
const localPattern = (name: string): RegExp =>
  new RegExp(
    `\\b(?:const|let|var|val|auto|mut|my)\\s{1,3}(?:mut\\s)?${name}\\b|(?:^|[\\s(,])${name}\\s{0,3}(?::=|=)(?!=)|\\b[A-Z][\\w<>,]{0,60}\\s${name}\\s{0,3}=`,
    'm',
  );
/** The header of a function. */
const HEADER =
  /\b(?:def|function|func|fn|fun)\s{1,3}(?:\([^)]{0,60}\)\s{0,3})?[\w$]|[\w$]{2,60}\s{0,3}(?:=|:)\s{0,3}(?:async\s{0,3})?(?:function\b|\([^()]{0,160}\)[^=;]{0,80}=>)|^\s{0,12}(?:(?:public|private|protected|static|final|async|override|suspend|export)\s{1,3}){1,4}[\w<>[\], ?:]{0,80}[\w$]{2,60}\s{0,3}\(|^\s{2,8}(?:async\s)?[\w$]{2,60}\([^()]{0,160}\)[^;{]{0,40}\{/;
const NO_HEADER = /^\s{0,80}\}?\s{0,3}(?:if|for|while|switch|catch|else|return|elif|unless|await|throw)\b/;
/** Limit of the rows that are read on each side of a guard. */
export const MAX_ROWS = 120;

/** True for the first row of a function, and not for other blocks. */
export function isHeader(text: string): boolean {
  return HEADER.test(text) && !NO_HEADER.test(text);
}

export interface Guard {
  row: Row;
  /** The condition without whitespace. */
  condition: string;
  header: string;
  /** Index of the header's row. */
  from: number;
}

export interface Effect {
  row: Row;
  name: string;
}

export interface Effects {
  /** Effects between the header and the guard. */
  above(guard: Guard): Effect[];
  /** Effects below the guard, up to the next header. */
  below(guard: Guard): Effect[];
}

interface Call {
  name: string;
  /** The first word of the name: the variable that the call acts on. */
  owner: string;
}

export function createEffects(rows: readonly string[]): Effects {
  const headers = rows.map(isHeader);
  const calls = new Map<number, Call | undefined>();
  const callAt = (at: number): Call | undefined => {
    if (!calls.has(at)) calls.set(at, callIn(rows[at] ?? ''));
    return calls.get(at);
  };
  const locals = createLocals(rows, headers);
  const between = (from: number, start: number, end: number): Effect[] => {
    const found: Effect[] = [];
    for (let at = start; at < Math.min(end, rows.length); at += 1) {
      const one = callAt(at);
      if (one === undefined || locals.declaredAt(from, one.owner) < end) continue;
      found.push({ row: { line: at + 1, text: rows[at] ?? '' }, name: one.name });
    }
    return found;
  };
  return {
    above: ({ from, row }) => between(from, from + 1, row.line - 1),
    below({ from, row }) {
      let end = row.line + 1;
      while (end < row.line + MAX_ROWS && headers[end] === false) end += 1;
      const hasNoEnd = end >= Math.min(row.line + MAX_ROWS, rows.length);
      return between(from, row.line, hasNoEnd ? row.line + MAX_ROWS : end);
    },
  };
}

function callIn(text: string): Call | undefined {
  const [, called, assigned, pushed] = EFFECT.exec(text) ?? [];
  const name = called ?? assigned ?? pushed;
  if (name === undefined || BRANCH.test(text) || /^\s{0,80}(?:console|logger|log|logging|debug)\b/.test(text))
    return undefined;
  const [owner = ''] = name.split(/[^\w$@]/);
  return { name, owner };
}

interface LocalNames {
  /** Index of the row below the header that declares the name; Infinity if no row does. */
  declaredAt(from: number, owner: string): number;
}

function createLocals(rows: readonly string[], headers: readonly boolean[]): LocalNames {
  const patterns = new Map<string, RegExp>();
  const declared = new Map<string, number>();
  let lastBody = { from: -1, body: '' };
  // The effects below a guard end at the second header at the latest.
  const bodyOf = (from: number): string => {
    let end = from + 1;
    for (let headerCount = 0; end < Math.min(rows.length, from + 2 * MAX_ROWS + 1); end += 1)
      if (headers[end] === true && (headerCount += 1) === 2) break;
    return rows.slice(from + 1, end).join('\n');
  };
  const search = (from: number, owner: string): number => {
    if (lastBody.from !== from) lastBody = { from, body: bodyOf(from) };
    const { body } = lastBody;
    const pattern = patterns.get(owner) ?? localPattern(owner.replaceAll('$', '\\$'));
    patterns.set(owner, pattern);
    const found = pattern.exec(body);
    if (found === null) return Number.POSITIVE_INFINITY;
    return from + body.slice(0, found.index + found[0].length).split('\n').length;
  };
  return {
    declaredAt(from, owner) {
      if (owner === 'this' || owner === 'self') return Number.POSITIVE_INFINITY;
      const key = `${from} ${owner}`;
      const known = declared.get(key) ?? search(from, owner);
      declared.set(key, known);
      return known;
    },
  };
}
