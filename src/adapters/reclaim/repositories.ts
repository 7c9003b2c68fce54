/**
 * Refs of builds that are over for good, and with them the objects that nothing else reaches.
 *
 * A ref is deleted only where it still is what was seen; git itself spares what is younger than the grace, and what open builds name is
 * held by refs of our own meanwhile.
 */
import { join } from 'node:path';
import { isId, workflowIdOf } from '../../domain/ids';
import type { BuildId } from '../../domain/ids';
import type { DocumentStore } from '../../ports/documents';
import { folderUse } from '../machine/usage';
import { listPointers } from '../workspace/lfs-objects';
import { createRepositories } from '../workspace/repository';
import type { ProjectGit } from '../workspace/repository';
import { lfsObjectOf } from '../workspace/source';
import { namesIn, removeUnused } from '../machine/remove-unused';
import { foldersIn } from './named';
import type { Candidate, Folders, Named, Rules } from './rules';

const WHOLE = { bytes: Infinity, files: Infinity };
const GC_TIMEOUT_MS = 3 * 3_600_000;
/** Held for as long as objects are removed. */
const HELD = 'refs/reclaim/';
const OF_LINE = /^refs\/(?:heads\/builds|bases|sources)\/([^/]+)$|^refs\/(?:parked|pushes)\/([^/]+)\/.+$/;
const VIEW = /^refs\/namespaces\/(?:shown|pushed)\/refs\/heads\/builds\/([^/]+)$/;
/** So many loose objects or packs slow git down: then the repository is packed, whatever there is to remove. */
const MANY_LOOSE = 2_000;
const MANY_PACKS = 20;

/** When a line without a record and without a workflow was first seen, by `<project>/<line>`, in milliseconds since 1970. */
export type Orphans = Record<string, number>;

interface Place {
  folders: Folders;
  documents: DocumentStore;
  /** Those of the last time; gives those of now. */
  orphans: { before: Orphans; now: Orphans };
}
interface Ref {
  name: string;
  id: string;
}

export async function endedLines(place: Place, named: Named, rules: Rules): Promise<Candidate[]> {
  const { find } = createRepositories(place.folders.repositories);
  const found: Candidate[] = [];
  for (const name of await foldersIn(place.folders.repositories)) {
    const projectId = name.replace(/\.git$/, '');
    if (!name.endsWith('.git') || !isId(projectId)) continue;
    const git = await find(projectId);
    if (git !== undefined) found.push(...(await ofRepository({ ...place, git, projectId }, named, rules)));
  }
  return found;
}

async function ofRepository(
  place: Place & { git: ProjectGit; projectId: string },
  named: Named,
  rules: Rules,
): Promise<Candidate[]> {
  const { git, projectId } = place;
  const refs = await listRefs(git);
  const ended = new Set<string>();
  for (const line of new Set(refs.flatMap(({ name }) => lineOf(name) ?? []))) {
    if (await isOver(place, { line, projectId }, { named, rules })) ended.add(line);
  }
  const kept = new Set(
    refs
      .flatMap(({ name }) => lineOf(name) ?? [])
      .filter((line) => !ended.has(line))
      .map(buildOf),
  );
  const gone = refs.filter(({ name }) => {
    const [line, view] = [lineOf(name), VIEW.exec(name)?.[1]];
    return (line !== undefined && ended.has(line)) || (view !== undefined && endsView(view, { ended, kept }));
  });
  const isUntidy = await needsPacking(git);
  if (gone.length === 0 && !isUntidy) return [];
  const bytes = await reachedOnlyBy(git, gone);
  const remove = async (): Promise<number> => {
    const before = (await folderUse(git.folder, WHOLE)).bytes;
    await deleteRefs(git, gone);
    await removeObjects(git, named, rules);
    return Math.max(0, before - (await folderUse(git.folder, WHOLE)).bytes);
  };
  return [{ kind: 'repositories', project: projectId, bytes, remove }];
}

const lineOf = (ref: string): string | undefined => {
  const [, one, other] = OF_LINE.exec(ref) ?? [];
  return one ?? other;
};
const buildOf = (line: string): string => line.split('.')[0] ?? line;

function endsView(buildId: string, { ended, kept }: { ended: Set<string>; kept: Set<string> }): boolean {
  return !kept.has(buildId) && [...ended].some((line) => buildOf(line) === buildId);
}

/** Cancelled for long enough, and not released; or of no build that anything knows, for as long. */
async function isOver(
  { documents, orphans }: Place,
  { line, projectId }: { line: string; projectId: string },
  { named, rules }: { named: Named; rules: Rules },
): Promise<boolean> {
  const [buildId = '', requestKey] = line.split('.');
  if (!isId(buildId)) return false;
  const workflowId = workflowIdOf({ projectId, buildId });
  if (named.open.has(workflowId)) return false;
  const record = await documents.load('records', workflowId);
  const keepMs = Math.max(rules.keepMs, rules.graceMs);
  if (record !== undefined && record.requestKey === requestKey) {
    if (!record.cancelled || rules.now - Date.parse(record.completedAt) <= keepMs) return false;
    return !(await wasReleased(documents, { projectId, buildId }));
  }
  if (await wasReleased(documents, { projectId, buildId })) return false;
  const key = `${projectId}/${line}`;
  const since = orphans.before[key] ?? rules.now;
  orphans.now[key] = since;
  return rules.now - since > keepMs;
}

