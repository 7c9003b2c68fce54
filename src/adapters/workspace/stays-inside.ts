/**
 * A repository on this machine may keep its parts elsewhere: by a `.git` file, `commondir`, alternates, links. What lies outside of the
 * configured roots is neither read nor written through it.
 *
 * What git is only told by such a place (`include.path`, hooks, excludes) brings no content in, and is left alone.
 */
import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { startProgram } from '../machine/processes/start';
import { showPlace, unreadable } from './explain-fetch';
import type { Git } from './git';

/** What git reads content from or writes to, below its folder. */
const PARTS = [
  ...['HEAD', 'commondir', 'config', 'packed-refs', 'refs', 'reftable', 'logs', 'shallow', 'objects'],
  ...['modules', 'worktrees', 'lfs'],
];
/** As git itself: alternates of alternates, and no deeper. */
const DEPTH_LIMIT = 5;
const LOOK_MS = 30_000;
const FIND = '/usr/bin/find';

/**
 * `roots`: undefined where it may lie anywhere; without one, its parts must lie in its own folder. Throws Failure
 * `Workspace.RepositoryUnreadable`, which names the part.
 */
export async function refuseLeadingOut(git: Git, place: string, roots: string[] | undefined): Promise<void> {
  if (roots === undefined) return;
  const refuse = async (part: string, path: string): Promise<void> => {
    const isInside = roots.length === 0 ? await isIn(place, path) : await isBelowRoots(path, roots);
    if (!isInside) throw leadsOut(place, part);
  };
  const { stdout, exitCode } = await git(
    ['-C', place, 'rev-parse', '--path-format=absolute', '--git-dir', '--git-common-dir', '--git-path', 'objects'],
    { allowExit: [128], timeoutMs: LOOK_MS },
  );
  // That it is no repository is said by those who read it.
  if (exitCode !== 0) return;
  const [own = '', common = '', objects = ''] = stdout.toString('utf8').split('\n');
  await refuse('its git folder', own);
  await refuse('its common git folder', common);
  await refuse('its objects', objects);
  const folders = [...new Set([own, common])];
  for (const link of await linksBelow(folders.flatMap((folder) => PARTS.map((part) => join(folder, part)))))
    await refuse(`the link ${showPlace(nameIn(folders, link))}`, link);
  await refuseAlternates(objects, { refuse, depth: 1 });
}

/** True also where no roots are set. */
export async function isBelowRoots(place: string, roots: string[] | undefined): Promise<boolean> {
  if (roots === undefined) return true;
  const ways = await Promise.all(roots.map((root) => wayFrom(root, place)));
  return ways.some((way) => way !== '' && !leadsUp(way));
}

async function isIn(folder: string, place: string): Promise<boolean> {
  return !leadsUp(await wayFrom(folder, place));
}

/** Of what both are once links are followed. */
async function wayFrom(folder: string, place: string): Promise<string> {
  const [from = folder, to = place] = await Promise.all([folder, place].map((one) => realpath(one).catch(() => one)));
  return relative(from, to);
}

function leadsUp(way: string): boolean {
  return way === '..' || way.startsWith('../') || isAbsolute(way);
}

interface Refusing {
  refuse(part: string, path: string): Promise<void>;
  depth: number;
}

async function refuseAlternates(objects: string, { refuse, depth }: Refusing): Promise<void> {
  const text = await readFile(join(objects, 'info/alternates'), 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines) {
    const folder = resolve(objects, unquoted(line));
    await refuse('an alternate of its objects', folder);
    for (const link of await linksBelow([folder])) await refuse('a link in an alternate of its objects', link);
    if (depth <= DEPTH_LIMIT) await refuseAlternates(folder, { refuse, depth: depth + 1 });
  }
}

/** git quotes names of odd bytes as C does; an octal escape is a byte. */
function unquoted(line: string): string {
  if (!/^".*"$/.test(line)) return line;
  const named: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' };
  const bytes = line
    .slice(1, -1)
    .replaceAll(/\\([0-7]{3}|.)/g, (_, code: string) =>
      code.length === 3 ? String.fromCharCode(parseInt(code, 8)) : (named[code] ?? code),
    );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** Links among these places and below them; one of them that is not there has none. */
async function linksBelow(places: string[]): Promise<string[]> {
  const found: Buffer[] = [];
  const args = [...places, '-type', 'l', '-print0'];
  const order = {
    file: FIND,
    args,
    env: { LC_ALL: 'C' },
    outputs: { 1: (chunk: Buffer) => void found.push(chunk) },
  };
  await startProgram(order).closed;
  return Buffer.concat(found).toString('utf8').split('\0').filter(Boolean);
}

function nameIn(folders: string[], link: string): string {
  const folder = folders.find((one) => link.startsWith(`${one}/`));
  return folder === undefined ? link : relative(folder, link);
}

function leadsOut(place: string, part: string): Error {
  return unreadable(
    `${showPlace(place)} keeps ${part} outside of the configured REPOSITORY_ROOTS`,
    'Give a repository that has all of its parts there (git clone --no-local), or name a folder above them in REPOSITORY_ROOTS of the worker',
  );
}
