/**
 * Finds files to reclaim: artifacts that nothing names, and old journals and cached documents, if they were not used for long
 * enough.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hexOf } from '../../domain/ids';
import { REDACTED_SUFFIX } from '../artifacts/file-store';
import { isCode } from '../machine/errno';
import { namesIn, putBack, removeUnused } from '../machine/remove-unused';
import { folderUse } from '../machine/usage';
import { foldersIn } from './named';
import type { Candidate, Folders, Kind, Named, Rules } from './rules';

const HEX = /^[0-9a-f]{64}$/;
const NO_LIMIT = { bytes: Infinity, files: Infinity };
/** Collections with measured results, which are measured again if they are missing. No record depends on them. */
const CACHED_COLLECTIONS = ['baselines', 'controls', 'experiments', 'guises', 'packages', 'surveys'];

export async function unnamedArtifacts({ artifacts }: Folders, named: Named, rules: Rules): Promise<Candidate[]> {
  const before = Math.min(lastUse(rules), named.oldestSilentAt);
  const found: Candidate[] = [];
  const shelves = (await foldersIn(artifacts)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const substitutes = await substitutesOf(artifacts, shelves);
  for (const shelf of shelves) {
    const folder = join(artifacts, shelf);
    await putBack(folder);
    for (const hex of (await namesIn(folder)).filter((name) => HEX.test(name))) {
      if (!named.artifacts.has(hex) && !substitutes.has(hex))
        found.push(...(await candidate('artifacts', join(folder, hex), before)));
    }
  }
  return found;
}

/** Returns the artifacts that are shown in place of removed content. A record names the removed content, not its substitute. */
async function substitutesOf(artifacts: string, shelves: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const shelf of shelves) {
    const folder = join(artifacts, shelf);
    for (const name of (await namesIn(folder)).filter((name) => name.endsWith(REDACTED_SUFFIX))) {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      const hex = hexOf(text.trim());
      if (hex !== undefined) found.add(hex);
    }
  }
  return found;
}

/** Finds old journals. An open build may read its journal again, so journals since the start of the oldest open build stay. */
export async function oldJournals({ journals }: Folders, named: Named, rules: Rules): Promise<Candidate[]> {
  await putBack(journals);
  const before = Math.min(lastUse(rules), named.oldestOpenAt);
  const names = (await namesIn(journals)).filter((name) => HEX.test(name));
  return (await Promise.all(names.map((name) => candidate('journals', join(journals, name), before)))).flat();
}

export async function oldCachedDocuments({ documents }: Folders, named: Named, rules: Rules): Promise<Candidate[]> {
  const before = Math.min(lastUse(rules), named.oldestOpenAt);
  const found: Candidate[] = [];
  for (const collection of CACHED_COLLECTIONS) {
    const folder = join(documents, collection);
    await putBack(folder);
    for (const name of (await namesIn(folder)).filter((name) => name.endsWith('.json'))) {
      found.push(...(await candidate('documents', join(folder, name), before)));
    }
  }
  return found;
}

/** Returns the time before which a file must have been used for the last time to be removed. */
export const lastUse = ({ now, keepMs, graceMs }: Rules): number => now - Math.max(keepMs, graceMs);

async function candidate(kind: Kind, path: string, before: number): Promise<Candidate[]> {
  try {
    const found = await stat(path);
    if (found.mtimeMs >= before) return [];
    const bytes = found.isDirectory() ? (await folderUse(path, NO_LIMIT)).bytes : found.blocks * 512;
    return [{ kind, project: null, bytes, remove: async () => ((await removeUnused(path, before)) ? bytes : 0) }];
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
