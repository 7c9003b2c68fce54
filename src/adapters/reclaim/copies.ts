/**
 * Copies of releases that nobody goes back to: not the live one, nor those on its way back, nor the newest, nor any of an open build.
 *
 * That a copy is reclaimed is written down before it goes, so that the list of releases says why it cannot be made live again.
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
import { projectFolder } from '../releases/place';
import type { ProjectFolder } from '../releases/place';
import { lastUse } from './contents';
import { foldersIn } from './named';
import type { Candidate, Folders, Named, Rules } from './rules';

/** Steps of the way back that stay, behind the live release. */
const WAY_BACK = 3;
const WHOLE = { bytes: Infinity, files: Infinity };

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
    const spare = (await numbersIn(project)).filter((number) => !kept.has(number));
    return Promise.all(spare.map((number) => copy({ folders, project, projectId, documents, number }, named, rules)));
  });
  return (await Promise.all(found)).flat();
}

interface OfProject {
  folders: Folders;
  project: ProjectFolder;
  projectId: string;
  documents: DocumentStore;
}

async function copy(of: OfProject & { number: number }, named: Named, rules: Rules): Promise<Candidate> {
  const { project, projectId, documents, number } = of;
  const path = project.release(number);
  const { bytes } = await folderUse(path, WHOLE);
  return {
    ...{ kind: 'releases', project: projectId, bytes },
    async remove() {
      // Under the lock of the releases: none of them moves while this one is judged once more and renamed.
      const aside = await withLock({ file: project.lock, waitMs: 60_000, isFenced: true }, async () => {
        if ((await keptNumbers(of, named, rules)).has(number)) return undefined;
        const at = new Date(rules.now).toISOString();
        await documents.keepFirst('release-reclaimed', releaseKeyOf(projectId, number), { at });
        return setAside(path, Infinity);
      });
      if (aside === undefined) return 0;
      await removeFolder(aside);
      return bytes;
    },
  };
}

/** Also unknown folders: those of another program, or of a release whose documents are elsewhere. */
async function keptNumbers(of: OfProject, named: Named, rules: Rules): Promise<Set<number>> {
  const { project, projectId, documents } = of;
  const ledger = createLedger(documents, projectId);
  const numbers = (await numbersIn(project)).sort((a, b) => b - a);
  const kept = new Set(numbers.slice(0, rules.keepReleases));
  const noted = (await documents.load('release-current', projectId))?.number;
  const linked = Number(/^releases\/(\d+)$/.exec(await readlink(project.current).catch(() => ''))?.[1] ?? Number.NaN);
  for (const live of [noted, linked]) {
    let at: number | null = live ?? null;
    for (let steps = 0; at !== null && steps <= WAY_BACK;) {
      kept.add(at);
      // A release that was undone is passed over on the way back.
      if (!(await ledger.wasUndone(at))) steps += 1;
      at = (await ledger.previousOf(at))?.number ?? null;
    }
  }
  for (const number of numbers.filter((one) => !kept.has(one))) {
    const intent = await ledger.intentOf(number);
    const isOpen = intent !== undefined && named.open.has(workflowIdOf({ projectId, buildId: intent.buildId }));
    if (intent === undefined || isOpen || !(await isOld(of, number, rules))) kept.add(number);
  }
  return kept;
}

/** By when its number was given. */
async function isOld({ folders, projectId }: OfProject, number: number, rules: Rules): Promise<boolean> {
  const file = join(folders.documents, 'release-numbers', `${releaseKeyOf(projectId, number)}.json`);
  return (await stat(file)).mtimeMs < lastUse(rules);
}

async function numbersIn(project: ProjectFolder): Promise<number[]> {
  return (await namesIn(join(project.folder, 'releases'))).filter((name) => /^[1-9]\d*$/.test(name)).map(Number);
}
