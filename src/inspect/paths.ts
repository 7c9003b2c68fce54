/**
 * Decides which paths a model may use, and which symbolic links stay inside a folder. Pure.
 *
 * Stricter than git: refuses a name if any file system could read it as the git directory.
 * Bytes that are not UTF-8 are written in a path as in `path-bytes.ts`.
 */
import { isCanonicalPath, pathToBytes } from './path-bytes';

const MAX_LENGTH = 400;
const MAX_COMPONENTS = 40;
/** Code points that HFS+ ignores in names and that are invisible in a review: there `.g<ZWJ>it` is `.git`. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\uffff]/u;
/** The escape of a byte that is not valid UTF-8. */
const ESCAPED_BYTE = /\\x[89a-f][0-9a-f]/g;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

/** Returns why the path is not allowed, as a clause; undefined if it is allowed. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  if (/\p{Surrogate}/u.test(path)) return 'it is not valid Unicode';
  if (CONTROL.test(path)) return 'it holds a control character';
  if (INVISIBLE.test(path)) return 'it holds an invisible character';
  if (path.replace(ESCAPED_BYTE, '').includes('\\')) return 'it holds a backslash; components are parted by "/"';
  if (!isCanonicalPath(path)) return 'it writes a character as bytes; write the character itself';
  if (path.startsWith('/')) return 'it is absolute; paths are relative to the root of the repository';
  if (/^[A-Za-z]:/.test(path)) return 'it starts with a drive letter';
  const components = path.split('/');
  if (components.length > MAX_COMPONENTS) return `it has more than ${MAX_COMPONENTS} components`;
  for (const component of components) {
    const problem = componentProblem(component);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function componentProblem(component: string): string | undefined {
  if (component === '') return 'a component of it is empty';
  if (component === '.' || component === '..') return 'it holds "." or ".."';
  if (pathToBytes(component).length > 255) return 'a component of it is longer than 255 bytes';
  // Windows ignores trailing dots and spaces and everything after a colon (a stream), and also calls `.git` `git~1`.
  const plainName = component
    .normalize('NFKC')
    .toLowerCase()
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '');
  if (plainName === '.git' || /^git~\d+$/.test(plainName)) return 'it reaches into the git directory';
  if (/^\.gitmodules$/.test(plainName) || /^gitmod~\d+$/.test(plainName) || /^gi7eba~\d+$/.test(plainName)) {
    return 'submodules are not supported';
  }
  return undefined;
}

/** True if a file of this path can be written in a folder without leaving it. Allows more than `pathProblem`, since repositories have unusual names. */
export function staysBelow(path: string): boolean {
  return (
    path !== '' &&
    !path.includes('\0') &&
    path.split('/').every((part) => !['', '.', '..'].includes(part) && part.toLowerCase() !== '.git')
  );
}

/** Linux follows at most 40 links in one path, so no program can follow a longer chain. */
const MAX_LINKS = 64;

/**
 * True if a symbolic link at `path` (relative to a folder) stays inside that folder.
 *
 * `linkAt` returns the target of each other link in the folder. It is needed because `a/..` is not the folder that contains `a` if `a`
 * is a link.
 */
export function linkStaysInside(
  path: string,
  target: string,
  linkAt: (path: string) => string | undefined = () => undefined,
): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\0')) return false;
  const folders = path.split('/').slice(0, -1);
  const partsToFollow = target.split('/');
  let linkCount = 0;
  for (let part = partsToFollow.shift(); part !== undefined; part = partsToFollow.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (folders.pop() === undefined) return false;
      continue;
    }
    const nextTarget = linkAt([...folders, part].join('/'));
    if (nextTarget === undefined) {
      folders.push(part);
      continue;
    }
    if (nextTarget.startsWith('/')) return false;
    linkCount += 1;
    if (linkCount > MAX_LINKS) return true;
    partsToFollow.unshift(...nextTarget.split('/'));
  }
  return true;
}
