/**
 * Files of Go tests: an event names the package, and the function stands in one of its test files.
 */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LaidFile, TestCase } from '../../ports/test-runner';
import type { Tree } from '../../inspect/test-output/locate';

/** What a run sees: the tree on disk, and the files that are laid over it. */
export interface SeenTree {
  folder: string;
  laid: LaidFile[];
}

/** Undefined for a test that no event of Go told. */
export async function createGoLocator(
  { folder, laid }: SeenTree,
  told: TestCase[],
  { files }: Tree,
): Promise<(test: TestCase) => TestCase | undefined> {
  const texts = new Map(laid.map(({ path, text }) => [path, text]));
  const packages = new Set(told.map(({ file }) => file));
  const places = new Map<string, string>();
  for (const file of told.length === 0 ? [] : files.filter((one) => one.endsWith('_test.go'))) {
    const text = texts.get(file) ?? (await readFile(join(folder, file), 'utf8').catch(() => ''));
    for (const [, name] of text.matchAll(/^func ((?:Test|Example|Fuzz|Benchmark)\w*)\(/gm)) {
      for (const of of packagesOf(dirname(file), packages)) places.set(`${of}\n${name ?? ''}`, file);
    }
  }
  const own = new Set(told);
  return (test) => {
    if (!own.has(test)) return undefined;
    const [name = ''] = test.name.split('/');
    const file = places.get(`${test.file}\n${name}`) ?? '';
    return { ...test, file, name: file === '' ? `${test.file} > ${test.name}` : test.name };
  };
}

/** The package whose path ends with the most of the folder's. */
function packagesOf(folder: string, packages: ReadonlySet<string>): string[] {
  const parts = folder === '.' ? [] : folder.split('/');
  for (let from = 0; from <= parts.length; from += 1) {
    const end = parts.slice(from).join('/');
    const found = [...packages].filter((one) => end === '' || one === end || one.endsWith(`/${end}`));
    if (found.length > 0) return end === '' ? shortest(found) : found;
  }
  return [];
}

/** The root of the module. */
function shortest(names: string[]): string[] {
  const length = Math.min(...names.map((name) => name.split('/').length));
  return names.filter((name) => name.split('/').length === length);
}
