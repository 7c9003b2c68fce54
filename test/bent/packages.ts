/**
 * The package registry of the corpus, on this machine: what its cases may depend on, and what they had better not.
 */
import { json, npmPackage, startRegistry } from '../adapters/registry/mock-registry';

const YEARS_AGO = '2019-03-01T00:00:00.000Z';
const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

/** What npm's lock file writes of a package of `npmPackage`. */
export const INTEGRITY = 'sha512-good';

export async function startPackages() {
  const young = npmPackage('2.0.0', YEARS_AGO);
  young.time['2.0.0'] = daysAgo(1);
  return startRegistry({
    '/amount-words': json(npmPackage('2.1.0', YEARS_AGO)),
    '/young-version': json(young),
    '/newcomer': json(npmPackage('1.0.0', daysAgo(9))),
    '/given-up': json(npmPackage('1.0.0', YEARS_AGO, { deprecated: 'use something else' })),
    '/expresss': json(npmPackage('1.0.0', YEARS_AGO)),
    '/simple/moneyed/': json(
      {
        files: [
          {
            filename: 'moneyed-3.0.tar.gz',
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