/** Of any request with this id: a release that went live and was not undone may be gone back to. */
async function wasReleased(documents: DocumentStore, { projectId, buildId }: BuildId): Promise<boolean> {
  for (const key of await documents.list('release-numbers', `${projectId}.`)) {
    const intent = await documents.load('release-numbers', key);
    if (intent?.buildId !== buildId) continue;
    const [live, undone] = [await documents.load('release-live', key), await documents.load('release-undone', key)];
    if (live !== undefined && undone === undefined) return true;
  }
  return false;
}

async function listRefs(git: ProjectGit): Promise<Ref[]> {
  const { stdout } = await git(['for-each-ref', '--format=%(objectname) %(refname)']);
  const lines = stdout.toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => ({ id: line.slice(0, 40), name: line.slice(41) }));
}

async function needsPacking(git: ProjectGit): Promise<boolean> {
  const { stdout } = await git(['count-objects', '-v']);
  const counts = new Map(
    [...stdout.toString('utf8').matchAll(/^([\w-]+): (\d+)$/gm)].map(([, k, n]) => [k, Number(n)]),
  );
  return (counts.get('count') ?? 0) > MANY_LOOSE || (counts.get('packs') ?? 0) > MANY_PACKS;
}

/** On disk, as they are packed now. */
async function reachedOnlyBy(git: ProjectGit, gone: readonly Ref[]): Promise<number> {
  if (gone.length === 0) return 0;
  const names = new Set(gone.map(({ name }) => name));
  const others = (await listRefs(git)).filter(({ name }) => !names.has(name));
  const stdin = [...gone.map(({ id }) => id), ...others.map(({ id }) => `^${id}`)].join('\n');
  const call = { stdin: `${stdin}\n`, timeoutMs: GC_TIMEOUT_MS };
  const { stdout } = await git(['rev-list', '--objects', '--disk-usage', '--stdin'], call);
  return Number(stdout.toString('utf8').trim());
}

/** All or none: a ref that was moved meanwhile is in use again, and the next time looks at it anew. */
async function deleteRefs(git: ProjectGit, gone: readonly Ref[]): Promise<void> {
  if (gone.length === 0) return;
  const lines = gone.map(({ name, id }) => `delete ${name} ${id}\n`);
  await git(['update-ref', '--stdin'], { stdin: lines.join('') });
}

async function removeObjects(git: ProjectGit, named: Named, rules: Rules): Promise<void> {
  await holdNamed(git, named);
  try {
    const since = String(Math.floor((rules.now - rules.graceMs) / 1_000));
    const call = { timeoutMs: GC_TIMEOUT_MS };
    await git(['pack-refs', '--all', '--prune'], call);
    await git(['repack', '-A', '-d', '-l', '-q', `--unpack-unreachable=${since}`], call);
    await git(['prune', `--expire=${since}`], call);
    await removeLfs(git, Number(since) * 1_000);
  } finally {
    await letGo(git);
  }
}

/** What a run that was killed held is let go first. */
async function holdNamed(git: ProjectGit, { commits }: Named): Promise<void> {
  await letGo(git);
  if (commits.size === 0) return;
  const { stdout } = await git(['cat-file', '--batch-check'], { stdin: [...commits].join('\n') });
  const there = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => / commit \d+$/.test(line));
  const lines = there.map((line) => `update ${HELD}${line.slice(0, 40)} ${line.slice(0, 40)}\n`);
  if (lines.length > 0) await git(['update-ref', '--stdin'], { stdin: lines.join('') });
}

async function letGo(git: ProjectGit): Promise<void> {
  const held = (await listRefs(git)).filter(({ name }) => name.startsWith(HELD));
  if (held.length > 0)
    await git(['update-ref', '--stdin'], { stdin: held.map(({ name }) => `delete ${name}\n`).join('') });
}

/** Contents of LFS that no tree of a ref that is left points to. */
async function removeLfs(git: ProjectGit, before: number): Promise<void> {
  const root = join(git.folder, 'lfs', 'objects');
  const shelves = await foldersIn(root);
  if (shelves.length === 0) return;
  const { stdout } = await git(['for-each-ref', '--format=%(objecttype) %(objectname) %(*objectname)']);
  const commits = stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => /^commit ([0-9a-f]{40})|^tag \S+ ([0-9a-f]{40})/.exec(line)?.slice(1) ?? []);
  const pointed = new Set<string>();
  for (const commit of new Set(commits.filter(Boolean))) {
    for (const { oid } of await listPointers(git, commit)) pointed.add(oid);
  }
  for (const shelf of shelves) {
    for (const below of await foldersIn(join(root, shelf))) {
      const names = (await namesIn(join(root, shelf, below))).filter((name) => /^[0-9a-f]{64}$/.test(name));
      for (const oid of names.filter((name) => !pointed.has(name)))
        await removeUnused(lfsObjectOf(git.folder, oid), before);
    }
  }
}
