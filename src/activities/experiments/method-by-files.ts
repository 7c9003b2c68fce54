/**
 * Makes a test method that names test files to the project's runner: the test files of a change, or all files of a run.
 */
import type { TestMethod } from '../testing/run-tests';
import type { Subject } from './subject';

/** Gives the test method for these files; undefined where the runner cannot take file names. */
export async function methodByFiles({ candidate, series }: Subject, files: string[]): Promise<TestMethod | undefined> {
  if (files.length === 0) return undefined;
  const { deps } = series;
  const { method, run } = candidate;
  const { workdir } = await deps.checkouts.look({ ...method.repo, commit: method.base }, method.overrides);
  const command = deps.runners.byFiles(run.runner, files, workdir);
  return command === undefined ? undefined : { ...method, choice: { ...method.choice, command } };
}

/** Gives the test files that the change adds or alters, or that name a changed file; none where these are all files of the run. */
export async function filesOfChange({ candidate, material, series }: Subject): Promise<string[]> {
  const { deps, commit } = series;
  const all = [...new Set(candidate.run.tests.map(({ file }) => file))].filter((file) => file !== '');
  const changedTestPaths = new Set(material.tests.map(({ path }) => path));
  const stems = material.sources.map(({ path }) => stemOf(path)).filter((stem) => stem.length > 1);
  const texts = await deps.workspace.contents({ ...candidate.method.repo, commit }, all);
  const files = all.filter(
    (path) => changedTestPaths.has(path) || stems.some((stem) => texts.get(path)?.includes(stem) === true),
  );
  return files.length === all.length ? [] : files;
}

/** Gives the name by which an import names the file: `price` for src/price.js, the folder's name for an index file. */
function stemOf(path: string): string {
  const parts = path.split('/');
  const name = (parts.at(-1) ?? '').replace(/\..*$/, '');
  return /^(?:index|mod|lib|main|__init__)$/.test(name) ? (parts.at(-2) ?? name) : name;
}
