/**
 * Reads the packages of a pnpm-lock.yaml of any version. Pure.
 */
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import type { LockEntry } from './lock-entry';
import { readNpmSpec } from './package-json';
import { yamlObjects } from './yaml-text';

export interface PnpmPackage {
  name: string;
  version: string;
  /** The package's entry in the lock file, with `resolution`, `engines` and so on; each scalar is a text. */
  entry: JsonObject;
}

/** Name and version in `a@1.0.0`, `/a@1.0.0(peer@2.0.0)` (version 6) and `/a/1.0.0_peer@2.0.0` (version 5), with or without a scope. */
const PACKAGE_ID = /^\/?((?:@[^/@]+\/)?[^@/]+)[@/]([^(_]+)/;

/** Returns undefined if the text is no lock file of pnpm. It can have several documents: the first may list what pnpm itself needs. */
export function pnpmPackages(text: string): PnpmPackage[] | undefined {
  const locks = yamlObjects(text)?.filter((one) => one['lockfileVersion'] !== undefined || isObject(one['packages']));
  if (locks === undefined || locks.length === 0) return undefined;
  return locks.flatMap(({ packages }) =>
    isObject(packages)
      ? Object.entries(packages).map(([id, entry]) => packageOf(id, isObject(entry) ? entry : {}))
      : [],
  );
}

/** A package that is not from a registry has `name` and `version` in its entry, since its id does not contain them. */
function packageOf(id: string, entry: JsonObject): PnpmPackage {
  const [, name = id, version = ''] = PACKAGE_ID.exec(id) ?? [];
  return { name: textOf(entry['name']) ?? name, version: textOf(entry['version']) ?? version, entry };
}

export function readPnpmLock(text: string): LockEntry[] | undefined {
  return pnpmPackages(text)?.map(({ name, version, entry }) => {
    const resolution = isObject(entry['resolution']) ? entry['resolution'] : {};
    const integrity = textOf(resolution['integrity']) ?? null;
    return { name, version, integrity, source: sourceOf(resolution), place: '' };
  });
}

function sourceOf(resolution: JsonObject): LockEntry['source'] {
  const directory = textOf(resolution['directory']);
  if (directory !== undefined) return readNpmSpec('', `file:${directory}`).source;
  return resolution['tarball'] === undefined && resolution['repo'] === undefined ? 'registry' : 'other';
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
