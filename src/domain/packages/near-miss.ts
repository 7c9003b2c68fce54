/**
 * Finds package names that resemble a far better-known one: a typing error, a letter of another alphabet, a missing or added scope.
 *
 * Old packages with many versions are accepted: squatters do not exist that long, while legitimate similar names do (`preact` and
 * `react`). Look-alike letters are never accepted.
 */
import { groupBy } from '../group-by';
import type { Ecosystem, PackageRecord } from './facts';
import { editDistance } from './edit-distance';
import { POPULAR_NPM, POPULAR_PYPI } from './popular';

/** Shorter names resemble too many others. */
const SHORTEST_NAME_CHARS = 4;
const TWO_ERRORS_FROM_CHARS = 10;
const ESTABLISHED_VERSIONS = 10;
const ESTABLISHED_DAYS = 365;

/** Returns the popular name that was probably meant; null if the name is fine. */
export function nearMissOf(ecosystem: Ecosystem, name: string, record: PackageRecord | null): string | null {
  const popular = popularOf(ecosystem);
  const normalized = ecosystem === 'pypi' ? name.toLowerCase().replace(/[-_.]+/g, '-') : name;
  if (popular.names.has(normalized)) return null;
  // The names are equal only after look-alike letters are unified, apart from separators.
  const imitatedName = popular.bySkeleton
    .get(skeleton(normalized))
    ?.find((other) => withoutSeparators(normalized) !== withoutSeparators(other));
  if (imitatedName !== undefined) return imitatedName;
  if (record !== null && isEstablished(record)) return null;
  const sameWithoutSeparators = popular.byNameWithoutSeparators.get(withoutSeparators(normalized))?.[0];
  if (sameWithoutSeparators !== undefined) return sameWithoutSeparators;
  for (const other of popular.names) {
    if (isTypingError(normalized, other)) return other;
  }
  return null;
}

interface PopularNames {
  names: ReadonlySet<string>;
  bySkeleton: ReadonlyMap<string, string[]>;
  byNameWithoutSeparators: ReadonlyMap<string, string[]>;
}

function indexNames(names: ReadonlySet<string>): PopularNames {
  return { names, bySkeleton: groupBy(names, skeleton), byNameWithoutSeparators: groupBy(names, withoutSeparators) };
}

/** Characters that look like a Latin letter (digits, Greek, Cyrillic, pairs of letters), and that letter. */
const LOOKALIKES: Array<[RegExp, string]> = [
  [/[0οо]/g, 'o'],
  [/[1ιіӏ|]/g, 'l'],
  [/[3е]/g, 'e'],
  [/[5ѕ]/g, 's'],
  [/а/g, 'a'],
  [/с/g, 'c'],
  [/р/g, 'p'],
  [/х/g, 'x'],
  [/у/g, 'y'],
  [/vv/g, 'w'],
  [/rn/g, 'm'],
];

const indexed = new Map<Ecosystem, PopularNames>();

/** The indexes are made at the first question: they take 40 ms, which a program that asks none should not pay. */
function popularOf(ecosystem: Ecosystem): PopularNames {
  const known = indexed.get(ecosystem) ?? indexNames(ecosystem === 'npm' ? POPULAR_NPM : POPULAR_PYPI);
  indexed.set(ecosystem, known);
  return known;
}

function skeleton(name: string): string {
  return LOOKALIKES.reduce(
    (text, [letters, one]) => text.replace(letters, one),
    withoutSeparators(name.normalize('NFKC')),
  );
}

/** Removes separators, including those of a scope. */
function withoutSeparators(name: string): string {
  return name.toLowerCase().replace(/[@/._-]/g, '');
}

function isTypingError(name: string, other: string): boolean {
  if (name.length < SHORTEST_NAME_CHARS || other.length < SHORTEST_NAME_CHARS) return false;
  const [scope, own] = splitScope(name);
  const [otherScope, otherOwn] = splitScope(other);
  // The owner of a scope chooses all names in it, so `@types/nodes` cannot be a squatter.
  if (scope !== '' && scope === otherScope) return false;
  if (scope !== '' && otherScope !== '') return own === otherOwn && editDistance(scope, otherScope, 2) <= 2;
  const allowedErrors = Math.min(name.length, other.length) >= TWO_ERRORS_FROM_CHARS ? 2 : 1;
  return scope === otherScope && editDistance(name, other, allowedErrors) <= allowedErrors;
}

function splitScope(name: string): [string, string] {
  const slash = name.startsWith('@') ? name.indexOf('/') : -1;
  return slash === -1 ? ['', name] : [name.slice(0, slash), name.slice(slash + 1)];
}

function isEstablished({ firstPublishedAt, versions }: PackageRecord): boolean {
  const dates = Object.values(versions).flatMap(({ publishedAt }) =>
    publishedAt === null ? [] : [Date.parse(publishedAt)],
  );
  if (firstPublishedAt === null || dates.length < ESTABLISHED_VERSIONS) return false;
  return Math.max(...dates) - Date.parse(firstPublishedAt) >= ESTABLISHED_DAYS * 86_400_000;
}
