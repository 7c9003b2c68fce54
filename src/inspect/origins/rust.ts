/**
 * Finds in Cargo.toml, Cargo.lock, .cargo/config.toml, build.rs and rust-toolchain crates from elsewhere, patches, and code
 * that runs at build time.
 */
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import { isOfRegistry, leavesRepository } from './addresses';
import { newLines, originAt, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { tomlOf } from './settings';

const UNREADABLE: Origin[] = [{ line: 1, what: 'cannot be read as TOML' }];

export function cargoOrigins(text: string, file: OriginFile): Origin[] {
  const manifest = tomlOf(text);
  if (manifest === undefined) return UNREADABLE;
  const say = (needle: string, what: string): Origin[] => [originAt(needle, what)];
  const workspace = objectOf(manifest['workspace']);
  const targets = Object.values(objectOf(manifest['target'])).map(objectOf);
  const dependencies = [manifest, workspace, ...targets].flatMap((table) =>
    ['dependencies', 'dev-dependencies', 'build-dependencies', 'dev_dependencies'].flatMap((kind) =>
      Object.entries(objectOf(table[kind])),
    ),
  );
  const build = objectOf(manifest['package'])['build'];
  return [
    ...dependencies.flatMap(([name, spec]) => {
      const place = placeOf(file, spec);
      return place === undefined ? [] : say(name, `${name} comes from ${place}`);
    }),
    ...['patch', 'replace'].flatMap((key) =>
      Object.entries(objectOf(manifest[key])).flatMap(([name, spec]) =>
        say(name, `puts something in the place of packages: [${key}] ${name} ${shorten(JSON.stringify(spec))}`),
      ),
    ),
    ...(typeof build === 'string' && build !== 'build.rs'
      ? say('build', `runs code when it is built: ${shorten(build)}`)
      : []),
    ...(manifest['cargo-features'] === undefined
      ? []
      : say('cargo-features', 'asks for features of cargo that are not stable')),
  ];
}

/** Returns where a crate comes from; undefined for the registry and folders of the repository. */
function placeOf({ path }: OriginFile, spec: unknown): string | undefined {
  if (!isObject(spec)) return undefined;
  const folder = spec['path'];
  if (typeof folder === 'string')
    return leavesRepository(path, folder) ? `outside of the repository: "${shorten(folder)}"` : undefined;
  const other = spec['git'] ?? spec['registry'] ?? spec['registry-index'];
  return other === undefined ? undefined : `"${shorten(String(other))}", not from the registry`;
}

export function cargoLockOrigins(text: string): Origin[] {
  const lock = tomlOf(text);
  if (lock === undefined) return UNREADABLE;
  const packages = Array.isArray(lock['package']) ? lock['package'].filter(isObject) : [];
  return packages.flatMap((one) => {
    const [name, version, source] = [one['name'], one['version'], one['source']].map(String);
    // A workspace member has no source.
    if (one['source'] === undefined) return [];
    const say = (what: string): Origin[] => [originAt(`name = "${name}"`, `${name} ${version} ${what}`)];
    const address = source?.replace(/^(registry|sparse)\+/, '') ?? '';
    const isRegistry = /^(registry|sparse)\+/.test(source ?? '') && isOfRegistry(address, 'cargo');
    if (!isRegistry) return say(`is fetched from "${shorten(source ?? '')}"`);
    return typeof one['checksum'] === 'string' || isObject(lock['metadata'])
      ? []
      : say('has no checksum in the lock file');
  });
}

/** Keys of cargo's settings that cannot select other code, by table. */
const SAFE_SETTINGS: Readonly<Record<string, RegExp>> = {
  build: /^(jobs|target|target-dir|incremental|dep-info-basedir)$/,
  net: /^(retry|git-fetch-with-cli|offline|ssh)$/,
  http: /^(timeout|multiplexing|low-speed-limit|check-revoke|debug)$/,
  term: /./,
  profile: /./,
  'future-incompat-report': /./,
  registries: /^crates-io$/,
};

export function cargoConfigOrigins(text: string): Origin[] {
  const settings = tomlOf(text);
  if (settings === undefined) return UNREADABLE;
  return Object.entries(settings).flatMap(([table, value]) => {
    const safeKeys = SAFE_SETTINGS[table];
    const entries = isObject(value) ? Object.entries(value) : [['', value] as const];
    return entries
      .filter(([key]) => safeKeys === undefined || !safeKeys.test(key))
      .map(([key, one]) =>
        originAt(key === '' ? table : key, `sets ${table}.${key} to ${shorten(JSON.stringify(one))}`),
      );
  });
}

/** Reads build.rs, a program that runs before the crate is compiled. */
export function buildScriptOrigins(text: string, file: OriginFile): Origin[] {
  return newLines(text, file)
    .filter((one) => !/^(println!\("cargo(::?)rerun-if-[\w-]+=[^"]*"\);|[{}();]*|use [\w:{}, ]+;)$/.test(one.text))
    .map((one) => ({ line: one.line, what: `runs when it is built: ${shorten(one.text)}` }));
}

export function rustToolchainOrigins(text: string): Origin[] {
  const settings = tomlOf(text);
  if (settings === undefined)
    return /^(stable|beta|nightly)?[\w.-]*$/.test(text.trim()) ? [] : [{ line: 1, what: `names "${shorten(text)}"` }];
  const unknown = Object.keys(objectOf(settings['toolchain'])).filter(
    (key) => !/^(channel|components|targets|profile)$/.test(key),
  );
  return unknown.map((key) => originAt(key, `sets toolchain.${key}`));
}

function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
