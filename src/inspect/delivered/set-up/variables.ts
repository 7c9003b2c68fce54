/**
 * Reads environment variables that a set-up file sets for the product, and decides which of them are harmless. Pure.
 */
import { isForTests, isSource } from '../tree';
import type { DeliveredTree } from '../tree';
import type { Row } from './rows';

interface Variable {
  name: string;
  /** Undefined for a reference to another place: a secret, the machine. */
  value: string | undefined;
}

/** `ENV A=b`, `A: b`, `- A=b`, `Environment=A=b`. */
const ASSIGNMENT = /^(?:ENV |- |Environment=|export )?([A-Z][A-Z0-9_]{1,80})(?:\s?[=:]\s?|\s)(.{0,400})$/;
const REFERENCE = /^\$\{?\w[^}]{0,100}\}?$|^\{\{.{1,200}\}\}$|^(?:file|secret|env|ssm|vault):/;

/** Returns the variable that a row of an image, compose file, cluster manifest or unit sets. */
export function variableIn(row: Row, rows: readonly Row[]): Variable | undefined {
  const at = indexOf(rows, row);
  const above = rows.slice(Math.max(0, at - 6), at).reverse();
  const [, listedName] = /^- name: ([A-Z][A-Z0-9_]{1,80})$/.exec(row.text) ?? [];
  if (listedName !== undefined) return { name: listedName, value: undefined };
  const nameAbove = above
    .map(({ text }) => /^- name: ([A-Z][A-Z0-9_]{1,80})$/.exec(text)?.[1])
    .find((one) => one !== undefined);
  if (nameAbove !== undefined) {
    const [, value] = /^value: (.*)$/.exec(row.text) ?? [];
    if (value !== undefined) return { name: nameAbove, value: withoutReference(value) };
    const isReference = above.some(({ text }) =>
      /^(?:secretKeyRef|configMapKeyRef|fieldRef|resourceFieldRef):$/.test(text),
    );
    if (isReference && /^(?:name|key|optional|fieldPath): /.test(row.text))
      return { name: nameAbove, value: undefined };
  }
  if (/^- ([A-Z][A-Z0-9_]{1,80})$/.test(row.text)) return { name: row.text.slice(2), value: undefined };
  const [, name, value] = ASSIGNMENT.exec(row.text) ?? [];
  if (
    name === undefined ||
    value === undefined ||
    /^(?:FROM|RUN|COPY|ADD|CMD|ENTRYPOINT|ARG|USER|WORKDIR|VOLUME|SHELL|HEALTHCHECK|ONBUILD|STOPSIGNAL|ENV)$/.test(name)
  )
    return undefined;
  return { name, value: withoutReference(value) };
}

/** Returns the row's index by binary search; rows are sorted by line. */
function indexOf(rows: readonly Row[], { line }: Row): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.line ?? line) < line) low = middle + 1;
    else high = middle;
  }
  return low;
}

function withoutReference(value: string): string | undefined {
  return REFERENCE.test(value.trim()) || value.trim() === '' ? undefined : value.trim();
}

/** Variables that name a place: no result of the product depends on them. */
const PLACE_NAME = /(?:^|_)(?:PORT|HOST|HOSTNAME|ADDR|ADDRESS|LISTEN|BIND|TZ|LANG|LC_ALL|LOG_LEVEL|DIR|FOLDER|HOME)$/;

/**
 * True if added code reads the variable, and its value is a place, a reference, or the value that the code itself has next to
 * the name.
 */
export function isHarmlessVariable({ name, value }: Variable, { added }: DeliveredTree): boolean {
  const known = READS.get(added) ?? readsIn(added);
  READS.set(added, known);
  const reads = known.rows.get(name);
  if (reads === undefined) return false;
  if (value === undefined || PLACE_NAME.test(name)) return true;
  const key = `${name}=${value}`;
  const isHarmless = known.results.get(key) ?? reads.some((text) => hasWord(text.replaceAll(name, ''), value));
  known.results.set(key, isHarmless);
  return isHarmless;
}

interface Reads {
  /** Rows of code that the change adds, by each word in them that may be the name of a variable. */
  rows: Map<string, string[]>;
  /** Results by `name=value`. */
  results: Map<string, boolean>;
}

const READS = new WeakMap<DeliveredTree['added'], Reads>();

function readsIn(added: DeliveredTree['added']): Reads {
  const rows = new Map<string, string[]>();
  for (const { path, text } of added) {
    if (!isSource(path) || isForTests(path)) continue;
    for (const name of new Set(text.match(/\b[A-Z][A-Z0-9_]{1,80}\b/g))) {
      const own = rows.get(name);
      if (own === undefined) rows.set(name, [text]);
      else own.push(text);
    }
  }
  return { rows, results: new Map() };
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + word.length] ?? ' ')) return true;
  return false;
}
