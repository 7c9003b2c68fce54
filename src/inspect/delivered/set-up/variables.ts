/**
 * Variables that a file sets for the product where it runs. Pure.
 */
import { isForTests, isSource } from '../tree';
import type { DeliveredTree } from '../tree';
import type { Row } from './rows';

interface Variable {
  name: string;
  /** Undefined where it is taken from elsewhere: a secret, the machine. */
  value: string | undefined;
}

/** `ENV A=b`, `A: b`, `- A=b`, `Environment=A=b`. */
const SET = /^(?:ENV |- |Environment=|export )?([A-Z][A-Z0-9_]{1,80})(?:\s?[=:]\s?|\s)(.{0,400})$/;
const REFERENCE = /^\$\{?\w[^}]{0,100}\}?$|^\{\{.{1,200}\}\}$|^(?:file|secret|env|ssm|vault):/;

/** Of one row, as images, compose files, clusters and units write it. */
export function variableIn(row: Row, rows: readonly Row[]): Variable | undefined {
  const at = placeIn(rows, row);
  const above = rows.slice(Math.max(0, at - 6), at).reverse();
  const [, named] = /^- name: ([A-Z][A-Z0-9_]{1,80})$/.exec(row.text) ?? [];
  if (named !== undefined) return { name: named, value: undefined };
  const nearest = above
    .map(({ text }) => /^- name: ([A-Z][A-Z0-9_]{1,80})$/.exec(text)?.[1])
    .find((one) => one !== undefined);
  if (nearest !== undefined) {
    const [, value] = /^value: (.*)$/.exec(row.text) ?? [];
    if (value !== undefined) return { name: nearest, value: withoutReference(value) };
    const isTaken = above.some(({ text }) =>
      /^(?:secretKeyRef|configMapKeyRef|fieldRef|resourceFieldRef):$/.test(text),
    );
    if (isTaken && /^(?:name|key|optional|fieldPath): /.test(row.text)) return { name: nearest, value: undefined };
  }
  if (/^- ([A-Z][A-Z0-9_]{1,80})$/.test(row.text)) return { name: row.text.slice(2), value: undefined };
  const [, name, value] = SET.exec(row.text) ?? [];
  if (
    name === undefined ||
    value === undefined ||
    /^(?:FROM|RUN|COPY|ADD|CMD|ENTRYPOINT|ARG|USER|WORKDIR|VOLUME|SHELL|HEALTHCHECK|ONBUILD|STOPSIGNAL|ENV)$/.test(name)
  )
    return undefined;
  return { name, value: withoutReference(value) };
}

/** By halving: rows are in the order of their lines. */
function placeIn(rows: readonly Row[], { line }: Row): number {
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

/** Where something is: no answer of the product hangs on it. */
const PLACE = /(?:^|_)(?:PORT|HOST|HOSTNAME|ADDR|ADDRESS|LISTEN|BIND|TZ|LANG|LC_ALL|LOG_LEVEL|DIR|FOLDER|HOME)$/;

/**
 * The changed code reads it, and it says no other thing than the code takes for granted: a place, a reference, the same value as
 * stands beside its name.
 */
export function isFineVariable({ name, value }: Variable, { added }: DeliveredTree): boolean {
  const known = READS.get(added) ?? readsIn(added);
  READS.set(added, known);
  const reads = known.rows.get(name);
  if (reads === undefined) return false;
  if (value === undefined || PLACE.test(name)) return true;
  const key = `${name}=${value}`;
  const isFine = known.told.get(key) ?? reads.some((text) => hasWord(text.replaceAll(name, ''), value));
  known.told.set(key, isFine);
  return isFine;
}

interface Reads {
  /** Rows of code that the change adds, by each word in them that may be the name of a variable. */
  rows: Map<string, string[]>;
  told: Map<string, boolean>;
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
  return { rows, told: new Map() };
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1))
    if (!/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + word.length] ?? ' ')) return true;
  return false;
}
