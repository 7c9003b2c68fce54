/**
 * Defines which texts of a change the readers of manifests and imports need. Plain data; pure.
 */
import type { ChangedFile } from '../../domain/gates/facts';
import { JS_FILE } from '../imports/js-imports';

export interface ChangeTexts {
  files: ReadonlyArray<Pick<ChangedFile, 'path' | 'status'>>;
  /** The added lines, and whether the list is complete. */
  added: { lines: ReadonlyArray<{ path: string; line: number }>; isWhole: boolean };
  /** All paths after the change. */
  paths: readonly string[];
  /** Texts after the change: changed sources and all manifests. */
  after: ReadonlyMap<string, string>;
  /** Texts before the change: all manifests. */
  before: ReadonlyMap<string, string>;
}

const OTHER_SOURCE = /\.(json|py)$/;
export const FOREIGN = /(^|\/)(node_modules|vendor|\.venv|site-packages)\//;

/** Returns the changed sources that were not deleted. */
export function changedSources({
  files,
  after,
}: Pick<ChangeTexts, 'files' | 'after'>): Array<{ path: string; text: string }> {
  return files.flatMap(({ path, status }) => {
    const text = after.get(path);
    return status === 'deleted' || text === undefined || !isSource(path) ? [] : [{ path, text }];
  });
}

export function isSource(path: string): boolean {
  return !FOREIGN.test(path) && (JS_FILE.test(path) || OTHER_SOURCE.test(path));
}

/** Returns the folder of a path and those above it, nearest first; '' is the root, the others end in `/`. */
export function foldersAbove(path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return [...parts.map((_, index) => `${parts.slice(0, parts.length - index).join('/')}/`), ''];
}
