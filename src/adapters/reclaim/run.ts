/**
 * The reclaim job: finds files that nothing names any more, and removes them. Only one job runs in a data folder.
 *
 * If the job is killed, no named file is lost: it renames a file before it removes it, and the next run renames it back first.
 */
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { DocumentStore } from '../../ports/documents';
import { tryLock } from '../machine/lock';
import { replaceFile } from '../machine/write-whole';
import { isCode } from '../machine/errno';
import { oldJournals, oldCachedDocuments, unnamedArtifacts } from './contents';
import { oldCopies } from './copies';
import { findNamed } from './named';
import { endedBuildRefs } from './repositories';
import type { Orphans } from './repositories';
import { KINDS } from './rules';
import type { Candidate, Folders, Kind, OpenWork, Rules } from './rules';

export interface ReclaimInput {
  dataDir: string;
  folders: Folders;
  documents: DocumentStore;
  /** Called once, before anything else. */
  listOpen: () => Promise<OpenWork[]>;
  rules: Rules;
  /** If true, it removes nothing and reports what it would remove. */
  isDryRun: boolean;
}

export interface Reclaimed {
  /** By kind: the number of removed things, and the bytes that were freed (in a dry run: that would be freed). */
  kinds: Record<Kind, { count: number; bytes: number }>;
  /** Freed bytes by project, without things that belong to no single project. */
  projects: Record<string, number>;
  /** One sentence for each thing that could not be removed, and for each build that did not answer. */
  notes: string[];
}

/** The data that a run stores for the next one. */
interface Notes {
  endedAt: number;
  orphans: Orphans;
}

/** Runs the job; null if another process runs it now. */
export async function reclaim(input: ReclaimInput): Promise<Reclaimed | null> {
  const leave = await tryLock({ file: join(input.dataDir, 'reclaim.lock') });
  if (leave === undefined) return null;
  try {
    return await reclaimAlone(input);
  } finally {
    await leave();
  }
}

/** Returns the end of the last run in milliseconds since 1970; 0 if there was none. */
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
    ...(await oldCachedDocuments(folders, named, rules)),
    ...(await oldCopies({ folders, documents }, named, rules)),
    // If a build does not answer, the commits that it needs are not known, so no refs are removed.
    ...(silent.length > 0 ? [] : await endedBuildRefs({ folders, documents, orphans }, named, rules)),
  ];
  const report = emptyReport(
    silent.map(
      ({ workflowId }) =>
        `${workflowId} did not answer: all repositories are kept, and everything that is younger than it`,
    ),
  );
  for (const candidate of found) await removeCandidate(candidate, { report, isDryRun });
  if (!isDryRun) {
    const kept: Notes = { endedAt: rules.now, orphans: silent.length > 0 ? notes.orphans : orphans.now };
    await replaceFile(notesFile(dataDir), Buffer.from(JSON.stringify(kept)));
  }
  return report;
}

async function removeCandidate(
  candidate: Candidate,
  { report, isDryRun }: { report: Reclaimed; isDryRun: boolean },
): Promise<void> {
  const { kind, project } = candidate;
  try {
    const bytes = isDryRun ? candidate.bytes : await candidate.remove();
    if (bytes === 0 && !isDryRun) return;
    report.kinds[kind].count += 1;
    report.kinds[kind].bytes += bytes;
    if (project !== null) report.projects[project] = (report.projects[project] ?? 0) + bytes;
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    report.notes.push(`${kind}${project === null ? '' : ` of ${project}`}: ${why}`);
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
    // Without the notes, orphans are kept for the whole time again.
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError) return { endedAt: 0, orphans: {} };
    throw error;
  }
}
