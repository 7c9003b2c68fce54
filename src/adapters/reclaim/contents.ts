/**
 * Artifacts, journals of answers, and documents that only save work: what nothing names and nobody has touched for long enough.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { hexOf } from '../../domain/ids';
import { GONE } from '../artifacts/file-store';
import { isCode } from '../machine/errno';
import { namesIn, putBack, removeUnused } from '../machine/remove-unused';
import { folderUse } from '../machine/usage';
import { foldersIn } from './named';
import type { Candidate, Folders, Kind, Named, Rules } from './rules';

const HEX = /^[0-9a-f]{64}$/;
const WHOLE = { bytes: Infinity, files: Infinity };
/** What is measured again where it is missing. No record is made of these. */
const SAVED_WORK = ['baselines', 'controls', 'experiments', 'guises', 'packages', 'surveys'];

export async function unnamedArtifacts({ artifacts }: Folders, named: Named, rules: Rules): Promise<Candidate[]> {
  const before = Math.min(lastUse(rules), named.oldestSilentAt);
  const found: Candidate[] = [];
  const shelves = (await foldersIn(artifacts)).filter((name) => /^[0-9a-f]{2}$/.test(name));
  const shown = await standIns(artifacts, shelves);
  for (const shelf of shelves) {
    const folder = join(artifacts, shelf);
    await putBack(folder);
    for (const hex of (await namesIn(folder)).filter((name) => HEX.test(name))) {
      if (!named.artifacts.has(hex) && !shown.has(hex))
        found.push(...(await candidate('artifacts', join(folder, hex), before)));
    }
  }
  return found;
}

/** What is shown in the place of content that was taken out: a record names only what was there. */
async function standIns(artifacts: string, shelves: string[]): Promise<Set<string>> {
  const found = new Set<string>();
  for (const shelf of shelves) {
    const folder = join(artifacts, shelf);
    for (const name of (await namesIn(folder)).filter((one) => one.endsWith(GONE))) {
      const text = await readFile(join(folder, name), 'utf8').catch(() => '');
      const hex = hexOf(text.trim());
      if (hex !== undefined) found.add(hex);
    }
  }
  return found;
}

/** An open build may come back to what it heard: what is younger than the oldest of them stays. */
export async function oldJournals({ journals }: Folders, named: Named, rules: Rules): Promise<Candidate[]> {
  await putBack(journals);
  const before = Math.min(lastUse(rules), named.oldestOpenAt);
  const names = (await namesIn(journals)).filter((name) => HEX.test(name));
  return (await Promise.all(names.map((name) => candidate('journals', join(journals, name), before)))).flat();
}

export async function oldSavedWork({ documents }: Folders, named: Named, rules: Rules): Promise<Candidate[]> {
  const before = Math.min(lastUse(rules), named.oldestOpenAt);
  const found: Candidate[] = [];
  for (const collection of SAVED_WORK) {
    const folder = join(documents, collection);
    await putBack(folder);
    for (const name of (await namesIn(folder)).filter((one) => one.endsWith('.json'))) {
      found.push(...(await candidate('documents', join(folder, name), before)));
    }
  }
  return found;
}

/** What was written or taken up later stays. */
export const lastUse = ({ now, keepMs, graceMs }: Rules): number => now - Math.max(keepMs, graceMs);

async function candidate(kind: Kind, path: string, before: number): Promise<Candidate[]> {
  try {
    const found = await stat(path);
    if (found.mtimeMs >= before) return [];
    const bytes = found.isDirectory() ? (await folderUse(path, WHOLE)).bytes : found.blocks * 512;
    return [{ kind, project: null, bytes, remove: async () => ((await removeUnused(path, before)) ? bytes : 0) }];
  } catch (error) {
    if (isCode(error, 'ENOENT')) return [];
    throw error;
  }
}
