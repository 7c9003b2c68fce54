/**
 * Steps and mounts that lay another text over a source of the product where it goes live: what runs there is not what was tested,
 * whatever the plan says. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { folderOf } from '../../judges/resolve';
import { changedPaths, isProduct } from '../tree';
import type { DeliveredTree } from '../tree';
import { kindOfSetUp } from './kinds';
import { beyond, rowsOf } from './rows';
import type { Row } from './rows';
import { writtenIn } from './written-over';
import { mountedIn } from './mounts';

export interface Overlay {
  /** The source. */
  over: string;
  by: string;
}

export function overlaysIn(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path) => {
    const kind = kindOfSetUp(tree, path);
    if (kind === undefined) return [];
    const rows = rowsOf(tree.after.get(path) ?? '', kind);
    const sources = sourcesOf(tree, path);
    return beyond(rows, rowsOf(tree.before.get(path) ?? '', kind)).flatMap((row): DeliveredFact[] => {
      const found =
        kind.name === 'image'
          ? (copiedOver(row, rows, sources) ?? writtenIn(row.text, sources))
          : (mountedIn(row, rows, sources) ?? (kind.name === 'pipeline' ? undefined : writtenIn(row.text, sources)));
      if (found === undefined) return [];
      const what = `lays ${found.by} over ${found.over} where it goes live: what runs there is not what was tested; build and start the tested file as it is`;
      return [{ path, line: row.line, what, text: row.text, isWhole: true }];
    });
  });
}

/** What a set-up file may lie over, and what the tree has to lay there. */
export interface Sources {
  tree: DeliveredTree;
  /** The source of the product that a path in an image means. */
  at(place: string): string | undefined;
}

function sourcesOf(tree: DeliveredTree, file: string): Sources {
  const product = tree.paths.filter(isProduct).sort((one, other) => other.length - one.length);
  const near = folderOf(file);
  return {
    tree,
    at(place) {
      const bare = place.replace(/^\.\//, '').replace(/\/{2,}/g, '/');
      if (/[$*?{]/.test(bare)) return undefined;
      return product.find((one) => isAt(bare, one) || (near !== '' && isAt(`${near}/${bare}`, one)));
    },
  };
}

/** `/app/src/a.js` and `src/a.js` are `src/a.js`; a file without a folder is only in a folder of the image itself. */
function isAt(place: string, path: string): boolean {
  if (place === path) return true;
  if (!place.startsWith('/') || !place.endsWith(`/${path}`)) return false;
  return path.includes('/') || /^\/[\w-]+\/[^/]+$/.test(place);
}

/** The same file; one that the tree does not have comes from an earlier stage, or is named from another folder. */
export function isSame(from: string, path: string, { paths }: Pick<DeliveredTree, 'paths'>): boolean {
  const bare = from.replace(/^\.?\/+/, '');
  if (bare === path || paths.includes(bare)) return bare === path;
  return bare.endsWith(`/${path}`) || path.endsWith(`/${bare}`);
}

const COPY = /^(?:COPY|ADD) (.+)$/i;

function copiedOver(row: Row, rows: readonly Row[], sources: Sources): Overlay | undefined {
  const { names, to } = copyOf(row.text);
  for (const name of names) {
    for (const [file, place] of laidBy(name, to, sources.tree)) {
      const over = sources.at(place);
      if (
        over === undefined ||
        isSame(file, over, sources.tree) ||
        (name.startsWith('<<') ? false : !isTaken(over, row, rows))
      )
        continue;
      return { over, by: name.startsWith('<<') ? 'a text of its own' : file };
    }
  }
  return undefined;
}

function copyOf(text: string): { names: string[]; to: string } {
  const words = (COPY.exec(text)?.[1] ?? '').replace(/[[\],]/g, ' ').split(/\s+/);
  const said = words.filter((word) => word !== '' && !word.startsWith('--'));
  return { names: said.slice(0, -1), to: said.at(-1) ?? '' };
}

/** Each file that a name copies, and the place where it comes to lie. */
export function laidBy(name: string, to: string, { paths }: Pick<DeliveredTree, 'paths'>): Array<[string, string]> {
  const bare = name.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  const folder = to.replace(/\/?\.?$/, '');
  const put = (rest: string): string => (folder === '' ? rest : `${folder}/${rest}`);
  if (bare === '' || bare === '.') return [];
  const within = paths.filter((path) => path.startsWith(`${bare}/`));
  if (within.length > 0) return within.map((path) => [path, put(path.slice(bare.length + 1))]);
  const isFolder = /(?:^|\/)\.?$/.test(to);
  return [[bare, isFolder ? put(bare.slice(bare.lastIndexOf('/') + 1)) : to]];
}

/** Another step takes the source itself into the image. */
function isTaken(path: string, row: Row, rows: readonly Row[]): boolean {
  return rows.some((one) => {
    if (one === row || !COPY.test(one.text)) return false;
    return copyOf(one.text).names.some((name) => {
      const bare = name.replace(/^\.?\/+/, '').replace(/\/+$/, '');
      return bare === '' || bare === '.' || path === bare || path.startsWith(`${bare}/`);
    });
  });
}
