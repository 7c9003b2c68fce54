/**
 * Reads the material of experiments from git: the changed sources with their units and the changed tests with their expectations. It
 * runs nothing.
 */
import type { FoundMaterial } from '../../inspect/readings/material';
import { codeKindOf, isDataPath } from '../../inspect/units/paths';
import type { LaidFile } from '../../ports/test-runner';
import type { RepoId } from '../../ports/workspace';
import type { Deps } from '../deps';
import { runReader } from '../run-reader';
import { isHandWritten } from './hand-written';
import { findSelfComparisons } from './made-by-run';

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
  /** New and changed tests of all roles, with the texts that run. */
  tests: LaidFile[];
  /** True for a test file, false for code of the product. */
  isTest(path: string): boolean;
}

export async function readMaterial(deps: Pick<Deps, 'workspace' | 'readers'>, span: Span): Promise<Material> {
  const { workspace } = deps;
  const { repo, base, commit, tests: testFiles, isTest } = span;
  const allChanges = await workspace.contentChanges(repo, base, commit);
  const deletedContents = new Set(allChanges.filter(({ after }) => after === null).map(({ before }) => before));
  // A file that was moved without an edit needs no new test.
  const changes = allChanges.filter(
    ({ before, after }) => after !== null && !(before === null && deletedContents.has(after)),
  );
  const testPaths = new Set(testFiles.map(({ path }) => path));
  const paths = changes.map(({ path }) => path).filter((path) => !testPaths.has(path) && !isTest(path));
  const [before, after, diff] = await Promise.all([
    workspace.contents({ ...repo, commit: base }, [...paths, ...testPaths]),
    workspace.contents({ ...repo, commit }, paths),
    workspace.diff(repo, base, commit),
  ]);
  const sources = [...after].map(([path, text]) => ({ path, before: before.get(path) ?? null, after: text }));
  const tests = testFiles.map(({ path, text }) => ({ path, before: before.get(path) ?? null, after: text }));
  const sourcesWithFlags = await Promise.all(
    sources.map(async (file) => ({
      ...file,
      isRead: isDataPath(file.path) && (await isNamedBySource({ workspace }, file.path, span)),
      isHandWritten: await isHandWritten({ workspace }, file, span),
    })),
  );
  const { goldens, snapshots, ...found } = await runReader(deps, 'material', {
    sources: sourcesWithFlags,
    tests,
    diff,
  });
  const idle = [
    ...found.idle,
    ...(await findSelfComparisons({ workspace }, { ...repo, commit }, { goldens, snapshots })),
  ];
  return { sources, tests, ...found, idle };
}

/** True where another source file of the product names the file. */
async function isNamedBySource({ workspace }: Pick<Deps, 'workspace'>, path: string, { repo, commit, isTest }: Span) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const filesWithName = await workspace.filesWith({ ...repo, commit }, name);
  return filesWithName.some((other) => other !== path && !isTest(other) && codeKindOf(other).kind === 'tree');
}
