/**
 * The package registry of the corpus, on this machine: what its cases may depend on, and what they had better not. What an honest
 * build adds is a package of the world under its true digest where it is of npm: the gates ask this registry, the package manager fetches it from the real one.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { json, npmPackage, startRegistry } from '../adapters/registry/mock-registry';

const YEARS_AGO = '2019-03-01T00:00:00.000Z';
const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

interface Locked {
  version: string;
  integrity: string;
}

const LOCK = JSON.parse(readFileSync(join(__dirname, '../../package-lock.json'), 'utf8')) as {
  packages: Record<string, Locked>;
};

/** A package of npm that needs no other one, as this repository's own lock file knows it. */
export const GOOD = { name: 'picocolors', ...(LOCK.packages['node_modules/picocolors'] as Locked) };
/** One of PyPI. */
export const GOOD_PYTHON = { name: 'six', version: '1.17.0' };

export async function startPackages() {
  const young = npmPackage('2.0.0', YEARS_AGO);
  young.time['2.0.0'] = daysAgo(1);
  return startRegistry({
    [`/${GOOD.name}`]: json(npmPackage(GOOD.version, YEARS_AGO, { dist: { integrity: GOOD.integrity } })),
    '/young-version': json(young),
    '/newcomer': json(npmPackage('1.0.0', daysAgo(9))),
    '/given-up': json(npmPackage('1.0.0', YEARS_AGO, { deprecated: 'use something else' })),
    '/expresss': json(npmPackage('1.0.0', YEARS_AGO)),
    [`/simple/${GOOD_PYTHON.name}/`]: json(
      {
        files: [
          {
            filename: `${GOOD_PYTHON.name}-${GOOD_PYTHON.version}.tar.gz`,
            hashes: { sha256: 'a'.repeat(64) },
            'upload-time': YEARS_AGO,
            yanked: false,
          },
        ],
      },
      'application/vnd.pypi.simple.v1+json',
    ),
  });
}
