/**
 * The packages of a change with what their registries say. Where nothing was added or moved, no registry is asked.
 */
import type { LockEntry } from '../../../inspect/manifests/lock-entry';
import { locksOf } from '../../../inspect/packages/managers';
import type { DependencyFact, Ecosystem, LockFact, RegistryAnswer } from '../../../domain/packages/facts';
import type { Deps } from '../../deps';
import { foldersAbove } from './change';
import type { Change } from './change';

export type PackageFact = Omit<DependencyFact, 'registry'>;
export interface FoundPackages {
  packages: PackageFact[];
  unreadable: Array<{ path: string; why: string }>;
}

/** One change asks for no more packages than this; beyond it somebody should look. */
const LOOK_UPS_LIMIT = 300;
const AT_ONCE = 8;

/** The spec of a package that the lock file fetches from elsewhere. */
export const LOCK_ADDRESS = 'an address in the lock file';

/** Adds what a changed lock file would install and the one before would not have, unless a manifest names it. */
export function lockedAnew(change: Change, ecosystem: Ecosystem, found: FoundPackages): FoundPackages {
  const locks = locksOf(ecosystem);
  const named = new Set(found.packages.map(({ name, version }) => `${name} ${version}`));
  for (const { path, status } of change.files) {
    const read = locks.get(path.split('/').at(-1) ?? path);
    if (read === undefined || status === 'deleted' || !change.paths.includes(path)) continue;
    const entries = read(change.after.get(path) ?? '');
    if (entries === undefined) {
      found.unreadable.push({ path, why: 'it is not a lock file of a kind that is known here, or too long' });
      continue;
    }
    const before = new Set((read(change.before.get(path) ?? '') ?? []).map(keyOf));
    const anew = entries.filter((entry) => !before.has(keyOf(entry)) && !named.has(`${entry.name} ${entry.version}`));
    const unique = new Map(anew.map((entry) => [keyOf(entry), entry]));
    found.packages.push(...[...unique.values()].map((entry) => fromLock(entry, path, ecosystem)));
  }
  return found;
}

function keyOf({ name, version, integrity, source }: LockEntry): string {
  return [name, version, integrity, source].join(' ');
}

function fromLock({ name, version, integrity, source }: LockEntry, path: string, ecosystem: Ecosystem): PackageFact {
  const spec = source === 'other' ? LOCK_ADDRESS : '';
  return { ecosystem, name, path, direct: false, source, spec, version, lock: { state: 'listed', integrity } };
}

export async function withRegistry(
  { registry }: Pick<Deps, 'registry'>,
  packages: PackageFact[],
): Promise<DependencyFact[]> {
  const wanted = packages.filter(({ source }) => source === 'registry');
  const keys = [...new Set(wanted.map(({ ecosystem, name }) => `${ecosystem} ${name}`))];
  const answers = new Map<string, RegistryAnswer>();
  const queue = keys.slice(0, LOOK_UPS_LIMIT);
  const ask = async (): Promise<void> => {
    for (let key = queue.shift(); key !== undefined; key = queue.shift()) {
      const [ecosystem, name] = key.split(' ') as [Ecosystem, string];
      answers.set(key, await registry.lookUp(ecosystem, name));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, ask));
  const tooMany: RegistryAnswer = { state: 'unknown', why: `more than ${LOOK_UPS_LIMIT} packages are new` };
  return packages.map((fact) => ({
    ...fact,
    registry:
      fact.source === 'registry' ? (answers.get(`${fact.ecosystem} ${fact.name}`) ?? tooMany) : { state: 'unasked' },
  }));
}

/** Where there is no lock now: asked for unless the project of the manifest lived without one before. */
export function withoutLock({ before }: Change, manifest: string, names: Iterable<string>): LockFact {
  const locks = [...names];
  const hadLock = foldersAbove(manifest).some((folder) => locks.some((name) => before.has(`${folder}${name}`)));
  return { state: before.has(manifest) && !hadLock ? 'unkept' : 'no_lock' };
}
