/**
 * The well-known package names that are protected against look-alikes, best known first. `npm run popular` makes the lists; each
 * list states its sources and date. A name that is missing here is only not protected.
 */
import npm from './popular-npm.json';
import pypi from './popular-pypi.json';

export const POPULAR_NPM: ReadonlySet<string> = namesOf(npm.names);
export const POPULAR_PYPI: ReadonlySet<string> = namesOf(pypi.names);

function namesOf(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}
