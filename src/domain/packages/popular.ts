/**
 * Names that a look-alike would want to be taken for, best known first. The lists are made by `npm run popular`, and say from
 * what and when; a name that is missing is only not protected.
 */
import npm from './popular-npm.json';
import pypi from './popular-pypi.json';

export const POPULAR_NPM: ReadonlySet<string> = namesOf(npm.names);
export const POPULAR_PYPI: ReadonlySet<string> = namesOf(pypi.names);

function namesOf(lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}
