/**
 * Which paths a model may name in a tree, and which symbolic links stay inside a folder. Pure.
 *
 * Stricter than git: a name is refused if it is the git directory on any file system a tree may be checked out on later.
 * Bytes that are not UTF-8 stand in a path as `path-bytes.ts` writes them.
 */
import { isOnlyForm, pathToBytes } from './path-bytes';

const MAX_LENGTH = 400;
const MAX_COMPONENTS = 40;
/** Code points that HFS+ ignores in names and that hide in a review: `.g<ZWJ>it` is `.git` there. */
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\uffff]/u;
/** A byte that is not UTF-8. */
const ODD_BYTE = /\\x[89a-f][0-9a-f]/g;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/u;

/** Why the path is not allowed, as half a sentence; undefined where it is. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if (path.length > MAX_LENGTH) return `it is longer than ${MAX_LENGTH} characters`;
  if (/\p{Surrogate}/u.test(path)) return 'it is not valid Unicode';
  if (CONTROL.test(path)) return 'it holds a control character';
  if (INVISIBLE.test(path)) return 'it holds an invisible character';
  if (path.replace(ODD_BYTE, '').includes('\\')) return 'it holds a backslash; components are parted by "/"';
  if (!isOnlyForm(path)) return 'it writes a character as bytes; write the character itself';
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
  // Windows drops trailing dots and spaces and what follows a colon (a stream), and knows `.git` as `git~1` too.
  const bare = component
    .normalize('NFKC')
    .toLowerCase()
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '');
  if (bare === '.git' || /^git~\d+$/.test(bare)) return 'it reaches into the git directory';
  if (/^\.gitmodules$/.test(bare) || /^gitmod~\d+$/.test(bare) || /^gi7eba~\d+$/.test(bare)) {
    return 'submodules are not supported';
  }
  return undefined;
}

/** True where a path out of a tree can be written below a folder without leaving it. Less strict: repositories hold odd names. */
export function staysBelow(path: string): boolean {
  return (
    path !== '' &&
    !path.includes('\0') &&
    path.split('/').every((part) => !['', '.', '..'].includes(part) && part.toLowerCase() !== '.git')
  );
}

/** More than the 40 links that Linux follows on one way: what passes it leads nowhere. */
const MAX_LINKS = 64;

/**
 * True where a symbolic link at `path` (relative to a folder) stays inside that folder. `linkAt` gives the target of each link
 * in the folder: `a/..` leads elsewhere than it reads where `a` is a link.
 */
export function linkStaysInside(
  path: string,
  target: string,
  linkAt: (path: string) => string | undefined = () => undefined,
): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\0')) return false;
  const at = path.split('/').slice(0, -1);
  const left = target.split('/');
  let followed = 0;
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (at.pop() === undefined) return false;
      continue;
    }
    const leadsTo = linkAt([...at, part].join('/'));
    if (leadsTo === undefined) {
      at.push(part);
      continue;
    }
    if (leadsTo.startsWith('/')) return false;
    followed += 1;
    if (followed > MAX_LINKS) return true;
    left.unshift(...leadsTo.split('/'));
  }
  return true;
}
