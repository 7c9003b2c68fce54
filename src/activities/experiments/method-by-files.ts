/**
 * The way to run tests by naming their files, by the project's own settings: those that belong to a change, or all of a run.
 */
import type { TestMethod } from '../testing/run-tests';
import type { Subject } from './subject';

/** Undefined where the runner cannot be given these files. */
export async function methodByFiles({ candidate, series }: Subject, files: string[]): Promise<TestMethod | undefined> {
  if (files.length === 0) return undefined;
  const { deps } = series;
  const { method, run } = candidate;
  const { workdir } = await deps.checkouts.look({ ...method.repo, commit: method.base }, method.wish);
  const command = deps.runners.byFiles(run.runner, files, workdir);
  return command === undefined ? undefined : { ...method, choice: { ...method.choice, command } };
}

/** Test files of the run that are the change's own, or whose text names a changed file; none where that is all of them. */
export async function filesOfChange({ candidate, material, series }: Subject): Promise<string[]> {
  const { deps, commit } = series;
  const all = [...new Set(candidate.run.tests.map(({ file }) => file))].filter((file) => file !== '');
  const own = new Set(material.tests.map(({ path }) => path));
  const stems = material.sources.map(({ path }) => stemOf(path)).filter((stem) => stem.length > 1);
  const texts = await deps.workspace.contents({ ...candidate.method.repo, commit }, all);
  const files = all.filter((path) => own.has(path) || stems.some((stem) => texts.get(path)?.includes(stem) === true));
  return files.length === all.length ? [] : files;
}

/** `price` of src/price.js, and the folder of an index file: what an import of it says. */
function stemOf(path: string): string {
  const parts = path.split('/');
  const name = (parts.at(-1) ?? '').replace(/\..*$/, '');
  return /^(?:index|mod|lib|main|__init__)$/.test(name) ? (parts.at(-2) ?? name) : name;
}
