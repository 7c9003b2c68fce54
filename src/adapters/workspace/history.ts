/**
 * Writes a git folder for the project's own tests and tools: the history of one commit, its tags, an index. It has no hooks,
 * no remotes, and nothing of other builds.
 */
import { link, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkCommit } from './repository';
import type { ProjectGit } from './repository';

/** A longer history is reduced to the latest commits. */
const MAX_HISTORY_BYTES = 256 * 1024 * 1024;
const SHALLOW_COMMITS = 50;
const PACK_TIMEOUT_MS = 600_000;
const SETTINGS =
  '[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = false\n';

export async function writeHistory(
  git: ProjectGit,
  commit: string,
  { into, onTop }: { into: string; onTop?: { folder: string; commit: string } | undefined },
): Promise<{ isShallow: boolean }> {
  checkCommit(commit);
  for (const name of ['objects/info', 'objects/pack', 'refs/heads', 'refs/tags', 'info']) {
    await mkdir(join(into, name), { recursive: true });
  }
  await writeFile(join(into, 'config'), SETTINGS);
  await writeFile(join(into, 'HEAD'), 'ref: refs/heads/main\n');
  const tags = await tagsOf(git, commit);
  const sharedPacks = onTop === undefined ? undefined : await linkPacks(onTop.folder, into);
  const isShared = sharedPacks !== undefined && !sharedPacks.isShallow;
  const boundary = isShared || (await sizeOf(git, commit)) <= MAX_HISTORY_BYTES ? [] : await boundaryOf(git, commit);
  const tips = [commit, ...(boundary.length > 0 ? [] : tags.map(({ id }) => id))];
  const lines = [
    ...boundary.map((id) => `--shallow ${id}`),
    ...tips,
    ...(isShared && onTop !== undefined ? [`^${onTop.commit}`] : []),
  ];
  const { stdout } = await git(['rev-parse', '--path-format=absolute', '--git-path', 'objects']);
  await git(['pack-objects', '--quiet', '--revs', join(into, 'objects/pack/pack')], {
    // git writes a pack into its own object folder and renames it. This makes `into` that folder, as a rename works only
    // within one file system.
    env: {
      GIT_OBJECT_DIRECTORY: join(into, 'objects'),
      GIT_ALTERNATE_OBJECT_DIRECTORIES: stdout.toString('utf8').trim(),
    },
    stdin: `${lines.join('\n')}\n`,
    timeoutMs: PACK_TIMEOUT_MS,
  });
  if (boundary.length > 0) await writeFile(join(into, 'shallow'), boundary.map((id) => `${id}\n`).join(''));
  const refs = [{ id: commit, name: 'refs/heads/main' }, ...(boundary.length > 0 ? [] : tags)];
  await writeFile(join(into, 'packed-refs'), refs.map(({ id, name }) => `${id} ${name}\n`).join(''));
  await git([`--git-dir=${into}`, 'read-tree', commit], { env: { GIT_INDEX_FILE: join(into, 'index') } });
  return { isShallow: boundary.length > 0 };
}

/** Links the packs of another history, which never change. A shallow history cannot be shared. */
async function linkPacks(from: string, into: string): Promise<{ isShallow: boolean }> {
  if ((await readdir(from)).includes('shallow')) return { isShallow: true };
  for (const name of await readdir(join(from, 'objects/pack'))) {
    await link(join(from, 'objects/pack', name), join(into, 'objects/pack', name));
  }
  return { isShallow: false };
}

async function tagsOf(git: ProjectGit, commit: string): Promise<Array<{ id: string; name: string }>> {
  const format = '--format=%(objectname) %(refname)';
  const { stdout } = await git(['for-each-ref', `--merged=${commit}`, format, 'refs/tags']);
  return linesOf(stdout).map((line) => ({ id: line.slice(0, 40), name: line.slice(41) }));
}

async function sizeOf(git: ProjectGit, commit: string): Promise<number> {
  const { stdout } = await git(['rev-list', '--disk-usage', '--objects', commit], { timeoutMs: PACK_TIMEOUT_MS });
  return Number(stdout.toString('utf8').trim());
}

/** Returns those of the latest commits that have a parent outside of them. */
async function boundaryOf(git: ProjectGit, commit: string): Promise<string[]> {
  const { stdout } = await git(['rev-list', '--parents', `--max-count=${SHALLOW_COMMITS}`, commit]);
  const commits = linesOf(stdout).map((line) => line.split(' '));
  const latestIds = new Set(commits.map(([id]) => id));
  return commits
    .filter(([, ...parents]) => parents.some((parent) => !latestIds.has(parent)))
    .map(([id]) => id ?? '')
    .filter((id) => id !== '');
}

function linesOf(bytes: Buffer): string[] {
  return bytes.toString('utf8').split('\n').filter(Boolean);
}
