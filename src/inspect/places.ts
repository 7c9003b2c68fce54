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

/** Returns a path of the repository relative to a folder of the repository. */
export function relativePath(folder: string, path: string): string {
  const [folderParts, pathParts] = [folder.split('/').filter(Boolean), path.split('/')];
  let sharedCount = 0;
  while (sharedCount < folderParts.length && folderParts[sharedCount] === pathParts[sharedCount]) sharedCount += 1;
  return [...folderParts.slice(sharedCount).map(() => '..'), ...pathParts.slice(sharedCount)].join('/');
}

/** True for one of the places, and for everything in one of them. */
export function isInside(places: readonly string[], path: string): boolean {
  return places.some(
    (place) => place === path || (place === '' && !path.startsWith('../')) || path.startsWith(`${place}/`),
  );
}
