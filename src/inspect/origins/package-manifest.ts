/**
 * Finds in package.json packages from outside the registry, replacements of packages, and scripts that run or fetch code.
 */
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import { POPULAR_NPM } from '../../domain/packages/popular';
import { readNpmSpec } from '../manifests/package-json';
import { objectOf } from '../manifests/json-text';
import { leavesRepository } from './addresses';
import { originAt, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { scriptOrigins } from './package-scripts';

const DEPENDENCY_KEYS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];
/** Keys that replace packages that other packages depend on. */
const REPLACEMENT_KEYS = ['overrides', 'resolutions', 'pnpm.overrides', 'bun.overrides'];
/** Keys that bypass the registry, whatever their value. */
const BYPASS_KEYS: ReadonlyArray<[string, string]> = [
  ['bundledDependencies', 'takes packages from its own archive'],
  ['bundleDependencies', 'takes packages from its own archive'],
  ['pnpm.patchedDependencies', 'patches packages'],
  ['patchedDependencies', 'patches packages'],
  ['pnpm.packageExtensions', 'gives packages other dependencies'],
  ['pnpm.onlyBuiltDependencies', 'lets packages run scripts'],
  ['pnpm.neverBuiltDependencies', 'lets packages run scripts'],
  ['pnpm.configDependencies', 'loads settings from packages'],
  ['trustedDependencies', 'lets packages run scripts'],
  ['publishConfig.directory', 'takes itself from another folder'],
];

export function manifestOrigins(text: string, file: OriginFile): Origin[] {
  const manifest = objectOf(text);
  if (manifest === undefined) return text.trim() === '' ? [] : [{ line: 1, what: 'cannot be read as package.json' }];
  const before = objectOf(file.before ?? '') ?? {};
  const specs = [...DEPENDENCY_KEYS, 'catalog', 'workspaces.catalog'].flatMap((kind) => specsOf(manifest, kind));
  const formerSpecs = new Map(DEPENDENCY_KEYS.flatMap((kind) => specsOf(before, kind)));
  const replacements = REPLACEMENT_KEYS.flatMap((key) => leavesOf(valueAt(manifest, key), key));
  return [
    ...specs.flatMap(([name, spec]) => specOrigins(text, file, { name, spec, former: formerSpecs.get(name) })),
    ...replacements.flatMap(([name, spec]) => replacementOrigins(text, file, { name, spec })),
    ...BYPASS_KEYS.flatMap(([key, what]) =>
      entriesOf(valueAt(manifest, key)).map((one) => bypassOrigin(text, `${what} (${key})`, one)),
    ),
    ...managerOrigins(text, manifest),
    ...scriptOrigins(text, file, { scripts: manifest['scripts'], before: before['scripts'] }),
  ];
}

interface DependencySpec {
  name: string;
  spec: string;
  /** The spec before the change. */
  former?: string | undefined;
}

/** Reports a dependency whose spec is not a version range of the registry. */
function specOrigins(text: string, { path }: OriginFile, { name, spec, former }: DependencySpec): Origin[] {
  const say = (what: string): Origin[] => [originAt(JSON.stringify(name), `${name} ${what}`)];
  const read = readNpmSpec(name, spec);
  if (/^jsr:/.test(spec)) return [];
  if (read.source === 'other') return say(`comes from "${shorten(spec)}", not from the registry`);
  const folder = read.path;
  if (folder !== null && leavesRepository(path, folder)) return say(`comes from outside of the repository: "${spec}"`);
  const wasFromRegistry = former !== undefined && readNpmSpec(name, former).source === 'registry';
  if (folder !== null && !/^\.?\/?$/.test(folder) && (wasFromRegistry || POPULAR_NPM.has(name)))
    return say(`is taken from the folder "${shorten(folder)}" in place of the registry`);
  if (folder !== null && UNMEASURED_FOLDER.test(folder))
    return say(`is taken from "${shorten(folder)}", not from the registry, and experiments do not cover code there`);
  return isStrangeAlias(name, read.name) ? say(`is another package: "${shorten(spec)}"`) : [];
}

/** Folders of code that counts as third-party, so experiments do not cover it. */
const UNMEASURED_FOLDER = /(?:^|\/)(?:vendor(?:ed)?|third[_-]party|node_modules|dist|build)(?:\/|$)/;

/** True if the alias hides its package, such as a known name for an unknown package. `react-17` for `npm:react@17` is fine. */
function isStrangeAlias(name: string, real: string): boolean {
  if (name === real || POPULAR_NPM.has(real)) return false;
  const nameInScope = real.slice(real.lastIndexOf('/') + 1);
  return !name.includes(nameInScope) || POPULAR_NPM.has(name);
}

/** Reports a replacement that is neither a version range nor `$name`, which means the project's own version. */
function replacementOrigins(text: string, file: OriginFile, { name, spec }: DependencySpec): Origin[] {
  const bare = nameOf(name);
  if (spec.startsWith('$') || spec === '-') return [];
  if (readNpmSpec(bare, spec).path !== null)
    return [originAt(JSON.stringify(name), `${bare} is replaced by "${shorten(spec)}"`)];
  return specOrigins(text, file, { name: bare, spec }).map((one) => ({ ...one, what: `replaced: ${one.what}` }));
}

/** Returns the replaced package's name from a selector such as `a>b@1`, `**` or a path of yarn. */
function nameOf(selector: string): string {
  const target = selector.split('>').at(-1) ?? selector;
  const bare = target.replace(/(?<=.)@[^/]*$/, '');
  const parts = bare.split('/');
  const nameInScope = parts.at(-1) ?? bare;
  return parts.length > 1 && parts.at(-2)?.startsWith('@') ? `${parts.at(-2)}/${nameInScope}` : nameInScope;
}

/** Reports a program that replaces the package manager. */
function managerOrigins(text: string, manifest: JsonObject): Origin[] {
  const manager = manifest['packageManager'];
  if (typeof manager !== 'string' || /^(npm|pnpm|yarn|bun)@\d[\w.-]*(\+sha\d+\.[0-9a-f]+)?$/.test(manager)) return [];
  return [originAt('"packageManager"', `is installed by "${shorten(manager)}"`)];
}

function bypassOrigin(text: string, what: string, entry: string): Origin {
  return originAt(JSON.stringify(entry.split(': ')[0]), `${what}: ${shorten(entry)}`);
}

function specsOf(manifest: JsonObject, kind: string): Array<[string, string]> {
  return leavesOf(valueAt(manifest, kind), kind);
}

/** Returns the texts in nested objects, each with its nearest key other than `.`: npm writes `{ "a": { ".": "1", "b": "2" } }`. */
function leavesOf(value: unknown, key: string): Array<[string, string]> {
  if (typeof value === 'string') return [[key, value]];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, one]) => leavesOf(one, name === '.' ? key : name));
}

function entriesOf(value: unknown): string[] {
  if (value === undefined || value === null || value === false) return [];
  if (Array.isArray(value)) return value.map((one) => String(one));
  if (!isObject(value)) return [JSON.stringify(value)];
  return Object.entries(value).map(([name, one]) => `${name}: ${typeof one === 'string' ? one : JSON.stringify(one)}`);
}

function valueAt(manifest: JsonObject, key: string): unknown {
  if (Object.hasOwn(manifest, key)) return manifest[key];
  return key.split('.').reduce<unknown>((value, part) => {
    return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }, manifest);
}
