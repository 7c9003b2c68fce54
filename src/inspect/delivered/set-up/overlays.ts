/**
 * Finds image steps and mounts that replace a source of the product in production. They are reported even if the plan mentions
 * them, since the tested file then does not run there. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { folderOf } from '../../judges/resolve';
import { changedPaths, isProduct } from '../tree';
import type { DeliveredTree } from '../tree';
import { kindOfSetUp } from './kinds';
import { additionalRows, rowsOf } from './rows';
import type { Row } from './rows';
import { findOverwrittenSource } from './overwritten-sources';
import { overlayByMount } from './mounts';

export interface Overlay {
  /** The source that is replaced. */
  replaced: string;
  /** The file or text that replaces it. */
  replacement: string;
}

export function findOverlays(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    const kind = kindOfSetUp(tree, path);
    if (kind === undefined) return [];
    const rows = rowsOf(tree.after.get(path) ?? '', kind);
    const sources = sourcesOf(tree, path);
    return additionalRows(rows, rowsOf(tree.before.get(path) ?? '', kind)).flatMap((row): DeliveredFact[] => {
      const found =
        kind.name === 'image'
          ? (overlayByCopy(row, rows, sources) ?? findOverwrittenSource(row.text, sources))
          : (overlayByMount(row, rows, sources) ??
            (kind.name === 'pipeline' ? undefined : findOverwrittenSource(row.text, sources)));
      if (found === undefined) return [];
      const what = `puts ${found.replacement} in the place of ${found.replaced} where it goes live: what runs there is not what was tested; build and start the tested file as it is`;
      return [{ path, line: row.line, what, text: row.text, showsWholeChange: true }];
    });
  });
}

/** The sources that a set-up file may replace. */
export interface Sources {
  tree: DeliveredTree;
  /** Returns the product source that a path in an image means. */
  sourceAt(place: string): string | undefined;
}

function sourcesOf(tree: DeliveredTree, file: string): Sources {
  const product = tree.paths.filter(isProduct).sort((one, other) => other.length - one.length);
  const fileFolder = folderOf(file);
  return {
    tree,
    sourceAt(place) {
      const bare = place.replace(/^\.\//, '').replace(/\/{2,}/g, '/');
      if (/[$*?{]/.test(bare)) return undefined;
      return product.find(
        (one) => meansPath(bare, one) || (fileFolder !== '' && meansPath(`${fileFolder}/${bare}`, one)),
      );
    },
  };
}

/**
 * True if the place in an image means the path of the tree: `/app/src/a.js` and `src/a.js` both mean `src/a.js`. A path without a
 * folder, such as `a.js`, matches only one folder deep: `/app/a.js`.
 */
function meansPath(place: string, path: string): boolean {
  if (place === path) return true;
  if (!place.startsWith('/') || !place.endsWith(`/${path}`)) return false;
  return path.includes('/') || /^\/[\w-]+\/[^/]+$/.test(place);
}

/**
 * True for the same file. A name that is not in the repository comes from an earlier build stage or another folder: it is the same
 * file if one of both paths ends with the other.
 */
export function isSameFile(from: string, path: string, { paths }: Pick<DeliveredTree, 'paths'>): boolean {
  const bare = from.replace(/^\.?\/+/, '');
  if (bare === path || paths.includes(bare)) return bare === path;
  return bare.endsWith(`/${path}`) || path.endsWith(`/${bare}`);
}

const COPY = /^(?:COPY|ADD) (.+)$/i;

function overlayByCopy(row: Row, rows: readonly Row[], sources: Sources): Overlay | undefined {
  const { names, to } = copyOf(row.text);
  for (const name of names) {
    for (const [file, place] of targetsOf(name, to, sources.tree)) {
      const replaced = sources.sourceAt(place);
      if (
        replaced === undefined ||
        isSameFile(file, replaced, sources.tree) ||
        (name.startsWith('<<') ? false : !isCopiedItself(replaced, row, rows))
      )
        continue;
      return { replaced, replacement: name.startsWith('<<') ? 'a text of its own' : file };
    }
  }
  return undefined;
}

function copyOf(text: string): { names: string[]; to: string } {
  const words = (COPY.exec(text)?.[1] ?? '').replace(/[[\],]/g, ' ').split(/\s+/);
  const operands = words.filter((word) => word !== '' && !word.startsWith('--'));
  return { names: operands.slice(0, -1), to: operands.at(-1) ?? '' };
}

/** Returns each file that a copy step or mount provides, with its target path. */
export function targetsOf(name: string, to: string, { paths }: Pick<DeliveredTree, 'paths'>): Array<[string, string]> {
  const bare = name.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  const folder = to.replace(/\/?\.?$/, '');
  const inFolder = (rest: string): string => (folder === '' ? rest : `${folder}/${rest}`);
  if (bare === '' || bare === '.') return [];
  const within = paths.filter((path) => path.startsWith(`${bare}/`));
  if (within.length > 0) return within.map((path) => [path, inFolder(path.slice(bare.length + 1))]);
  const isFolder = /(?:^|\/)\.?$/.test(to);
  return [[bare, isFolder ? inFolder(bare.slice(bare.lastIndexOf('/') + 1)) : to]];
}

/** True if another step copies the source itself into the image. */
function isCopiedItself(path: string, row: Row, rows: readonly Row[]): boolean {
  return rows.some((one) => {
    if (one === row || !COPY.test(one.text)) return false;
    return copyOf(one.text).names.some((name) => {
      const bare = name.replace(/^\.?\/+/, '').replace(/\/+$/, '');
      return bare === '' || bare === '.' || path === bare || path.startsWith(`${bare}/`);
    });
  });
}
