/**
 * Reads a commit's project: its entries, the derived setup steps, and the digest of the files that each step may read.
 */
import type { ProjectOverrides } from '../../ports/checkouts';
import type { TreeAt, TreeItem, Workspace } from '../../ports/workspace';
import { sha256 } from '../../inspect/digest';
import { relativePath } from '../../inspect/places';
import { deriveProject, isDerivedFrom } from '../../inspect/project/derive-project';
import type { DerivedProject, DerivedStep } from '../../inspect/project/derive-project';

export interface CommitProject extends DerivedProject {
  at: TreeAt;
  entries: TreeItem[];
  /** For each step, in order: the digest of the files that the step reads. */
  inputs: string[];
}

const MAX_CACHED_PROJECTS = 64;
/** Bounds the depth of files that refer to other files. */
const MAX_ROUNDS = 12;

/** Returns a function that reads a project. It caches the last projects, because a commit never changes. */
export function createProjectReader(workspace: Workspace, allowsScripts: boolean) {
  const cached = new Map<string, Promise<CommitProject>>();
  return async (at: TreeAt, overrides: ProjectOverrides): Promise<CommitProject> => {
    const givenFolder = await workspace.givenFolder(at);
    const key = JSON.stringify([
      at.projectId,
      at.commit,
      givenFolder,
      overrides.workdir ?? null,
      overrides.setup ?? null,
    ]);
    const found = cached.get(key) ?? readProject(workspace, at, { ...overrides, given: givenFolder, allowsScripts });
    cached.delete(key);
    cached.set(key, found);
    found.catch(() => cached.delete(key));
    for (const oldest of cached.keys()) if (cached.size > MAX_CACHED_PROJECTS) cached.delete(oldest);
    return found;
  };
}

async function readProject(
  workspace: Workspace,
  at: TreeAt,
  overrides: ProjectOverrides & { given: string; allowsScripts: boolean },
): Promise<CommitProject> {
  const entries = await workspace.entries(at);
  const paths = entries.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path);
  const texts = await workspace.contents(at, paths.filter(isDerivedFrom));
  const derived = await deriveWithReferences(new Map(texts), {
    derive: (read) => deriveProject({ paths, read }, overrides),
    paths: new Set(paths),
    fetch: (wanted) => workspace.contents(at, wanted),
  });
  const inputs = derived.steps.map((step) => sha256(JSON.stringify(filesReadBy(step, entries))));
  return { ...derived, at, entries, inputs };
}

/** Derives the project. If it needs files that are not loaded yet, loads them and derives again. */
async function deriveWithReferences(
  texts: Map<string, string>,
  source: {
    derive(read: (path: string) => string | undefined): DerivedProject;
    paths: ReadonlySet<string>;
    fetch(paths: string[]): Promise<ReadonlyMap<string, string>>;
  },
): Promise<DerivedProject> {
  const triedPaths = new Set(texts.keys());
  for (let round = 1; ; round += 1) {
    const missingPaths = new Set<string>();
    const derived = source.derive((path) => {
      if (source.paths.has(path) && !triedPaths.has(path)) missingPaths.add(path);
      return texts.get(path);
    });
    if (missingPaths.size === 0 || round === MAX_ROUNDS) return derived;
    for (const [path, text] of await source.fetch([...missingPaths])) texts.set(path, text);
    missingPaths.forEach((path) => triedPaths.add(path));
  }
}

/** Lists the files whose content a step may see: in its own folder, and in other folders of the project that its plan names. */
export function filesReadBy(step: Pick<DerivedStep, 'folder' | 'plan'>, entries: TreeItem[]): TreeItem[] {
  const below = step.folder === '' ? '' : `${step.folder}/`;
  return entries.filter(({ path }) =>
    path.startsWith(below)
      ? step.plan.reads(path.slice(below.length))
      : step.plan.readsOutside?.(relativePath(step.folder, path)) === true,
  );
}
