/**
 * The hash chain of a record: seals entries one after the other, and checks the chain.
 */
import { canonicalJson } from '../canonical';
import { isObject } from '../json';
import { FIRST_PREV, ENTRY_KINDS } from './format';
import type { Draft, Entry, Flaw, Hashing, Head } from './format';

const MEMBERS = ['index', 'kind', 'at', 'body', 'prev', 'hash'];
const HASH = /^[0-9a-f]{64}$/;

export function seal(drafts: readonly Draft[], { sha256 }: Pick<Hashing, 'sha256'>): { entries: Entry[]; head: Head } {
  const entries: Entry[] = [];
  let prev = FIRST_PREV;
  for (const { kind, at, body } of drafts) {
    const unhashed = { index: entries.length, kind, at, body, prev };
    prev = sha256(canonicalJson(unhashed));
    entries.push({ ...unhashed, hash: prev });
  }
  return { entries, head: { count: entries.length, last_hash: prev } };
}

/** Checks the chain. A changed entry is reported once, not again for each entry after it. */
export function checkChain(
  values: readonly unknown[],
  head: unknown,
  hashing: Pick<Hashing, 'sha256'>,
): { entries: Entry[]; flaws: Flaw[] } {
  const entries: Entry[] = [];
  const flaws: Flaw[] = [];
  for (const [position, value] of values.entries()) {
    const shape = shapeFlaws(value, position);
    flaws.push(...shape);
    if (!isEntry(value)) continue;
    if (shape.length === 0) flaws.push(...linkFlaws(value, { place: position, before: entries.at(-1) }, hashing));
    entries.push(value);
  }
  return { entries, flaws: [...flaws, ...headFlaws(values.length, head, entries.at(-1))] };
}

function isEntry(value: unknown): value is Entry {
  if (!isObject(value) || !isObject(value.body)) return false;
  const { index, kind, at, prev, hash } = value;
  const isKnown = (ENTRY_KINDS as readonly unknown[]).includes(kind);
  const hasDate = typeof at === 'string' && !Number.isNaN(Date.parse(at));
  return isKnown && hasDate && Number.isInteger(index) && isHash(prev) && isHash(hash);
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && HASH.test(value);
}

function shapeFlaws(value: unknown, position: number): Flaw[] {
  const where = `entry ${position}`;
  if (!isEntry(value)) return [{ where, field: null, message: 'is no entry {index, kind, at, body, prev, hash}' }];
  // The hash covers only the known members.
  const unknownMembers = Object.keys(value).filter((name) => !MEMBERS.includes(name));
  return unknownMembers.map((field) => ({
    where: `${where} (${value.kind})`,
    field,
    message: 'is not a member of an entry',
  }));
}

function linkFlaws(
  entry: Entry,
  { place, before }: { place: number; before: Entry | undefined },
  { sha256 }: Pick<Hashing, 'sha256'>,
): Flaw[] {
  const { index, kind, at, body, prev, hash } = entry;
  const where = `entry ${place} (${kind})`;
  const flaws: Flaw[] = [];
  const expected = before === undefined ? 0 : before.index + 1;
  if (index !== expected) {
    const message = `is ${index} where ${expected} follows: entries were taken out, put in or moved here`;
    flaws.push({ where, field: 'index', message });
  }
  if (prev !== (before?.hash ?? FIRST_PREV)) {
    const message = before === undefined ? 'is not the beginning of a chain' : 'is not the hash of the entry before it';
    flaws.push({ where, field: 'prev', message });
  }
  if (hash !== sha256(canonicalJson({ index, kind, at, body, prev }))) {
    flaws.push({
      where,
      field: 'hash',
      message: 'is not that of this entry: the entry was changed after it was sealed',
    });
  }
  return flaws;
}

function headFlaws(count: number, head: unknown, last: Entry | undefined): Flaw[] {
  if (!isObject(head)) return [{ where: 'head', field: null, message: 'must be {count, last_hash}' }];
  const flaws: Flaw[] = [];
  if (head.count !== count) {
    flaws.push({ where: 'head', field: 'count', message: `is ${String(head.count)}, but there are ${count} entries` });
  }
  if (head.last_hash !== last?.hash) {
    flaws.push({ where: 'head', field: 'last_hash', message: 'is not the hash of the last entry' });
  }
  return flaws;
}
