/**
 * Reads what is in a commit: its entries, the derived project, and the digest of what each install step may read.
 */
import type { ProjectWish } from '../../ports/checkouts';
import type { TreeAt, TreeItem, Workspace } from '../../ports/workspace';
import { sha256 } from '../../inspect/digest';
import { seenFrom } from '../../inspect/places';
import { deriveProject, isDerivedFrom } from '../../inspect/project/derive-project';
import type { DerivedProject, DerivedStep } from '../../inspect/project/derive-project';

export interface ReadProject extends DerivedProject {
  at: TreeAt;
  entries: TreeItem[];
  /** By step, in their order: the digest of the files that it reads. */
  inputs: string[];
}

const LIMIT = 64;
/** How deep files may name each other. */
const ROUNDS = 12;

/** Remembers the last commits that it read: a commit never changes. */
export function createProjectReader(workspace: Workspace, allowsScripts: boolean) {
  const known = new Map<string, Promise<ReadProject>>();
  return async (at: TreeAt, wish: ProjectWish): Promise<ReadProject> => {
    const given = await workspace.givenFolder(at);
    const key = JSON.stringify([at.projectId, at.commit, given, wish.workdir ?? null, wish.setup ?? null]);
    const found = known.get(key) ?? readProject(workspace, at, { ...wish, given, allowsScripts });
    known.delete(key);
    known.set(key, found);
    found.catch(() => known.delete(key));
    for (const oldest of known.keys()) if (known.size > LIMIT) known.delete(oldest);
    return found;
  };
}

async function readProject(
  workspace: Workspace,
  at: TreeAt,
  wish: ProjectWish & { given: string; allowsScripts: boolean },
): Promise<ReadProject> {
  const entries = await workspace.entries(at);
  const paths = entries.filter(({ mode }) => mode.startsWith('100')).map(({ path }) => path);
  const texts = await workspace.contents(at, paths.filter(isDerivedFrom));
  const derived = await deriveAsking(new Map(texts), {
    derive: (read) => deriveProject({ paths, read }, wish),
    paths: new Set(paths),
    fetch: (asked) => workspace.contents(at, asked),
  });
  const inputs = derived.steps.map((step) => sha256(JSON.stringify(readBy(step, entries))));
  return { ...derived, at, entries, inputs };
}

/** A file may name others: what was asked for in vain is fetched, and the project derived again. */
async function deriveAsking(
  texts: Map<string, string>,
  source: {
    derive(read: (path: string) => string | undefined): DerivedProject;
    paths: ReadonlySet<string>;
    fetch(paths: string[]): Promise<ReadonlyMap<string, string>>;
  },
): Promise<DerivedProject> {
  const tried = new Set(texts.keys());
  for (let round = 1; ; round += 1) {
    const asked = new Set<string>();
    const derived = source.derive((path) => {
      if (source.paths.has(path) && !tried.has(path)) asked.add(path);
      return texts.get(path);
    });
    if (asked.size === 0 || round === ROUNDS) return derived;
    for (const [path, text] of await source.fetch([...asked])) texts.set(path, text);
    asked.forEach((path) => tried.add(path));
  }
}

/** The files that a step may see, as far as it sees their content; then those whose names it sees. */
export function readBy(step: Pick<DerivedStep, 'folder' | 'plan'>, entries: TreeItem[]): TreeItem[] {
  const below = step.folder === '' ? '' : `${step.folder}/`;
  return entries.filter(({ path }) =>
    path.startsWith(below)
      ? step.plan.reads(path.slice(below.length))
      : step.plan.beyond?.(seenFrom(step.folder, path)) === true,
  );
}
