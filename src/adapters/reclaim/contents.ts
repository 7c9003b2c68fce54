/**
 * Finds files to reclaim: artifacts that nothing names, and old journals and cached documents, if they were not used for long
 * enough.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hexOf } from '../../domain/ids';
import { REDACTED_SUFFIX } from '../artifacts/file-store';
import { isCode } from '../machine/errno';
import { namesIn, restoreInterruptedRemovals, removeUnused } from '../machine/remove-unused';
import { folderUse } from '../machine/usage';
import { foldersIn } from './references';
import type { Candidate, Folders, Kind, References, Rules } from './rules';

/** The names of artifacts and journals. */
const HEX = /^[0-9a-f]{64}$/;
const NO_LIMIT = { bytes: Infinity, files: Infinity };
/** Collections with measured results, which are measured again if they are missing. No record depends on them. */
const CACHED_COLLECTIONS = ['baselines', 'controls', 'experiments', 'guises', 'packages', 'surveys'];

export async function findUnnamedArtifacts(
  { artifacts }: Folders,
  references: References,
  rules: Rules,
): Promise<Candidate[]> {
  const limitMs = Math.min(unusedSince(rules), references.oldestBuildWithoutStateAt);
  const found: Candidate[] = [];
  const prefixes = (await foldersIn(artifacts)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const substitutes = await substitutesOf(artifacts, prefixes);
  for (const prefix of prefixes) {
    const folder = join(artifacts, prefix);
    await restoreInterruptedRemovals(folder);
    for (const hex of (await namesIn(folder)).filter((name) => HEX.test(name))) {
      if (!references.artifacts.has(hex) && !substitutes.has(hex))
        found.push(...(await candidateAt('artifacts', join(folder, hex), limitMs)));
    }
  }
  return found;
}

/**
 * Returns the hex digits of artifacts that are shown in place of removed content. A record names the removed content, not its
 * substitute.
 */
async function substitutesOf(artifacts: string, prefixes: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const prefix of prefixes) {
    const folder = join(artifacts, prefix);
    for (const name of (await namesIn(folder)).filter((name) => name.endsWith(REDACTED_SUFFIX))) {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      const hex = hexOf(text.trim());
      if (hex !== undefined) found.add(hex);
    }
  }
  return found;
}

/** Finds old journals. An open build may read its journal again, so journals since the start of the oldest open build stay. */
export async function findOldJournals(
  { journals }: Folders,
  references: References,
  rules: Rules,
): Promise<Candidate[]> {
  await restoreInterruptedRemovals(journals);
  const limitMs = Math.min(unusedSince(rules), references.oldestOpenBuildAt);
  const names = (await namesIn(journals)).filter((name) => HEX.test(name));
  return (await Promise.all(names.map((name) => candidateAt('journals', join(journals, name), limitMs)))).flat();
}

export async function findOldCachedDocuments(
  { documents }: Folders,
  references: References,
  rules: Rules,
): Promise<Candidate[]> {
  const limitMs = Math.min(unusedSince(rules), references.oldestOpenBuildAt);
  const found: Candidate[] = [];
  for (const collection of CACHED_COLLECTIONS) {
    const folder = join(documents, collection);
    await restoreInterruptedRemovals(folder);
    for (const name of (await namesIn(folder)).filter((name) => name.endsWith('.json'))) {
      found.push(...(await candidateAt('documents', join(folder, name), limitMs)));
    }
  }
  return found;
}

/** Returns the time, in milliseconds since 1970, since which a file must be unused before it may be removed. */
export const unusedSince = ({ now, keepMs, graceMs }: Rules): number => now - Math.max(keepMs, graceMs);

async function candidateAt(kind: Kind, path: string, limitMs: number): Promise<Candidate[]> {
  try {
    const found = await stat(path);
    if (found.mtimeMs >= limitMs) return [];
    const bytes = found.isDirectory() ? (await folderUse(path, NO_LIMIT)).bytes : found.blocks * 512;
    return [{ kind, project: null, bytes, remove: async () => ((await removeUnused(path, limitMs)) ? bytes : 0) }];
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
