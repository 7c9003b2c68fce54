/**
 * Reads lock files of uv, poetry, pdm and pipenv. Reports packages that are not from PyPI, and packages without a digest.
 */
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import { objectOf } from '../manifests/json-text';
import { hostOf, isOfRegistry, leavesRepository, ownHosts } from './addresses';
import { originAt, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { tomlOf } from './settings';

export function pythonLockOrigins(text: string, file: OriginFile): Origin[] {
  const lock = tomlOf(text);
  if (lock === undefined) return text.trim() === '' ? [] : [{ line: 1, what: 'cannot be read as a lock file' }];
  const packages = (Array.isArray(lock['package']) ? lock['package'] : []).filter(isObject);
  const hosts = ownHosts(file.before ?? '');
  const isKnown = (address: string): boolean => isOfRegistry(address, 'pypi') || hosts.has(hostOf(address) ?? '');
  return packages.flatMap((entry) => {
    const [name, version] = [entry['name'], entry['version']].map((value) => (typeof value === 'string' ? value : ''));
    const needle = `name = "${name}"`;
    const say = (what: string): Origin[] => [originAt(needle, `${name} ${version} ${what}`)];
    const source = sourceOf(entry);
    if (source.kind === 'folder')
      return leavesRepository(file.path, source.place) ? say('is outside of the repository') : [];
    if (source.kind === 'other') return say(`is fetched from ${shorten(source.place)}`);
    if (source.place !== '' && !isKnown(source.place)) return say(`is fetched from ${shorten(source.place)}`);
    const files = filesOf(entry);
    const foreign = files.find(({ url }) => url !== null && !isKnown(url));
    if (foreign !== undefined) return say(`is fetched from ${shorten(foreign.url ?? '')}`);
    const hasNoDigest = files.some(({ hash }) => hash === null || !/^sha(256|384|512):/.test(hash));
    return hasNoDigest || (files.length === 0 && /^\[\[package\.|hash/m.test(file.before ?? ''))
      ? say('has no digest in the lock file')
      : [];
  });
}

type Source = { kind: 'registry' | 'folder' | 'other'; place: string };

/** Reads a package's source: uv and poetry have a table `source`, pdm has the keys next to the name. */
function sourceOf(one: JsonObject): Source {
  const table = isObject(one['source']) ? one['source'] : one;
  const text = (key: string): string | undefined => (typeof table[key] === 'string' ? table[key] : undefined);
  const folder = text('virtual') ?? text('editable') ?? text('directory') ?? (table === one ? undefined : text('path'));
  if (folder !== undefined) return { kind: 'folder', place: folder };
  const [type, url] = [text('type'), text('url')];
  if (type === 'directory') return { kind: 'folder', place: url ?? '' };
  if (type === 'legacy') return { kind: 'registry', place: url ?? '' };
  const other = text('git') ?? url ?? text('path');
  if (other !== undefined || type !== undefined) return { kind: 'other', place: other ?? type ?? '' };
  return { kind: 'registry', place: text('registry') ?? '' };
}

/** Reads a package's files: uv has `sdist` and `wheels`, the other tools `files`. */
function filesOf(one: JsonObject): Array<{ url: string | null; hash: string | null }> {
  const archives = [one['sdist'], one['wheels'], one['files']].flatMap((value) =>
    Array.isArray(value) ? value : [value],
  );
  const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);
  return archives.filter(isObject).map((file) => ({ url: text(file['url']), hash: text(file['hash']) }));
}

export function pipfileLockOrigins(text: string, file: OriginFile): Origin[] {
  const lock = objectOf(text);
  if (lock === undefined) return [{ line: 1, what: 'cannot be read as a lock file' }];
  const meta = isObject(lock['_meta']) ? lock['_meta'] : {};
  const sources = Array.isArray(meta['sources']) ? meta['sources'].filter(isObject) : [];
  const foreign = sources.filter(({ url }) => typeof url !== 'string' || !isOfRegistry(url, 'pypi'));
  const tables = Object.entries(lock).filter(([key]) => key !== '_meta');
  return [
    ...foreign.map(({ url }) => originAt(String(url), `takes packages from ${shorten(String(url))}`)),
    ...tables.flatMap(([, table]) =>
      Object.entries(isObject(table) ? table : {}).flatMap(([name, entry]) =>
        entryOrigins(text, file, { name, entry }),
      ),
    ),
  ];
}

function entryOrigins(text: string, { path }: OriginFile, { name, entry }: { name: string; entry: unknown }): Origin[] {
  const say = (what: string): Origin[] => [originAt(JSON.stringify(name), `${name} ${what}`)];
  if (!isObject(entry)) return say('cannot be read');
  const [git, file, folder] = [entry['git'], entry['file'], entry['path']];
  if (git !== undefined || file !== undefined) return say(`is fetched from ${shorten(JSON.stringify(git ?? file))}`);
  if (typeof folder === 'string') return leavesRepository(path, folder) ? say('is outside of the repository') : [];
  return Array.isArray(entry['hashes']) && entry['hashes'].length > 0 ? [] : say('has no digest in the lock file');
}
