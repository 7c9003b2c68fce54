/**
 * Finds the file of each Go test: an event names only the package, so this searches its test files for the function.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LaidFile, TestCase } from '../../ports/test-runner';
import type { Tree } from '../../inspect/test-output/locate';

/** The files of a run: a folder, and the files that replace or add to it. */
export interface RunFiles {
  folder: string;
  laidFiles: LaidFile[];
}

/** Makes a function that adds the file to a Go test; it returns undefined for tests that are not in `goTests`. */
export async function createGoLocator(
  { folder, laidFiles }: RunFiles,
  goTests: TestCase[],
  { files }: Tree,
): Promise<(test: TestCase) => TestCase | undefined> {
  const texts = new Map(laidFiles.map(({ path, text }) => [path, text]));
  const packages = new Set(goTests.map(({ file }) => file));
  const fileByTest = new Map<string, string>();
  for (const file of goTests.length === 0 ? [] : files.filter((path) => path.endsWith('_test.go'))) {
    const text = texts.get(file) ?? (await readFile(join(folder, file), 'utf8').catch(() => ''));
    for (const [, name] of text.matchAll(/^func ((?:Test|Example|Fuzz|Benchmark)\w*)\(/gm)) {
      for (const packageName of packagesOf(dirname(file), packages))
        fileByTest.set(`${packageName}\n${name ?? ''}`, file);
    }
  }
  const goTestSet = new Set(goTests);
  return (test) => {
    if (!goTestSet.has(test)) return undefined;
    const [name = ''] = test.name.split('/');
    const file = fileByTest.get(`${test.file}\n${name}`) ?? '';
    return { ...test, file, name: file === '' ? `${test.file} > ${test.name}` : test.name };
  };
}

/** Returns the packages whose path shares the longest end with the folder's path. */
function packagesOf(folder: string, packages: ReadonlySet<string>): string[] {
  const parts = folder === '.' ? [] : folder.split('/');
  for (let from = 0; from <= parts.length; from += 1) {
    const end = parts.slice(from).join('/');
    const found = [...packages].filter((name) => end === '' || name === end || name.endsWith(`/${end}`));
    if (found.length > 0) return end === '' ? shortest(found) : found;
  }
  return [];
}

/** Returns the names with the fewest parts: the package in the module's root folder. */
function shortest(names: string[]): string[] {
  const length = Math.min(...names.map((name) => name.split('/').length));
  return names.filter((name) => name.split('/').length === length);
}
