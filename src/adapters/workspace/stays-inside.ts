/**
 * Refuses a local repository that keeps parts outside of the configured roots: by a `.git` file, `commondir`, alternates or
 * links. Otherwise git would read or write files there.
 *
 * Settings that name other places (`include.path`, hooks, excludes) are not checked, as git takes no content from them.
 */
import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { startProgram } from '../machine/processes/start';
import { showPlace, unreadable } from './explain-fetch';
import type { Git } from './git';

/** Files and folders of a git folder from which git reads content, or to which it writes. */
const PARTS = [
  ...['HEAD', 'commondir', 'config', 'packed-refs', 'refs', 'reftable', 'logs', 'shallow', 'objects'],
  ...['modules', 'worktrees', 'lfs'],
];
/** git itself follows alternates of alternates up to this depth. */
const DEPTH_LIMIT = 5;
const LOOK_MS = 30_000;
const FIND = '/usr/bin/find';

/**
 * Refuses a repository with parts outside of `roots`. If `roots` is undefined, it may be anywhere; if it is empty, all parts must
 * be in the repository's own folder. Throws Failure `Workspace.RepositoryUnreadable`, which names the part.
 */
export async function refuseLeadingOut(git: Git, place: string, roots: string[] | undefined): Promise<void> {
  if (roots === undefined) return;
  const refuse = async (part: string, path: string): Promise<void> => {
    const isInside = roots.length === 0 ? await isIn(place, path) : await isBelowRoots(path, roots);
    if (!isInside) throw leadsOutFailure(place, part);
  };
  const { stdout, exitCode } = await git(
    ['-C', place, 'rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir', '--git-path', 'objects'],
    { allowExit: [128], timeoutMs: LOOK_MS },
  );
  // The place is no repository: the code that reads it reports that.
  if (exitCode !== 0) return;
  const [gitFolder = '', commonFolder = '', objects = ''] = stdout.toString('utf8').split('\n');
  await refuse('its git folder', gitFolder);
  await refuse('its common git folder', commonFolder);
  await refuse('its objects', objects);
  const folders = [...new Set([gitFolder, commonFolder])];
  for (const link of await linksBelow(folders.flatMap((folder) => PARTS.map((part) => join(folder, part)))))
    await refuse(`the link ${showPlace(nameIn(folders, link))}`, link);
  await refuseAlternates(objects, { refuse, depth: 1 });
}

/** True if the place is in one of the roots, or if no roots are set. */
export async function isBelowRoots(place: string, roots: string[] | undefined): Promise<boolean> {
  if (roots === undefined) return true;
  const relativePaths = await Promise.all(roots.map((root) => relativePath(root, place)));
  return relativePaths.some((path) => path !== '' && !leadsUp(path));
}

async function isIn(folder: string, place: string): Promise<boolean> {
  return !leadsUp(await relativePath(folder, place));
}

/** Returns the path from `folder` to `place`, after links of both are followed. */
async function relativePath(folder: string, place: string): Promise<string> {
  const [from = folder, to = place] = await Promise.all(
    [folder, place].map((path) => realpath(path).catch(() => path)),
  );
  return relative(from, to);
}

function leadsUp(path: string): boolean {
  return path === '..' || path.startsWith('../') || isAbsolute(path);
}

interface AlternatesCheck {
  refuse(part: string, path: string): Promise<void>;
  depth: number;
}

async function refuseAlternates(objects: string, { refuse, depth }: AlternatesCheck): Promise<void> {
  const text = await readFile(join(objects, 'info/alternates'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines) {
    const folder = resolve(objects, unquote(line));
    await refuse('an alternate of its objects', folder);
    for (const link of await linksBelow([folder])) await refuse('a link in an alternate of its objects', link);
    if (depth <= DEPTH_LIMIT) await refuseAlternates(folder, { refuse, depth: depth + 1 });
  }
}

/** Decodes a path that git quotes as C does; an octal escape is a byte. */
function unquote(line: string): string {
  if (!/^".*"$/.test(line)) return line;
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };
  const bytes = line
    .slice(1, -1)
    .replaceAll(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(parseInt(code, 8)) : (escapes[code] ?? code),
    );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Lists the symbolic links among these places and below them; missing places are skipped. */
async function linksBelow(places: string[]): Promise<string[]> {
  const chunks: Buffer[] = [];
  const args = [...places, '-type', 'l', '-print0'];
  const order = {
    file: FIND,
    args,
    env: { LC_ALL: 'C' },
    outputs: { 1: (chunk: Buffer) => void chunks.push(chunk) },
  };
  await startProgram(order).closed;
  return Buffer.concat(chunks).toString('utf8').split('\0').filter(Boolean);
}

function nameIn(folders: string[], link: string): string {
  const folder = folders.find((parent) => link.startsWith(`${parent}/`));
  return folder === undefined ? link : relative(folder, link);
}

function leadsOutFailure(place: string, part: string): Error {
  return unreadable(
    `${showPlace(place)} keeps ${part} outside of the configured REPOSITORY_ROOTS`,
    'Give a repository that has all of its parts there (git clone --no-local), or name a folder above them in REPOSITORY_ROOTS of the worker',
  );
}
