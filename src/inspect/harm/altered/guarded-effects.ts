/**
 * What a function does above and behind one of its guards: calls that write, send or charge, by what they are called on. Pure.
 *
 * Each row is read once, and each name is looked for once in a function, however many guards stand there.
 */
import type { Row } from './hunk';

export const BRANCH = /^\s{0,80}(?:\}?\s{0,3}(?:else\s{0,3})?if|elif|elsif|unless|guard)\b/;
const EFFECT =
  /(?:^|[^\w$.])((?:[\w$]{1,40}(?:\(\))?(?:\?\.|\.|->|::)){0,4}\$?(?:push|append|insert|add|write|save|delete|remove|unlink|send|charge|capture|pay|transfer|refund|withdraw|deposit|debit|credit|publish|emit|execute|exec|query|update|create|commit|record|book|post|put|set|destroy|persist|store|enqueue|deliver|notify|mail|issue|approve|cancel|ship|reserve|print|flush|put_item|increment|decrement)(?:[A-Z_]\w{0,40})?!?)\s{0,3}\(|\b([\w$.>-]{1,60})\s{0,3}(?:[-+]=)|^\s{0,80}(@?[\w$.]{1,40})\s{0,3}<<\s/;
/** Of Python, JavaScript, Go: what is made inside is seen outside when it is given back. */
const LOCAL = (name: string): RegExp =>
  new RegExp(
    `\\b(?:const|let|var|val|auto|mut|my)\\s{1,3}(?:mut\\s)?${name}\\b|(?:^|[\\s(,])${name}\\s{0,3}(?::=|=)(?!=)|\\b[A-Z][\\w<>,]{0,60}\\s${name}\\s{0,3}=`,
    'm',
  );
const HEADER =
  /\b(?:def|function|func|fn|fun)\s{1,3}(?:\([^)]{0,60}\)\s{0,3})?[\w$]|[\w$]{2,60}\s{0,3}(?:=|:)\s{0,3}(?:async\s{0,3})?(?:function\b|\([^()]{0,160}\)[^=;]{0,80}=>)|^\s{0,12}(?:(?:public|private|protected|static|final|async|override|suspend|export)\s{1,3}){1,4}[\w<>[\], ?:]{0,80}[\w$]{2,60}\s{0,3}\(|^\s{2,8}(?:async\s)?[\w$]{2,60}\([^()]{0,160}\)[^;{]{0,40}\{/;
const NO_HEADER = /^\s{0,80}\}?\s{0,3}(?:if|for|while|switch|catch|else|return|elif|unless|await|throw)\b/;
export const ROWS_LIMIT = 120;

/** The head of a function, and no other one of a block. */
export function isHeader(text: string): boolean {
  return HEADER.test(text) && !NO_HEADER.test(text);
}

export interface Guard {
  row: Row;
  /** Without blanks. */
  said: string;
  header: string;
  /** Index of the row of the header. */
  from: number;
}

export interface Effect {
  row: Row;
  name: string;
}

export interface Effects {
  /** Between the head of the function and the guard. */
  above(guard: Guard): Effect[];
  /** Behind the guard, up to the next head of a function. */
  behind(guard: Guard): Effect[];
}

interface Called {
  name: string;
  owner: string;
}

export function createEffects(rows: readonly string[]): Effects {
  const headers = rows.map(isHeader);
  const called = new Map<number, Called | undefined>();
  const calledAt = (at: number): Called | undefined => {
    if (!called.has(at)) called.set(at, calledIn(rows[at] ?? ''));
    return called.get(at);
  };
  const locals = createLocals(rows, headers);
  const between = (from: number, start: number, end: number): Effect[] => {
    const found: Effect[] = [];
    for (let at = start; at < Math.min(end, rows.length); at += 1) {
      const one = calledAt(at);
      if (one === undefined || locals.madeAt(from, one.owner) < end) continue;
      found.push({ row: { line: at + 1, text: rows[at] ?? '' }, name: one.name });
    }
    return found;
  };
  return {
    above: ({ from, row }) => between(from, from + 1, row.line - 1),
    behind({ from, row }) {
      let end = row.line + 1;
      while (end < row.line + ROWS_LIMIT && headers[end] === false) end += 1;
      const isOpen = end >= Math.min(row.line + ROWS_LIMIT, rows.length);
      return between(from, row.line, isOpen ? row.line + ROWS_LIMIT : end);
    },
  };
}

function calledIn(text: string): Called | undefined {
  const [, call, added, pushed] = EFFECT.exec(text) ?? [];
  const name = call ?? added ?? pushed;
  if (name === undefined || BRANCH.test(text) || /^\s{0,80}(?:console|logger|log|logging|debug)\b/.test(text))
    return undefined;
  const [owner = ''] = name.split(/[^\w$@]/);
  return { name, owner };
}

interface Locals {
  /** Index of the row, below that of the head of a function, that makes the name; past all rows where none does. */
  madeAt(from: number, owner: string): number;
}

function createLocals(rows: readonly string[], headers: readonly boolean[]): Locals {
  const patterns = new Map<string, RegExp>();
  const made = new Map<string, number>();
  let last = { from: -1, body: '' };
  // What stands behind a guard ends at the second head below at the latest.
  const bodyOf = (from: number): string => {
    let end = from + 1;
    for (let heads = 0; end < Math.min(rows.length, from + 2 * ROWS_LIMIT + 1); end += 1)
      if (headers[end] === true && (heads += 1) === 2) break;
    return rows.slice(from + 1, end).join('\n');
  };
  const search = (from: number, owner: string): number => {
    if (last.from !== from) last = { from, body: bodyOf(from) };
    const { body } = last;
    const pattern = patterns.get(owner) ?? LOCAL(owner.replaceAll('$', '\\$'));
    patterns.set(owner, pattern);
    const found = pattern.exec(body);
    if (found === null) return Number.POSITIVE_INFINITY;
    return from + body.slice(0, found.index + found[0].length).split('\n').length;
  };
  return {
    madeAt(from, owner) {
      if (owner === 'this' || owner === 'self') return Number.POSITIVE_INFINITY;
      const key = `${from} ${owner}`;
      const known = made.get(key) ?? search(from, owner);
      made.set(key, known);
      return known;
    },
  };
}
