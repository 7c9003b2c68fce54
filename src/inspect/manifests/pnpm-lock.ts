/**
 * pnpm-lock.yaml of every version: its packages. Pure.
 */
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';
import type { LockEntry } from './lock-entry';
import { readNpmSpec } from './package-json';
import { yamlObjects } from './yaml-text';

export interface PnpmPackage {
  name: string;
  version: string;
  /** As it stands in the lock: `resolution`, `engines` and so on; each scalar is a text. */
  entry: JsonObject;
}

/** `a@1.0.0`, `/a@1.0.0(peer@2.0.0)` of version 6 and `/a/1.0.0_peer@2.0.0` of version 5, with or without a scope. */
const ID = /^\/?((?:@[^/@]+\/)?[^@/]+)[@/]([^(_]+)/;

/** Undefined where the text is no lock of pnpm. A lock may begin with a document of its own for what pnpm itself needs. */
export function pnpmPackages(text: string): PnpmPackage[] | undefined {
  const locks = yamlObjects(text)?.filter((one) => one['lockfileVersion'] !== undefined || isObject(one['packages']));
  if (locks === undefined || locks.length === 0) return undefined;
  return locks.flatMap(({ packages }) =>
    isObject(packages)
      ? Object.entries(packages).map(([id, entry]) => packageOf(id, isObject(entry) ? entry : {}))
      : [],
  );
}

/** What is of no registry has its name and version beside its id. */
function packageOf(id: string, entry: JsonObject): PnpmPackage {
  const [, name = id, version = ''] = ID.exec(id) ?? [];
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
