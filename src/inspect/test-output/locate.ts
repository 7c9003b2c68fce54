/**
 * Finds the file of the tree that contains a test, from what the report says: a path, a class, a module. Pure.
 */
import { groupBy } from '../../domain/group-by';
import type { TestCase } from '../../ports/test-runner';

export interface Tree {
  files: string[];
  /** The beginnings of absolute paths of the tree. */
  roots: string[];
  /** Folder in which the command ran; '' is the root. */
  workdir: string;
}

/** Returns a function that gives a test the path of its file, relative to the tree's root; empty if it cannot tell a single file. */
export function createLocator(tree: Tree): (test: TestCase) => TestCase {
  const known = new Set(tree.files);
  const bySuffix = suffixesOf(tree.files);
  const byStem = stemsOf(tree.files);
  const found = new Map<string, string>();
  const locate = (said: string): string => {
    const kept = found.get(said) ?? pathOf(said, { ...tree, known, bySuffix });
    found.set(said, kept);
    return kept;
  };
  return (test) => {
    const { file, name } = test;
    if (file !== '') {
      const path = locate(file);
      // An unknown path is kept: it may be a file that the run made.
      const named = path === '' && /[/.]/.test(file) && !file.startsWith('/') ? file : path;
      return { ...test, file: known.has(named) ? named : (sourceOf(named, byStem) ?? named) };
    }
    const [said = '', ...rest] = name.split(' > ');
    // The runner tap names the outermost test by its file.
    if (rest.length > 0 && known.has(said)) return { ...test, file: said, name: rest.join(' > ') };
    const isName = /^[\w$.-]+\.[\w$.-]+$/.test(said);
    return isName ? { ...test, file: locate(said) } : test;
  };
}

/** Returns the source of a compiled test: for `dist/test/sum.test.js`, the file `sum.test.ts` with the longest common end of the path. */
function sourceOf(path: string, byStem: ReadonlyMap<string, string[]>): string | undefined {
  if (!/\.[cm]?jsx?$/.test(path)) return undefined;
  const compiled = stemOf(path).split('/').reverse();
  const common = (file: string): number => {
    const parts = stemOf(file).split('/').reverse();
    const differs = parts.findIndex((part, index) => part !== compiled[index]);
    return differs === -1 ? parts.length : differs;
  };
  const sources = byStem.get(compiled[0] ?? '') ?? [];
  const most = Math.max(0, ...sources.map(common));
  const nearest = sources.filter((file) => common(file) === most);
  return nearest.length === 1 ? nearest[0] : undefined;
}

function stemOf(path: string): string {
  return path.replace(/\.[cm]?[jt]sx?$/, '');
}

/** Returns the TypeScript files by their names without endings. */
function stemsOf(files: string[]): Map<string, string[]> {
  return groupBy(
    files.filter((file) => /\.[cm]?tsx?$/.test(file)),
    (file) => stemOf(file.slice(file.lastIndexOf('/') + 1)),
  );
}

interface Known extends Tree {
  known: ReadonlySet<string>;
  bySuffix: ReadonlyMap<string, string[]>;
}

function pathOf(said: string, tree: Known): string {
  const { known, roots, workdir } = tree;
  const root = roots.find((one) => said.startsWith(one));
  const path = (root === undefined ? said : said.slice(root.length))
    .replace(/^(?:\.\/)+/, '')
    .replace(/^file:\/\//, '');
  // A path below the tree is returned as the report writes it, also that of a file that the run made.
  if (root !== undefined) return path;
  for (const one of [workdir === '' ? path : `${workdir}/${path}`, path]) if (known.has(one)) return one;
  return bySuffixOf(path, tree) ?? byClass(path, tree) ?? '';
}

function bySuffixOf(path: string, { bySuffix }: Known): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const found = (bySuffix.get(name) ?? []).filter((file) => file === path || file.endsWith(`/${path}`));
  return found.length === 1 ? found[0] : undefined;
}

const LANGUAGES = ['py', 'java', 'kt', 'scala', 'groovy', 'cs', 'php'];

/** Finds the file of a class: com/example/UserTest.java for `com.example.UserTest$Inner`, tests/test_api.py for `tests.test_api.A`. */
function byClass(said: string, tree: Known): string | undefined {
  const parts = said.replace(/[$\\].*$/, '').split(/[./]/);
  for (let length = parts.length; length > 0; length -= 1) {
    const path = parts.slice(0, length).join('/');
    for (const language of LANGUAGES) {
      const found = bySuffixOf(`${path}.${language}`, tree);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function suffixesOf(files: string[]): Map<string, string[]> {
  return groupBy(files, (file) => file.slice(file.lastIndexOf('/') + 1));
}
