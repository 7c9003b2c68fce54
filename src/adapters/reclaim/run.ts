/**
 * The reclaim job: finds files that nothing names any more, and removes them. Only one job runs in a data folder.
 *
 * If the job is killed, no file that is still needed is lost: it renames a file before it removes it, and the next run renames it back first.
 */
import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import type { DocumentStore } from '../../ports/documents';
import { tryLock } from '../machine/lock';
import { replaceFile } from '../machine/write-whole';
import { isCode } from '../machine/errno';
import { findOldJournals, findOldCachedDocuments, findUnnamedArtifacts } from './contents';
import { findOldCopies } from './copies';
import { findReferences } from './references';
import { findEndedBuildRefs } from './repositories';
import type { Orphans } from './repositories';
import { KINDS } from './rules';
import type { Candidate, Folders, Kind, OpenWork, Rules } from './rules';

export interface ReclaimInput {
  dataDir: string;
  folders: Folders;
  documents: DocumentStore;
  /** Called once, before anything else. */
  listOpenWork: () => Promise<OpenWork[]>;
  rules: Rules;
  /** If true, it removes nothing and reports what it would remove. */
  isDryRun: boolean;
}

export interface ReclaimReport {
  /** By kind: the number of removed things, and the bytes that were freed (in a dry run: that would be freed). */
  kinds: Record<Kind, { count: number; bytes: number }>;
  /** Freed bytes by project, without things that belong to no single project. */
  projects: Record<string, number>;
  /** One sentence for each thing that could not be removed, and for each build that did not answer. */
  notes: string[];
}

/** The data that a run stores for the next one. */
interface RunState {
  endedAt: number;
  orphans: Orphans;
}

/** Runs the job; null if another process runs it now. */
export async function reclaim(input: ReclaimInput): Promise<ReclaimReport | null> {
  const unlock = await tryLock({ file: join(input.dataDir, 'reclaim.lock') });
  if (unlock === undefined) return null;
  try {
    return await reclaimAlone(input);
  } finally {
    await unlock();
  }
}

/** Returns the end of the last run in milliseconds since 1970; 0 if there was none. */
export async function lastReclaimAt(dataDir: string): Promise<number> {
  return (await readRunState(dataDir)).endedAt;
}

async function reclaimAlone({ dataDir, folders, documents, listOpenWork, rules, isDryRun }: ReclaimInput) {
  const lastRun = await readRunState(dataDir);
  const orphans = { previous: lastRun.orphans, current: {} as Orphans };
  const open = await listOpenWork();
  const references = await findReferences(folders, open);
  const unansweredBuilds = open.filter(({ isBuild, state }) => isBuild && state === null);
  const found = [
    ...(await findUnnamedArtifacts(folders, references, rules)),
    ...(await findOldJournals(folders, references, rules)),
    ...(await findOldCachedDocuments(folders, references, rules)),
    ...(await findOldCopies({ folders, documents }, references, rules)),
    // If a build does not answer, the commits that it needs are not known, so no refs are removed.
    ...(unansweredBuilds.length > 0
      ? []
      : await findEndedBuildRefs({ folders, documents, orphans }, references, rules)),
  ];
  const report = emptyReport(
    unansweredBuilds.map(
      ({ workflowId }) =>
        `${workflowId} did not answer: all repositories are kept, and everything that is younger than it`,
    ),
  );
  for (const candidate of found) await removeCandidate(candidate, { report, isDryRun });
  if (!isDryRun) {
    const thisRun: RunState = {
      endedAt: rules.now,
      orphans: unansweredBuilds.length > 0 ? lastRun.orphans : orphans.current,
    };
    await replaceFile(runStateFile(dataDir), Buffer.from(JSON.stringify(thisRun)));
  }
  return report;
}

async function removeCandidate(
  candidate: Candidate,
  { report, isDryRun }: { report: ReclaimReport; isDryRun: boolean },
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

function emptyReport(notes: string[]): ReclaimReport {
  const kinds = Object.fromEntries(KINDS.map((kind) => [kind, { count: 0, bytes: 0 }])) as ReclaimReport['kinds'];
  return { kinds, projects: {}, notes };
}

const runStateFile = (dataDir: string): string => join(dataDir, 'reclaim.json');

async function readRunState(dataDir: string): Promise<RunState> {
  try {
    return JSON.parse(await readFile(runStateFile(dataDir), 'utf8')) as RunState;
  } catch (error) {
    // Without the state of the last run, orphans are kept for the whole time again.
    if (isCode(error, 'ENOENT') || error instanceof SyntaxError) return { endedAt: 0, orphans: {} };
    throw error;
  }
}
