/**
 * The test files of a checkout, found by us, so that no setting of the tree can leave one out.
 */
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { TestRunInput } from '../../ports/test-runner';

const NOT_OURS = new Set(['node_modules', '.git', '.venv', 'venv', '__pycache__', 'coverage', 'dist']);

/** The files to run: those that are asked for, else all that are found; the locked ones in any case. */
export async function filesToRun(
  { checkout, only, locked = [] }: TestRunInput,
  testFiles: RegExp,
  selectors: string[] = [],
): Promise<string[]> {
  const found = only ?? (await findTestFiles(checkout.folder, testFiles, selectors));
  return [...new Set([...found, ...locked.map(({ path }) => path)])];
}

/** Relative paths, sorted. `selectors` are the folders, files and globs that the command names; none: all of the runner's pattern. */
async function findTestFiles(folder: string, testFiles: RegExp, selectors: string[]): Promise<string[]> {
  const files = await walk(folder, folder);
  const patterns = selectors.map(toPattern);
  const isChosen = (file: string): boolean => patterns.length === 0 || patterns.some((one) => one.test(file));
  const named = new Set(selectors.map(tidy));
  // A folder selects the tests in it; a file that is named or globbed is one, whatever it is called.
  return files
    .filter((file) => isChosen(file) && (testFiles.test(file) || named.has(file) || isGlobbed(file, selectors)))
    .sort();
}

function isGlobbed(file: string, selectors: string[]): boolean {
  return selectors.some((one) => /[*{?]/.test(one) && toPattern(one).test(file));
}

async function walk(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : walk(root, path);
      return entry.isFile() ? [relative(root, path)] : [];
    }),
  );
  return found.flat();
}

const tidy = (path: string): string => path.replace(/^\.\//, '').replace(/\/$/, '');

function toPattern(selector: string): RegExp {
  const source = tidy(selector)
    .split(/(\*\*\/?|\*|\?|\{[^}]*\})/)
    .map((part) => {
      if (part.startsWith('**')) return '(?:.*/)?';
      if (part === '*') return '[^/]*';
      if (part === '?') return '[^/]';
      if (part.startsWith('{')) return `(?:${part.slice(1, -1).split(',').map(escape).join('|')})`;
      return escape(part);
    })
    .join('');
  return new RegExp(source === '' || source === '\\.' ? '^' : `^${source}(?:/|$)`);
}

function escape(text: string): string {
  return text.replace(/[.+^$()|[\]\\{}*?]/g, '\\$&');
}
