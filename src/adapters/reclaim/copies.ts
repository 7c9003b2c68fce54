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
import { namesIn, putBack, setAside } from '../machine/remove-unused';
import { folderUse } from '../machine/usage';
import { createLedger } from '../releases/ledger';
import { projectFolder } from '../releases/project-folder';
import type { ProjectFolder } from '../releases/project-folder';
import { lastUse } from './contents';
import { foldersIn } from './named';
import type { Candidate, Folders, Named, Rules } from './rules';

/** So many predecessors of the live release are kept for rollbacks. */
const KEPT_PREDECESSORS = 3;
const NO_LIMIT = { bytes: Infinity, files: Infinity };

export async function oldCopies(
  { folders, documents }: { folders: Folders; documents: DocumentStore },
  named: Named,
  rules: Rules,
): Promise<Candidate[]> {
  const projects = (await foldersIn(folders.releases)).filter(isId);
  const found = projects.map(async (projectId) => {
    if (named.restoring.has(projectId)) return [];
    const project = projectFolder(folders.releases, projectId);
    await putBack(join(project.folder, 'releases'));
    const kept = await keptNumbers({ folders, project, projectId, documents }, named, rules);
    const removable = (await numbersIn(project)).filter((number) => !kept.has(number));
    return Promise.all(
      removable.map((number) => copy({ folders, project, projectId, documents, number }, named, rules)),
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

async function copy(releases: ProjectReleases & { number: number }, named: Named, rules: Rules): Promise<Candidate> {
  const { project, projectId, documents, number } = releases;
  const path = project.release(number);
  const { bytes } = await folderUse(path, NO_LIMIT);
  return {
    ...{ kind: 'releases', project: projectId, bytes },
    async remove() {
      // The lock of the releases keeps all of them in place while this one is checked again and renamed.
      const renamed = await withLock({ file: project.lock, waitMs: 60_000, isFenced: true }, async () => {
        if ((await keptNumbers(releases, named, rules)).has(number)) return undefined;
        const at = new Date(rules.now).toISOString();
        await documents.keepFirst('release-reclaimed', releaseKeyOf(projectId, number), { at });
        return setAside(path, Infinity);
      });
      if (renamed === undefined) return 0;
      await removeFolder(renamed);
      return bytes;
    },
  };
}

/** Returns the numbers to keep; also those without documents: they belong to another program or another document store. */
async function keptNumbers(releases: ProjectReleases, named: Named, rules: Rules): Promise<Set<number>> {
  const { project, projectId, documents } = releases;
  const ledger = createLedger(documents, projectId);
  const numbers = (await numbersIn(project)).sort((a, b) => b - a);
  const kept = new Set(numbers.slice(0, rules.keepReleases));
  const noted = (await documents.load('release-current', projectId))?.number;
  const linked = Number(/^releases\/(\d+)$/.exec(await readlink(project.current).catch(() => ''))?.[1] ?? Number.NaN);
  for (const live of [noted, linked]) {
    let at: number | null = live ?? null;
    for (let steps = 0; at !== null && steps <= KEPT_PREDECESSORS;) {
      kept.add(at);
      // A rollback skips releases that were undone, so they do not count.
      if (!(await ledger.wasUndone(at))) steps += 1;
      at = (await ledger.previousOf(at))?.number ?? null;
    }
  }
  for (const number of numbers.filter((candidate) => !kept.has(candidate))) {
    const intent = await ledger.intentOf(number);
    const isOpen = intent !== undefined && named.open.has(workflowIdOf({ projectId, buildId: intent.buildId }));
    if (intent === undefined || isOpen || !(await isOld(releases, number, rules))) kept.add(number);
  }
  return kept;
}

/** True if the release got its number long enough ago. */
async function isOld({ folders, projectId }: ProjectReleases, number: number, rules: Rules): Promise<boolean> {
  const file = join(folders.documents, 'release-numbers', `${releaseKeyOf(projectId, number)}.json`);
  return (await stat(file)).mtimeMs < lastUse(rules);
}

async function numbersIn(project: ProjectFolder): Promise<number[]> {
  return (await namesIn(join(project.folder, 'releases'))).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}
