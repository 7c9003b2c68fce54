/**
 * A mock package registry on this machine: the packages that honest builds of the corpus add, and packages that a gate refuses.
 *
 * The packages of honest builds exist in npm and PyPI, since a package manager fetches them from there; only the gates ask this mock.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { json, npmPackage, startRegistry } from '../adapters/registry/mock-registry';

const YEARS_AGO = '2019-03-01T00:00:00.000Z';
const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

interface LockEntry {
  version: string;
  integrity: string;
}

const LOCK = JSON.parse(readFileSync(join(__dirname, '../../package-lock.json'), 'utf8')) as {
  packages: Record<string, LockEntry>;
};

/** A package of npm without dependencies, with version and digest from this repository's own lock file. */
export const GOOD_NPM = { name: 'picocolors', ...(LOCK.packages['node_modules/picocolors'] as LockEntry) };
/** A package of PyPI without dependencies. */
export const GOOD_PYTHON = { name: 'six', version: '1.17.0' };

export async function startPackageRegistry() {
  const youngPackage = npmPackage('2.0.0', YEARS_AGO);
  youngPackage.time['2.0.0'] = daysAgo(1);
  return startRegistry({
    [`/${GOOD_NPM.name}`]: json(npmPackage(GOOD_NPM.version, YEARS_AGO, { dist: { integrity: GOOD_NPM.integrity } })),
    '/young-version': json(youngPackage),
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
