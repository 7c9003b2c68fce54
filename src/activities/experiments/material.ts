/**
 * What a change offers to experiments: its sources with their units, its tests with their expectations. Read from git, nothing is run.
 */
import type { FoundMaterial } from '../../inspect/readings/material';
import { codeKindOf, isDataPath } from '../../inspect/units/paths';
import type { LaidFile } from '../../ports/test-runner';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';
import { runReader } from '../run-reader';
import { isHandWritten } from './hand-written';
import { madeByRun } from './made-by-run';

/** A changed file with its texts; `before` is null where it is new. */
export interface ChangedText {
  path: string;
  before: string | null;
  after: string;
}

export interface Material extends Omit<FoundMaterial, 'goldens' | 'snapshots'> {
  sources: ChangedText[];
  tests: ChangedText[];
}

interface Span {
  repo: RepoId;
  base: string;
  commit: string;
  /** New and changed tests, by whichever role, with the texts that run. */
  tests: LaidFile[];
  /** True for a path that holds tests, not code of the product. */
  isTest(path: string): boolean;
}

export async function readMaterial(deps: Pick<Deps, 'workspace' | 'readers'>, span: Span): Promise<Material> {
  const { workspace } = deps;
  const { repo, base, commit, tests: given, isTest } = span;
  const all = await workspace.contentChanges(repo, base, commit);
  const gone = new Set(all.filter(({ after }) => after === null).map(({ before }) => before));
  // A file that moved as it is asks nothing new of any test.
  const changes = all.filter(({ before, after }) => after !== null && !(before === null && gone.has(after)));
  const ofTests = new Set(given.map(({ path }) => path));
  const paths = changes.map(({ path }) => path).filter((path) => !ofTests.has(path) && !isTest(path));
  const [before, after, diff] = await Promise.all([
    workspace.contents({ ...repo, commit: base }, [...paths, ...ofTests]),
    workspace.contents({ ...repo, commit }, paths),
    workspace.diff(repo, base, commit),
  ]);
  const sources = [...after].map(([path, text]) => ({ path, before: before.get(path) ?? null, after: text }));
  const tests = given.map(({ path, text }) => ({ path, before: before.get(path) ?? null, after: text }));
  const told = await Promise.all(
    sources.map(async (file) => ({
      ...file,
      isRead: isDataPath(file.path) && (await isNamed({ workspace }, file.path, span)),
      isHandWritten: await isHandWritten({ workspace }, file, span),
    })),
  );
  const { goldens, snapshots, ...found } = await runReader(deps, 'material', { sources: told, tests, diff });
  const idle = [...found.idle, ...(await madeByRun({ workspace }, { ...repo, commit }, { goldens, snapshots }))];
  return { sources, tests, ...found, idle };
}

/** A source of the product, not a test and not the file itself, names it. */
async function isNamed({ workspace }: Pick<Deps, 'workspace'>, path: string, { repo, commit, isTest }: Span) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const named = await workspace.filesWith({ ...repo, commit }, name);
  return named.some((other) => other !== path && !isTest(other) && codeKindOf(other).kind === 'tree');
}
