/**
 * Removes refs of builds that will never continue, and the git objects that only these refs reach.
 *
 * A ref is deleted only if it still has the commit that was seen. git keeps objects that are younger than the grace period, and
 * temporary refs keep the commits that open builds name.
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
import { foldersIn } from './references';
import type { Candidate, Folders, References, Rules } from './rules';

const NO_LIMIT = { bytes: Infinity, files: Infinity };
const GC_TIMEOUT_MS = 3 * 3_600_000;
/** Refs here keep the commits of open builds while objects are removed. */
const KEEP_REFS = 'refs/reclaim/';
/** Refs of one build. The group in parentheses is the build key: `<build>.<request key>`. */
const BUILD_REF = /^refs\/(?:heads\/builds|bases|sources)\/([^/]+)$|^refs\/(?:parked|pushes)\/([^/]+)\/.+$/;
/** A build's branch in the two git namespaces that clients of the git server see, by build id. */
const VIEW_REF = /^refs\/namespaces\/(?:shown|pushed)\/refs\/heads\/builds\/([^/]+)$/;
/** More loose objects or packs slow git down: then the repository is packed even if nothing is to be removed. */
const MAX_LOOSE_OBJECTS = 2_000;
const MAX_PACKS = 20;

/**
 * For each build (by `<project>/<build>.<request key>`) that has refs, but no record and no workflow: when it was first seen, in
 * milliseconds since 1970.
 */
export type Orphans = Record<string, number>;

interface Stores {
  folders: Folders;
  documents: DocumentStore;
  /** The orphans of the last run, and those that this run finds. */
  orphans: { previous: Orphans; current: Orphans };
}
interface Ref {
  name: string;
  id: string;
}

export async function findEndedBuildRefs(stores: Stores, references: References, rules: Rules): Promise<Candidate[]> {
  const { find } = createRepositories(stores.folders.repositories);
  const found: Candidate[] = [];
  for (const name of await foldersIn(stores.folders.repositories)) {
    const projectId = name.replace(/\.git$/, '');
    if (!name.endsWith('.git') || !isId(projectId)) continue;
    const git = await find(projectId);
    if (git !== undefined) found.push(...(await candidatesOf({ ...stores, git, projectId }, references, rules)));
  }
  return found;
}

async function candidatesOf(
  stores: Stores & { git: ProjectGit; projectId: string },
  references: References,
  rules: Rules,
): Promise<Candidate[]> {
  const { git, projectId } = stores;
  const refs = await listRefs(git);
  const endedKeys = new Set<string>();
  for (const buildKey of new Set(refs.flatMap(({ name }) => buildKeyOf(name) ?? []))) {
    if (await isOver(stores, { buildKey, projectId }, { references, rules })) endedKeys.add(buildKey);
  }
  const keptBuildIds = new Set(
    refs
      .flatMap(({ name }) => buildKeyOf(name) ?? [])
      .filter((buildKey) => !endedKeys.has(buildKey))
      .map(buildIdOf),
  );
  const endedRefs = refs.filter(({ name }) => {
    const [buildKey, view] = [buildKeyOf(name), VIEW_REF.exec(name)?.[1]];
    return (
      (buildKey !== undefined && endedKeys.has(buildKey)) ||
      (view !== undefined && endsView(view, { endedKeys, keptBuildIds }))
    );
  });
  const mustPack = await needsPacking(git);
  if (endedRefs.length === 0 && !mustPack) return [];
  const bytes = await measureBytesOnlyIn(git, endedRefs);
  const remove = async (): Promise<number> => {
    const before = (await folderUse(git.folder, NO_LIMIT)).bytes;
    await deleteRefs(git, endedRefs);
    await removeObjects(git, references, rules);
    return Math.max(0, before - (await folderUse(git.folder, NO_LIMIT)).bytes);
  };
  return [{ kind: 'repositories', project: projectId, bytes, remove }];
}

const buildKeyOf = (ref: string): string | undefined => {
  const [, one, other] = BUILD_REF.exec(ref) ?? [];
  return one ?? other;
};
const buildIdOf = (buildKey: string): string => buildKey.split('.')[0] ?? buildKey;

function endsView(
  buildId: string,
  { endedKeys, keptBuildIds }: { endedKeys: Set<string>; keptBuildIds: Set<string> },
): boolean {
  return !keptBuildIds.has(buildId) && [...endedKeys].some((buildKey) => buildIdOf(buildKey) === buildId);
}

