/**
 * Computes paths relative to a project's folder; a path outside of the folder begins with `../`. Pure.
 */

/** Resolves `to` relative to the folder `from`; '' is the project's folder itself. */
export function placeAt(from: string, to: string): string {
  const parts: string[] = [];
  for (const part of `${from}/${to}`.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Makes a path of the repository relative to a folder of the repository. */
export function seenFrom(folder: string, path: string): string {
  const [above, below] = [folder.split('/').filter(Boolean), path.split('/')];
  let shared = 0;
  while (shared < above.length && above[shared] === below[shared]) shared += 1;
  return [...above.slice(shared).map(() => '..'), ...below.slice(shared)].join('/');
}

/** True for one of the places and for everything inside of them. */
export function isIn(places: readonly string[], path: string): boolean {
  return places.some(
    (place) => place === path || (place === '' && !path.startsWith('../')) || path.startsWith(`${place}/`),
  );
}
