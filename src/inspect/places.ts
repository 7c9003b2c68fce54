/**
 * Paths that files of a project name, from the project's folder; one outside of it begins with `../`. Pure.
 */

/** `to` as seen from the folder `from`; '' is the project's folder itself. */
export function placeAt(from: string, to: string): string {
  const parts: string[] = [];
  for (const part of `${from}/${to}`.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** A path of the tree, from the project's folder, which is a path of the tree, too. */
export function seenFrom(folder: string, path: string): string {
  const [above, below] = [folder.split('/').filter(Boolean), path.split('/')];
  let shared = 0;
  while (shared < above.length && above[shared] === below[shared]) shared += 1;
  return [...above.slice(shared).map(() => '..'), ...below.slice(shared)].join('/');
}

/** True for a place itself and for all that lies in it. */
export function isIn(places: readonly string[], path: string): boolean {
  return places.some(
    (place) => place === path || (place === '' && !path.startsWith('../')) || path.startsWith(`${place}/`),
  );
}