/** True for a build without a live release that was cancelled, or that has no record and no workflow, for long enough. */
async function isOver(
  { documents, orphans }: Stores,
  { buildKey, projectId }: { buildKey: string; projectId: string },
  { references, rules }: { references: References; rules: Rules },
): Promise<boolean> {
  const [buildId = '', requestKey] = buildKey.split('.');
  if (!isId(buildId)) return false;
  const workflowId = workflowIdOf({ projectId, buildId });
  if (references.openBuilds.has(workflowId)) return false;
  const record = await documents.load('records', workflowId);
  const keepMs = Math.max(rules.keepMs, rules.graceMs);
  if (record !== undefined && record.requestKey === requestKey) {
    if (!record.cancelled || rules.now - Date.parse(record.completedAt) <= keepMs) return false;
    return !(await wasReleased(documents, { projectId, buildId }));
  }
  if (await wasReleased(documents, { projectId, buildId })) return false;
  const key = `${projectId}/${buildKey}`;
  const since = orphans.previous[key] ?? rules.now;
  orphans.current[key] = since;
  return rules.now - since > keepMs;
}

/** True if a release of this build id (of any request) went live and was not undone: it may be restored. */
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
  return (counts.get('count') ?? 0) > MAX_LOOSE_OBJECTS || (counts.get('packs') ?? 0) > MAX_PACKS;
}

/** Returns the bytes on disk, as packed now, of the objects that only these refs reach. */
async function measureBytesOnlyIn(git: ProjectGit, endedRefs: readonly Ref[]): Promise<number> {
  if (endedRefs.length === 0) return 0;
  const names = new Set(endedRefs.map(({ name }) => name));
  const others = (await listRefs(git)).filter(({ name }) => !names.has(name));
  const stdin = [...endedRefs.map(({ id }) => id), ...others.map(({ id }) => `^${id}`)].join('\n');
  const call = { stdin: `${stdin}\n`, timeoutMs: GC_TIMEOUT_MS };
  const { stdout } = await git(['rev-list', '--objects', '--disk-usage', '--stdin'], call);
  return Number(stdout.toString('utf8').trim());
}

/** Deletes all refs or none: a ref that moved meanwhile is in use again, and the next run checks it again. */
async function deleteRefs(git: ProjectGit, endedRefs: readonly Ref[]): Promise<void> {
  if (endedRefs.length === 0) return;
  const lines = endedRefs.map(({ name, id }) => `delete ${name} ${id}\n`);
  await git(['update-ref', '--stdin'], { stdin: lines.join('') });
}

async function removeObjects(git: ProjectGit, references: References, rules: Rules): Promise<void> {
  await makeKeepRefs(git, references);
  try {
    const since = String(Math.floor((rules.now - rules.graceMs) / 1_000));
    const call = { timeoutMs: GC_TIMEOUT_MS };
    await git(['pack-refs', '--all', '--prune'], call);
    await git(['repack', '-A', '-d', '-l', '-q', `--unpack-unreachable=${since}`], call);
    await git(['prune', `--expire=${since}`], call);
    await removeLfs(git, Number(since) * 1_000);
  } finally {
    await removeKeepRefs(git);
  }
}

/** Makes temporary refs to the commits that open builds name. First it removes those that a killed run left. */
async function makeKeepRefs(git: ProjectGit, { commits }: References): Promise<void> {
  await removeKeepRefs(git);
  if (commits.size === 0) return;
  const { stdout } = await git(['cat-file', '--batch-check'], { stdin: [...commits].join('\n') });
  const existing = stdout
    .toString('utf8')
    .split('\n')
    .filter((line) => / commit \d+$/.test(line));
  const lines = existing.map((line) => `update ${KEEP_REFS}${line.slice(0, 40)} ${line.slice(0, 40)}\n`);
  if (lines.length > 0) await git(['update-ref', '--stdin'], { stdin: lines.join('') });
}

async function removeKeepRefs(git: ProjectGit): Promise<void> {
  const keepRefs = (await listRefs(git)).filter(({ name }) => name.startsWith(KEEP_REFS));
  if (keepRefs.length > 0)
    await git(['update-ref', '--stdin'], { stdin: keepRefs.map(({ name }) => `delete ${name}\n`).join('') });
}

/** Removes LFS contents to which no commit of the remaining refs has a pointer. */
async function removeLfs(git: ProjectGit, limitMs: number): Promise<void> {
  const root = join(git.folder, 'lfs', 'objects');
  const prefixes = await foldersIn(root);
  if (prefixes.length === 0) return;
  const { stdout } = await git(['for-each-ref', '--format=%(objecttype) %(objectname) %(*objectname)']);
  const commits = stdout
    .toString('utf8')
    .split('\n')
    .flatMap((line) => /^commit ([0-9a-f]{40})|^tag \S+ ([0-9a-f]{40})/.exec(line)?.slice(1) ?? []);
  const pointedOids = new Set<string>();
  for (const commit of new Set(commits.filter(Boolean))) {
    for (const { oid } of await listPointers(git, commit)) pointedOids.add(oid);
  }
  for (const prefix of prefixes) {
    for (const below of await foldersIn(join(root, prefix))) {
      const names = (await namesIn(join(root, prefix, below))).filter((name) => /^[0-9a-f]{64}$/.test(name));
      for (const oid of names.filter((name) => !pointedOids.has(name)))
        await removeUnused(lfsObjectOf(git.folder, oid), limitMs);
    }
  }
}
