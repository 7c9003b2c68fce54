/**
 * Finds copies of releases to remove. It keeps the live release, the releases to which a rollback may lead, the newest ones, and
 * those of open builds.
 *
 * A document is written before a copy is removed, so that the list of releases can say why the release cannot go live again.
 */
import { readlink, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isId, releaseKeyOf, workflowIdOf } from '../../domain/ids';
import type { DocumentStore } from '../../ports/documents';
import { withLock } from '../machine/lock';
import { removeFolder } from '../machine/remove-folder';
import { namesIn, restoreInterruptedRemovals, setAside } from '../machine/remove-unused';
import { folderUse } from '../machine/usage';
import { createReleaseStore } from '../releases/release-store';
import { projectFolder } from '../releases/project-folder';
import type { ProjectFolder } from '../releases/project-folder';
import { unusedSince } from './contents';
import { foldersIn } from './references';
import type { Candidate, Folders, References, Rules } from './rules';

/** Number of predecessors of the live release that are kept for rollbacks. */
const KEPT_PREDECESSORS = 3;
const NO_LIMIT = { bytes: Infinity, files: Infinity };

export async function findOldCopies(
  { folders, documents }: { folders: Folders; documents: DocumentStore },
  references: References,
  rules: Rules,
): Promise<Candidate[]> {
  const projects = (await foldersIn(folders.releases)).filter(isId);
  const found = projects.map(async (projectId) => {
    if (references.restoringProjects.has(projectId)) return [];
    const project = projectFolder(folders.releases, projectId);
    await restoreInterruptedRemovals(join(project.folder, 'releases'));
    const keptNumbers = await findKeptNumbers({ folders, project, projectId, documents }, references, rules);
    const removable = (await numbersIn(project)).filter((number) => !keptNumbers.has(number));
    return Promise.all(
      removable.map((number) => copyCandidate({ folders, project, projectId, documents, number }, references, rules)),
    );
  });
  return (await Promise.all(found)).flat();
}

interface ProjectReleases {
  folders: Folders;
  project: ProjectFolder;
  projectId: string;
  documents: DocumentStore;
}

async function copyCandidate(
  releases: ProjectReleases & { number: number },
  references: References,
  rules: Rules,
): Promise<Candidate> {
  const { project, projectId, documents, number } = releases;
  const path = project.release(number);
  const { bytes } = await folderUse(path, NO_LIMIT);
  return {
    ...{ kind: 'releases', project: projectId, bytes },
    async remove() {
      // The lock of the releases keeps all of them in place while this one is checked again and renamed.
      const renamedPath = await withLock({ file: project.lock, waitMs: 60_000, isFenced: true }, async () => {
        if ((await findKeptNumbers(releases, references, rules)).has(number)) return undefined;
        const at = new Date(rules.now).toISOString();
        await documents.keepFirst('release-reclaimed', releaseKeyOf(projectId, number), { at });
        return setAside(path, Infinity);
      });
      if (renamedPath === undefined) return 0;
      await removeFolder(renamedPath);
      return bytes;
    },
  };
}

/** Returns the numbers to keep; also those without documents: they belong to another program or another document store. */
async function findKeptNumbers(releases: ProjectReleases, references: References, rules: Rules): Promise<Set<number>> {
  const { project, projectId, documents } = releases;
  const store = createReleaseStore(documents, projectId);
  const numbers = (await numbersIn(project)).sort((a, b) => b - a);
  const keptNumbers = new Set(numbers.slice(0, rules.keepReleases));
  const documentedNumber = (await documents.load('release-current', projectId))?.number;
  const linkedNumber = Number(
    /^releases\/(\d+)$/.exec(await readlink(project.current).catch(() => ''))?.[1] ?? Number.NaN,
  );
  for (const live of [documentedNumber, linkedNumber]) {
    let at: number | null = live ?? null;
    for (let steps = 0; at !== null && steps <= KEPT_PREDECESSORS;) {
      keptNumbers.add(at);
      // A rollback skips releases that were undone, so they do not count.
      if (!(await store.wasUndone(at))) steps += 1;
      at = (await store.previousOf(at))?.number ?? null;
    }
  }
  for (const number of numbers.filter((candidate) => !keptNumbers.has(candidate))) {
    const intent = await store.intentOf(number);
    const isOpen =
      intent !== undefined && references.openBuilds.has(workflowIdOf({ projectId, buildId: intent.buildId }));
    if (intent === undefined || isOpen || !(await isOld(releases, number, rules))) keptNumbers.add(number);
  }
  return keptNumbers;
}

/** True if the release got its number long enough ago. */
async function isOld({ folders, projectId }: ProjectReleases, number: number, rules: Rules): Promise<boolean> {
  const file = join(folders.documents, 'release-numbers', `${releaseKeyOf(projectId, number)}.json`);
  return (await stat(file)).mtimeMs < unusedSince(rules);
}

async function numbersIn(project: ProjectFolder): Promise<number[]> {
  return (await namesIn(join(project.folder, 'releases'))).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}
