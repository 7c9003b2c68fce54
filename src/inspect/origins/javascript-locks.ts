/**
 * Reads lock files of npm, yarn, pnpm and bun. Reports entries that are not from the registry, whose address
 * is that of another package, or that have no strong digest.
 */
import { isObject } from '../../domain/json';
import { objectOf, withoutLastCommas } from '../manifests/json-text';
import { hostOf, isOfRegistry, leavesRepository, ownHosts } from './addresses';
import { originAt, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { yamlLines } from './yaml-lines';

interface Entry {
  name: string;
  version: string;
  /** The address in the lock file; null if the package manager uses the registry. */
  address: string | null;
  integrity: string | null;
}

export function packageLockOrigins(text: string, file: OriginFile): Origin[] {
  const lock = objectOf(text);
  if (lock === undefined) return unreadableFile(text);
  const packages = isObject(lock['packages']) ? Object.entries(lock['packages']) : [];
  const nestedPackages = isObject(lock['packages']) ? [] : fromFirstVersion(lock['dependencies']);
  return [...packages, ...nestedPackages].flatMap(([place, entry]) => {
    if (!isObject(entry) || entry['inBundle'] === true || entry['bundled'] === true) return [];
    const nameOfFolder = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const [resolved, version, integrity] = [entry['resolved'], entry['version'], entry['integrity']].map(textOf);
    const name = textOf(entry['name']) ?? nameOfFolder;
    if (!place.includes('node_modules/') || entry['link'] === true)
      return folderOrigins(text, file, { place, resolved });
    const isVersion = /^\d/.test(version ?? '');
    const address = resolved ?? (isVersion ? null : (version ?? null));
    return entryOrigins(text, file, { name, version: version ?? '', address, integrity: integrity ?? null });
  });
}

/** Reads a workspace member, or a link to one. */
function folderOrigins(
  text: string,
  { path }: OriginFile,
  entry: { place: string; resolved: string | undefined },
): Origin[] {
  const folder = entry.place.includes('node_modules/') ? (entry.resolved ?? '') : entry.place;
  if (!leavesRepository(path, folder)) return [];
  return [originAt(JSON.stringify(entry.place), `${shorten(entry.place)} is a folder outside of the repository`)];
}

/** Reads the nested `dependencies` of the first version of the format, and returns them by place like `packages`. */
function fromFirstVersion(dependencies: unknown, above = ''): Array<[string, unknown]> {
  if (!isObject(dependencies)) return [];
  return Object.entries(dependencies).flatMap(([name, entry]): Array<[string, unknown]> => {
    const place = `${above}node_modules/${name}`;
    return [[place, entry], ...(isObject(entry) ? fromFirstVersion(entry['dependencies'], `${place}/`) : [])];
  });
}

function entryOrigins(text: string, file: OriginFile, entry: Entry): Origin[] {
  const { name, version, address, integrity } = entry;
  const say = (what: string): Origin[] => [originAt(name, `${name} ${version} ${what}`)];
  if (address !== null && !isKnownAddress(address, file)) return say(`is fetched from "${shorten(address)}"`);
  if (address !== null && !namesPackage(address, name))
    return say(`is fetched as another package: "${shorten(address)}"`);
  if (integrity === null) return hasDigestsBefore(file) ? say('has no integrity in the lock file') : [];
  return /\bsha(512|384|256)-/.test(integrity) ? [] : say(`has only the weak digest "${shorten(integrity)}"`);
}

/** False for a lock file of an old package manager, which had no digests before the change either. */
function hasDigestsBefore({ before }: OriginFile): boolean {
  return before === null || before.length < 200 || before.includes('integrity');
}

/** True for an address of the registry, or one like it on a host that the lock file of the base uses. */
function isKnownAddress(address: string, { before }: OriginFile): boolean {
  if (isOfRegistry(address, 'npm', 'jsr')) return true;
  const host = hostOf(address);
  return host !== undefined && /^https?:.*\/-\//.test(address) && ownHosts(before ?? '').has(host);
}

/** True if the address contains the package's name: `https://registry/@x/a/-/a-1.0.0.tgz`. Other addresses do not contain it: true, except on
 * npm's registry. */
function namesPackage(address: string, name: string): boolean {
  const end = address.indexOf('/-/');
  if (end < 0) return !isOfRegistry(address, 'npm');
  const packagePath = address.slice(0, end).replaceAll('%2f', '/').replaceAll('%2F', '/').replaceAll('%40', '@');
  return packagePath.endsWith(`/${name}`);
}

/** Reads both yarn formats: version 1, and those that begin with `__metadata`. */
export function yarnLockOrigins(text: string, file: OriginFile): Origin[] {
  const isModern = /^__metadata:/m.test(text);
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const name = /^"?((?:@[^/@\s"]+\/)?[^@"\s]+)@/.exec(block)?.[1];
    if (name === undefined || block.startsWith('#') || block.startsWith('__metadata')) return [];
    const field = (key: string): string | null => {
      const line = block.split('\n').find((one) => one.startsWith(`  ${key} `) || one.startsWith(`  ${key}: `));
      return line === undefined
        ? null
        : line
            .slice(key.length + 2)
            .replace(/^:? "?|"\s*$/g, '')
            .trim();
    };
    const version = field('version') ?? '';
    if (isModern) return resolutionOrigins(text, { name, version, resolution: field('resolution') ?? '' });
    const resolved = field('resolved');
    const address = resolved === null ? null : resolved.replace(/#.*$/, '');
    const realName = /@npm:((?:@[^/@\s"]+\/)?[^@"\s]+)@/.exec(block.split('\n')[0] ?? '')?.[1] ?? name;
    return entryOrigins(text, file, { name: realName, version, address, integrity: field('integrity') });
  });
}

