/**
 * The file of the tree that a test is in, from what its report says: a path, a class, a module. Pure.
 */
import { groupBy } from '../../domain/group-by';
import type { TestCase } from '../../ports/test-runner';

export interface Tree {
  files: string[];
  /** What absolute paths of the tree begin with. */
  roots: string[];
  /** Folder in which the command ran; '' is the root. */
  workdir: string;
}

/** Gives each test the path of its file, relative to the tree's root; empty where nothing leads to one file. */
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
      // A path that leads nowhere says more than nothing, and may be a file that the run made.
      const named = path === '' && /[/.]/.test(file) && !file.startsWith('/') ? file : path;
      return { ...test, file: known.has(named) ? named : (sourceOf(named, byStem) ?? named) };
    }
    const [said = '', ...rest] = name.split(' > ');
    // tap calls the outermost test by its file.
    if (rest.length > 0 && known.has(said)) return { ...test, file: said, name: rest.join(' > ') };
    const isName = /^[\w$.-]+\.[\w$.-]+$/.test(said);
    return isName ? { ...test, file: locate(said) } : test;
  };
}

/** `dist/test/sum.test.js` was compiled from test/sum.test.ts: the one source with the same name and the longest common way. */
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

/** Files of TypeScript by their name without its ending. */
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
  // A file of the tree that a report names is told as it stands, also one that the run made.
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

/** `com.example.UserTest$Inner` is in com/example/UserTest.java; `tests.test_api.TestUser` in tests/test_api.py. */
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
