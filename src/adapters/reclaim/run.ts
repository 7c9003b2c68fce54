/**
 * The reclaim job: looks for what nothing names any more, and removes it; one at a time for a data folder.
 *
 * Killed at any moment it has removed nothing that is named: what it had set aside, the next run puts back first.
 */
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { DocumentStore } from '../../ports/documents';
import { tryLock } from '../machine/lock';
import { replaceWhole } from '../machine/write-whole';
import { isCode } from '../machine/errno';
import { oldJournals, oldSavedWork, unnamedArtifacts } from './contents';
import { oldCopies } from './copies';
import { findNamed } from './named';
import { endedLines } from './repositories';
import type { Orphans } from './repositories';
import { KINDS } from './rules';
import type { Candidate, Folders, Kind, OpenWork, Rules } from './rules';

export interface ReclaimInput {
  dataDir: string;
  folders: Folders;
  documents: DocumentStore;
  /** Asked once, before anything is looked at. */
  listOpen: () => Promise<OpenWork[]>;
  rules: Rules;
  /** Looks only. */
  isDryRun: boolean;
}

export interface Reclaimed {
  /** By kind: how many, and the bytes that they take, or that they gave free. */
  kinds: Record<Kind, { count: number; bytes: number }>;
  /** Bytes by project, of what is of one. */
  projects: Record<string, number>;
  /** One sentence each: what could not be removed, and builds that did not answer. */
  notes: string[];
}

/** What is kept from run to run. */
interface Notes {
  endedAt: number;
  orphans: Orphans;
}

/** Null where another process does it now. */
export async function reclaim(input: ReclaimInput): Promise<Reclaimed | null> {
  const leave = await tryLock({ file: join(input.dataDir, 'reclaim.lock') });
  if (leave === undefined) return null;
  try {
    return await reclaimAlone(input);
  } finally {
    await leave();
  }
}

/** Milliseconds since 1970; 0 where it never ended here. */
export async function lastReclaimAt(dataDir: string): Promise<number> {
  return (await readNotes(dataDir)).endedAt;
}

async function reclaimAlone({ dataDir, folders, documents, listOpen, rules, isDryRun }: ReclaimInput) {
  const notes = await readNotes(dataDir);
  const orphans = { before: notes.orphans, now: {} as Orphans };
  const open = await listOpen();
  const named = await findNamed(folders, open);
  const silent = open.filter(({ isBuild, state }) => isBuild && state === null);
  const found = [
    ...(await unnamedArtifacts(folders, named, rules)),
    ...(await oldJournals(folders, named, rules)),
    ...(await oldSavedWork(folders, named, rules)),
    ...(await oldCopies({ folders, documents }, named, rules)),
    // Commits that a silent build names are not known.
    ...(silent.length > 0 ? [] : await endedLines({ folders, documents, orphans }, named, rules)),
  ];
  const done = emptyReport(
    silent.map(
      ({ workflowId }) =>
        `${workflowId} does not say what it needs: repositories stay as they are, and all that is younger than it`,
    ),
  );
  for (const candidate of found) await take(candidate, { done, isDryRun });
  if (!isDryRun) {
    const kept: Notes = { endedAt: rules.now, orphans: silent.length > 0 ? notes.orphans : orphans.now };
    await replaceWhole(notesFile(dataDir), Buffer.from(JSON.stringify(kept)));
  }
  return done;
}

async function take(candidate: Candidate, { done, isDryRun }: { done: Reclaimed; isDryRun: boolean }): Promise<void> {
  const { kind, project } = candidate;
  try {
    const bytes = isDryRun ? candidate.bytes : await candidate.remove();
    if (bytes === 0 && !isDryRun) return;
    done.kinds[kind].count += 1;
    done.kinds[kind].bytes += bytes;
    if (project !== null) done.projects[project] = (done.projects[project] ?? 0) + bytes;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    done.notes.push(`${kind}${project === null ? '' : ` of ${project}`}: ${why}`);
  }
}

function emptyReport(notes: string[]): Reclaimed {
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, { count: 0, bytes: 0 }])) as Reclaimed['kinds'];
  return { kinds, projects: {}, notes };
}

const notesFile = (dataDir: string): string => join(dataDir, 'reclaim.json');

async function readNotes(dataDir: string): Promise<Notes> {
  try {
    return JSON.parse(await readFile(notesFile(dataDir), 'utf8')) as Notes;
  } catch (error) {
    // Lost notes make the wait of orphans begin anew.
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError) return { endedAt: 0, orphans: {} };
    throw error;
  }
}
