/**
 * Finds mounts of compose files, clusters and `docker run` that cover a source of the product. Pure.
 */
import { isSameFile, targetsOf } from './overlays';
import type { Overlay, Sources } from './overlays';
import type { Row } from './rows';

/** A mount such as `./a.js:/app/src/a.js`, with its options. */
const MOUNT_PAIR = /^(?:- )?(\.{0,2}[\w./~-]{1,300}):(\/[\w./-]{1,300})(?::\w{1,10}(?:,\w{1,10}){0,4})?$/;
const VOLUME_OPTION = /(?:\s-v|--volume)[ =](\.{0,2}[\w./~-]{1,300}):(\/[\w./-]{1,300})/;
const MOUNT_TARGET = /^(?:- )?(?:mountPath|target|dest|destination): (\/\S{1,300})$/;
/** Folders for settings and data of a machine, even if a folder of the product has the same name. */
const MACHINE_FOLDER = /^\/(?:etc|var|tmp|run|data|mnt|dev|proc|sys|secrets?)\//;
const MAX_ROWS_NEAR = 4;

export function overlayByMount(row: Row, rows: readonly Row[], sources: Sources): Overlay | undefined {
  const [, from, to] = MOUNT_PAIR.exec(row.text) ?? VOLUME_OPTION.exec(row.text) ?? [];
  if (from !== undefined && to !== undefined) return overlayOf(from, to, sources);
  const [, place] = MOUNT_TARGET.exec(row.text) ?? [];
  if (place === undefined) return undefined;
  const at = rows.indexOf(row);
  const nearRows = rows.slice(Math.max(0, at - MAX_ROWS_NEAR), at + MAX_ROWS_NEAR);
  const source = nearRows.map(({ text }) => /^(?:- )?source: (\S+)$/.exec(text)?.[1]).find((one) => one?.includes('/'));
  if (source !== undefined) return overlayOf(source, place, sources);
  const replaced = sources.sourceAt(place) ?? folderAt(place, sources);
  return replaced === undefined ? undefined : { replaced, replacement: 'a mounted text' };
}

function overlayOf(from: string, to: string, sources: Sources): Overlay | undefined {
  for (const [file, place] of targetsOf(from, to, sources.tree)) {
    const replaced = sources.sourceAt(place);
    if (replaced !== undefined && !isSameFile(file, replaced, sources.tree)) return { replaced, replacement: file };
  }
  return undefined;
}

/** Returns a product source in the mounted folder, such as `/app/src`. */
function folderAt(place: string, { tree, sourceAt }: Sources): string | undefined {
  if (MACHINE_FOLDER.test(place)) return undefined;
  const folder = place.replace(/^\/[\w-]+\//, '').replace(/\/$/, '');
  if (folder === '' || folder.startsWith('/')) return undefined;
  return tree.paths.find(
    (path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/') && sourceAt(path) === path,
  );
}