/** Patches that are built into yarn. */
const BUILTIN_PATCH = /^(?:@[^/@\s]+\/)?[^@\s]+@patch:\S+#(~|optional!)builtin<compat\/[a-z]+>/;

function resolutionOrigins(
  text: string,
  { name, version, resolution }: { name: string; version: string; resolution: string },
) {
  const plainResolution =
    /^(?:@[^/@\s]+\/)?[^@\s]+@(npm:\d[\w.+-]*|workspace:\S+|virtual:[0-9a-f]+#(npm|workspace):\S+)$/;
  if (plainResolution.test(resolution) && !resolution.includes('__archiveUrl')) return [];
  if (BUILTIN_PATCH.test(resolution)) return [];
  return [originAt(resolution, `${name} ${version} is resolved to "${shorten(resolution)}"`)];
}

/** Reads the entries below `packages`, in every version of the format. */
export function pnpmLockOrigins(text: string, file: OriginFile): Origin[] {
  const packages = new Map<string, { line: number; resolution: string }>();
  for (const { line, keys, text: row } of yamlLines(text)) {
    const [section, id = ''] = keys;
    if (section !== 'packages' || id === '') continue;
    const isResolution = keys[2] === 'resolution';
    const known = packages.get(id) ?? { line, resolution: '' };
    packages.set(id, isResolution ? { line: known.line, resolution: `${known.resolution} ${row}` } : known);
  }
  return [...packages].flatMap(([id, { line, resolution }]) => {
    const field = (key: string): string | null =>
      new RegExp(`\\b${key}: ?["']?([^\\s,}"']+)`).exec(resolution)?.[1] ?? null;
    const directory = field('directory');
    const say = (what: string): Origin[] => [{ line, what: `${shorten(id)} ${what}` }];
    if (directory !== null) return leavesRepository(file.path, directory) ? say('is outside of the repository') : [];
    if (field('repo') !== null) return say(`is fetched from "${field('repo') ?? ''}"`);
    const tarball = field('tarball');
    if (tarball !== null && !isKnownAddress(tarball, file)) return say(`is fetched from "${shorten(tarball)}"`);
    if (/:\/\/|^(file|link|github|git)[:+]/.test(id) && tarball === null) return say('is no package of the registry');
    const integrity = field('integrity');
    if (integrity === null) return say('has no integrity in the lock file');
    return /^sha(512|384|256)-/.test(integrity) ? [] : say(`has only the weak digest "${shorten(integrity)}"`);
  });
}

/** Reads bun.lock, which is JSON with commas before closing brackets. */
export function bunLockOrigins(text: string, file: OriginFile): Origin[] {
  const lock = objectOf(withoutLastCommas(text));
  if (lock === undefined) return unreadableFile(text);
  const packages = isObject(lock['packages']) ? Object.entries(lock['packages']) : [];
  return packages.flatMap(([key, entry]) => {
    const [id, address, , integrity] = Array.isArray(entry) ? entry.map(textOf) : [];
    const say = (what: string): Origin[] => [originAt(JSON.stringify(key), `${shorten(id ?? key)} ${what}`)];
    const spec = /^(?:@[^/@\s]+\/)?[^@\s]+@(.*)$/s.exec(id ?? '')?.[1] ?? '';
    if (/^workspace:/.test(spec))
      return leavesRepository(file.path, spec.slice(10)) ? say('is outside of the repository') : [];
    if (!/^\d+\.\d+\.\d+/.test(spec)) return say('is no package of the registry');
    if (address !== undefined && address !== '' && !isKnownAddress(address, file))
      return say(`is fetched from "${shorten(address)}"`);
    return /^sha(512|384|256)-/.test(integrity ?? '') ? [] : say('has no integrity in the lock file');
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function unreadableFile(text: string): Origin[] {
  return text.trim() === '' ? [] : [{ line: 1, what: 'cannot be read as a lock file' }];
}
