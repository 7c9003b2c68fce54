/**
 * Gate `dependencies`: each package that the change adds or updates exists, is old enough, is locked, and is not a misspelling of
 * a better-known one.
 *
 * A version must be three days old, so that registry scanners and first users can detect an attack. A package must be thirty days
 * old, because attackers register names that models invent.
 */
import type { DependencyFact, PackageRecord } from '../packages/facts';
import type { ChangeFacts } from './facts';
import { nearMissOf } from '../packages/near-miss';
import type { Gate, GateResult } from './gate';

const AGE_LIMITS = { versionDays: 3, packageDays: 30 };

export const dependencies = {
  name: 'dependencies',
  phase: ['testing', 'verification'],
  judges: ['change'],
  page: {
    expected:
      'Every package that is added or moved exists, is known for a while, is locked, and is the one that was meant; every import is declared.',
    helps:
      'Commit the lock file as the package manager writes it, take an older version or the better-known package, and declare what is imported.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ dependencies: dependencyFacts, now }: ChangeFacts): GateResult {
  const { undeclared, ...packages } = dependencyFacts;
  return {
    reasons: [
      ...packageProblems(packages, now),
      ...undeclared.map(({ path, line, name, kind }) =>
        kind === 'remote'
          ? `${path}:${line} loads code from a url`
          : `${path}:${line} imports ${name}, which nothing declares`,
      ),
    ],
  };
}

/** The problems of changed packages, checked before any of them is installed. */
export function packageProblems(
  { changed, unreadable }: Omit<ChangeFacts['dependencies'], 'undeclared'>,
  now: string,
): string[] {
  return [
    ...unreadable.map(({ path, why }) => `${path} cannot be read: ${why}`),
    ...changed.flatMap((dependency) =>
      problemsOf(dependency, now).map((problem) => `${nameOf(dependency)} ${problem}`),
    ),
  ];
}

function problemsOf(dependency: DependencyFact, now: string): string[] {
  // Gate `origins` judges packages from other sources, and a person may approve those.
  if (dependency.source !== 'registry') return [];
  const { registry } = dependency;
  const nearMiss = dependency.direct ? nearMissProblem(dependency) : [];
  switch (registry.state) {
    case 'unasked':
      return ['was not looked up'];
    case 'unknown':
      // Without its age, an old package that resembles another one cannot be told from a squatter's.
      return [`could not be looked up: ${registry.why}`];
    case 'absent':
      return [...nearMiss, 'does not exist in the registry'];
    case 'known':
      return [
        ...nearMiss,
        ...versionProblems(dependency, registry.package, now),
        ...lockProblems(dependency, registry.package),
      ];
  }
}

function nearMissProblem({ ecosystem, name, registry }: DependencyFact): string[] {
  const near = nearMissOf(ecosystem, name, registry.state === 'known' ? registry.package : null);
  return near === null ? [] : [`looks like ${near}, which is far better known; was that meant?`];
}

function versionProblems({ version, lock }: DependencyFact, record: PackageRecord, now: string): string[] {
  const packageAgeProblems = ageProblem('was first published', record.firstPublishedAt, {
    now,
    days: AGE_LIMITS.packageDays,
  });
  // `lockProblems` reports missing locks; a Python build tool is never locked.
  if (version === null)
    return lock.state === 'listed'
      ? [...packageAgeProblems, 'has no exact version in the lock file']
      : packageAgeProblems;
  const versionRecord = record.versions[version];
  if (versionRecord === undefined) return [`has no version ${version} in the registry`];
  return [
    ...(versionRecord.deprecated ? [`${version} is deprecated or withdrawn`] : []),
    ...ageProblem(`${version} was published`, versionRecord.publishedAt, { now, days: AGE_LIMITS.versionDays }),
    ...packageAgeProblems,
  ];
}

function ageProblem(what: string, at: string | null, { now, days }: { now: string; days: number }): string[] {
  const age = at === null ? Number.NaN : (Date.parse(now) - Date.parse(at)) / 86_400_000;
  if (Number.isNaN(age)) return [`${what} nobody knows when: the registry does not say`];
  return age < days ? [`${what} ${Math.max(0, Math.floor(age))} days ago; it takes ${days}`] : [];
}

function lockProblems({ lock, version }: DependencyFact, record: PackageRecord): string[] {
  switch (lock.state) {
    case 'pinned':
    case 'unkept':
      return [];
    case 'no_lock':
      return ['is not locked: commit the lock file'];
    case 'unlisted':
      return ['is not in the lock file: commit the lock file as the package manager writes it'];
    case 'listed': {
      if (lock.integrity === null) return ['has no integrity in the lock file'];
      const registryDigests = record.versions[version ?? '']?.integrity ?? [];
      const isSame = lock.integrity.split(/\s+/).some((one) => registryDigests.includes(one));
      return isSame || !isComparable(lock.integrity, registryDigests)
        ? []
        : ['has another integrity in the lock file than in the registry'];
    }
  }
}

/** Only digests of the same algorithm can be compared. */
function isComparable(locked: string, known: string[]): boolean {
  const algorithmOf = (digest: string): string => digest.split(/[-:]/, 1)[0] ?? '';
  return known.some((one) => locked.split(/\s+/).some((other) => algorithmOf(one) === algorithmOf(other)));
}

function nameOf({ ecosystem, name, path }: DependencyFact): string {
  return `${name} (${ecosystem}, ${path})`;
}
