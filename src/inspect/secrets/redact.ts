/**
 * Redacts secrets in text and in values: replaces each by `[redacted: <kind>]`, and returns the kinds and places. Pure.
 *
 * The result does not depend on the time, and redacting a redacted text changes nothing. Stand-ins and examples, as the scanner knows
 * them, stay.
 */
import { isObject } from '../../domain/json';
import { isSecretName } from './secret-names';
import { hitsIn, mayHoldSecret } from './hits';
import type { Hit } from './hits';
import { placeOf } from './places';
import type { Place } from './places';
import { scanSecrets } from './secrets';

export interface Redacted<T> {
  value: T;
  /** One for each text and kind. */
  found: Found[];
}
export interface Found {
  /** Path of the member, such as `metadata.db.password`; empty if the redacted value was a text. */
  field: string;
  kind: string;
}

/** The time at which tokens are judged: before each expiry time, so that an expired token is a secret, too. */
const ALWAYS_MS = 0;
/** The path for texts that are of no file: a value without quotes may be code, and a made-up password counts as a secret. */
const NO_FILE = '';
const SETTINGS = 'value.json';
const BEGIN = /-----BEGIN [A-Z0-9 ]{0,60}PRIVATE KEY(?: BLOCK)?-----|PuTTY-User-Key-File-\d:/;
const END = /-----END [A-Z0-9 ]{0,60}PRIVATE KEY(?: BLOCK)?-----|Private-MAC: ?\w*/;
const KEY_LINE = /^[\s>|*#"'+-]{0,20}[A-Za-z0-9+/=\\ ]{16,}["',\\]{0,4}\s*$/;
const LONGEST_KEY_LINES = 400;
/** A line with more hits is redacted as a whole. */
const MOST_HITS = 100;
/** A shorter text holds no secret. */
const LEAST_CHARS = 8;

export const redactionOf = (kind: string): string => `[redacted: ${kind}]`;

/** Caches for names and for texts without secrets: the same answers and members are redacted again and again. */
const seen = { names: new Map<string, boolean>(), clean: new Set<string>() };
const SEEN_LIMIT = 20_000;
const SEEN_CHARS = 300;

function isKnownSecretName(name: string): boolean {
  if (name.length > SEEN_CHARS) return false;
  const known = seen.names.get(name);
  if (known !== undefined) return known;
  if (seen.names.size >= SEEN_LIMIT) seen.names.clear();
  const is = isSecretName(name);
  seen.names.set(name, is);
  return is;
}

function rememberClean(text: string): void {
  if (text.length > SEEN_CHARS) return;
  if (seen.clean.size >= SEEN_LIMIT) seen.clean.clear();
  seen.clean.add(text);
}

/** `path`: the path of the file, if the text is that of a file. */
export function redactText(text: string, path = NO_FILE): { text: string; kinds: string[] } {
  if (text.length < LEAST_CHARS || (path === NO_FILE && seen.clean.has(text))) return { text, kinds: [] };
  if (!mayHoldSecret(text) && !placeOf(path).isPasswordList) {
    if (path === NO_FILE) rememberClean(text);
    return { text, kinds: [] };
  }
  const lines = text.split('\n');
  const findings = scanSecrets(
    lines.map((line, index) => ({ path, line: index + 1, text: line })),
    ALWAYS_MS,
  ).filter(({ of }) => of === undefined);
  if (findings.length === 0) {
    if (path === NO_FILE) rememberClean(text);
    return { text, kinds: [] };
  }
  const place = { ...placeOf(path), nowMs: ALWAYS_MS };
  const kinds = new Set<string>();
  const gone = new Set<number>();
  for (const { line, rule } of findings) {
    const index = line - 1;
    if (gone.has(index)) continue;
    if (rule === 'private key') {
      kinds.add(rule);
      takeOutKey(lines, index, gone);
    } else lines[index] = redactLine(lines[index] ?? '', { place, rule, kinds });
  }
  return { text: lines.filter((_, index) => !gone.has(index)).join('\n'), kinds: [...kinds] };
}

/** Redacts the whole line if it is not known which of its characters are the secret. */
function redactLine(line: string, { place, rule, kinds }: { place: Place; rule: string; kinds: Set<string> }): string {
  const hits: Hit[] = [];
  for (const hit of hitsIn(line, place)) {
    // Each hit takes a pass over the line.
    if (hits.push(hit) > MOST_HITS) {
      kinds.add(rule);
      return redactionOf(rule);
    }
  }
  hits.sort((a, b) => b.written.length - a.written.length);
  let left = line;
  for (const hit of hits) {
    // Another rule found the same secret.
    if (!left.includes(hit.written)) continue;
    kinds.add(hit.rule);
    left = left.replaceAll(hit.written, redactionOf(hit.rule));
  }
  if (hits.length > 0 && hitsIn(left, place).next().value === undefined) return left;
  kinds.add(rule);
  return redactionOf(rule);
}

/** Redacts a private key from its header to its end. Without an end, redacts the lines that look like a key. Adds the lines to `gone`. */
function takeOutKey(lines: string[], index: number, gone: Set<number>): void {
  const first = lines[index] ?? '';
  const begin = BEGIN.exec(first);
  const start = begin?.index ?? 0;
  const behind = start + (begin?.[0].length ?? 0);
  const own = END.exec(first.slice(behind));
  if (own !== null) {
    const rest = first.slice(behind + own.index + own[0].length);
    lines[index] = first.slice(0, start) + redactionOf('private key') + rest;
    return;
  }
  lines[index] = first.slice(0, start) + redactionOf('private key');
  const last = lines.slice(index + 1, index + 1 + LONGEST_KEY_LINES).findIndex((line) => END.test(line));
  for (let at = index + 1; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    if (last >= 0 && at === index + 1 + last) {
      const end = END.exec(line);
      lines[at] = line.slice((end?.index ?? 0) + (end?.[0].length ?? 0));
      if (lines[at]?.trim() === '') gone.add(at);
      return;
    }
    if (last < 0 && !KEY_LINE.test(line)) return;
    gone.add(at);
  }
}

/**
 * Redacts every text of a JSON value at any depth. Names of members show which values are secrets, also in pairs of `name` and
 * `value`. `isLeft`: true for members that stay unchanged. Returns the value itself if it has no secrets.
 */
export function redactValue<T>(value: T, isLeft: IsLeft = () => false): Redacted<T> {
  const found: Found[] = [];
  return { value: walk(value, [], { found, isLeft }) as T, found };
}

type IsLeft = (path: readonly string[]) => boolean;
interface Walk {
  found: Found[];
  isLeft: IsLeft;
}

function walk(value: unknown, path: string[], state: Walk): unknown {
  if (typeof value === 'string') return redactMember(value, path, state);
  if (typeof value !== 'object' || value === null || state.isLeft(path)) return value;
  if (Array.isArray(value)) {
    const members = value.map((one, index) => walk(one, [...path, String(index)], state));
    return members.every((one, index) => one === value[index]) ? value : members;
  }
  const named = nameIn(value);
  const given = Object.entries(value);
  const members = given.map(([written, one]): [string, unknown] => {
    const name = redactName(written, { path, state });
    const isNamed = named !== undefined && (name === 'value' || name === 'val') && typeof one === 'string';
    return [
      name,
      isNamed ? redactNamed(named, one, { path: [...path, name], state }) : walk(one, [...path, name], state),
    ];
  });
  const isSame = members.every(([name, one], index) => name === given[index]?.[0] && one === given[index]?.[1]);
  // Object.fromEntries, unlike an assignment, treats a member named `__proto__` like any other.
  return isSame ? value : Object.fromEntries(members);
}

/** Names of members can be secrets, too. */
function redactName(name: string, { path, state }: { path: string[]; state: Walk }): string {
  const { text, kinds } = redactText(name);
  state.found.push(...kinds.map((kind) => ({ field: [...path, text].join('.'), kind })));
  return text;
}

/** Returns the name of the secret in `{"name": "DB_PASSWORD", "value": "…"}`. */
function nameIn(value: object): string | undefined {
  if (!isObject(value)) return undefined;
  const { name, key, id } = value;
  return [name, key, id].find((one): one is string => typeof one === 'string' && isKnownSecretName(one));
}

function redactMember(text: string, path: string[], state: Walk): string {
  const name = path.findLast((one) => !/^\d+$/.test(one)) ?? '';
  return redactNamed(name, text, { path, state });
}

function redactNamed(name: string, text: string, { path, state }: { path: string[]; state: Walk }): string {
  if (state.isLeft(path)) return text;
  const field = path.join('.');
  if (isKnownSecretName(name) && !text.includes('\n')) {
    const [hit] = hitsIn(`"${name}": ${JSON.stringify(text)}`, { ...placeOf(SETTINGS), nowMs: ALWAYS_MS });
    if (hit !== undefined) {
      state.found.push({ field, kind: hit.rule });
      return redactionOf(hit.rule);
    }
  }
  const { text: redacted, kinds } = redactText(text);
  state.found.push(...kinds.map((kind) => ({ field, kind })));
  return redacted;
}

/** Redacts the values of a text that is JSON; otherwise the text. */
export function redactContent(content: string, isLeft?: IsLeft): { text: string; found: Found[] } {
  const value = parse(content);
  if (typeof value === 'object' && value !== null) {
    const redacted = redactValue(value, isLeft);
    return { text: redacted.value === value ? content : JSON.stringify(redacted.value), found: redacted.found };
  }
  const { text, kinds } = redactText(content);
  return { text, found: kinds.map((kind) => ({ field: '', kind })) };
}

function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
