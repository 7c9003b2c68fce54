/**
 * Finds and reads the report files (JUnit, TAP) that a run wrote anywhere in the tree. It recognizes JUnit by content.
 */
import type { TestCase } from '../../ports/test-runner';
import { createLines } from '../../inspect/test-output/lines';
import { tap } from '../../inspect/test-output/tap';
import { findEntries } from '../machine/find-entries';
import { readReportInParts } from '../machine/report-file';
import { createJunitReader } from './junit';

const SKIPPED_FOLDERS = ['node_modules', '.git', '.venv', 'venv', '.tox', '.nox', '__pycache__'];
const FIND_FILES = [
  '-type',
  'd',
  '(',
  ...SKIPPED_FOLDERS.flatMap((name) => ['-o', '-name', name]).slice(1),
  ')',
  '-prune',
  '-o',
  '-type',
  'f',
];
const REPORTS = /\.(xml|tap|info|lcov)$/i;

/** The paths of all files of a tree, and for each report file a mark that changes when the file is written. */
export interface Snapshot {
  files: string[];
  reports: ReadonlyMap<string, string>;
}

/** Lists the files of a tree before a run, to tell the run's reports from older ones. */
export async function takeSnapshot(folder: string): Promise<Snapshot> {
  const files: string[] = [];
  const reports = new Map<string, string>();
  // The mark is inode, size and time of change; %P is the path.
  await findEntries(folder, { tests: FIND_FILES, format: '%i %s %T@ %P' }, (entry) => {
    const [, mark = '', path = ''] = /^(\S+ \S+ \S+) ([^]*)$/.exec(entry) ?? [];
    files.push(path);
    if (REPORTS.test(path)) reports.set(path, mark);
  });
  return { files, reports };
}

/** Returns the sorted paths of reports that are new or changed since the snapshot. */
export async function changedReports(folder: string, earlier: Snapshot): Promise<string[]> {
  const { reports } = await takeSnapshot(folder);
  const changed = [...reports].filter(([path, mark]) => earlier.reports.get(path) !== mark);
  return changed.map(([path]) => path).sort();
}

export interface FileReport {
  path: string;
  runner: 'junit' | 'tap';
  tests: TestCase[];
}

export async function readReports(folder: string, paths: string[]): Promise<FileReport[]> {
  const found: FileReport[] = [];
  for (const path of paths) {
    const runner = formatOf(path);
    if (runner === undefined) continue;
    const tests = runner === 'junit' ? await readJunit(folder, path) : await readTap(folder, path);
    if (tests !== null) found.push({ path, runner, tests });
  }
  return found;
}

function formatOf(path: string): FileReport['runner'] | undefined {
  if (/\.xml$/i.test(path)) return 'junit';
  return /\.tap$/i.test(path) ? 'tap' : undefined;
}

async function readJunit(folder: string, path: string): Promise<TestCase[] | null> {
  const reader = createJunitReader();
  const decoder = new TextDecoder();
  let head = '';
  await readReportInParts(folder, path, (chunk) => {
    const text = decoder.decode(chunk, { stream: true });
    if (head.length < 4_096) head += text;
    // XML that is not JUnit is not read further.
    if (head.length >= 4_096 && !head.includes('<testsuite')) return false;
    reader.write(text);
    return true;
  });
  return head.includes('<testsuite') ? reader.end() : null;
}

async function readTap(folder: string, path: string): Promise<TestCase[] | null> {
  const reader = tap.open();
  const lines = createLines((line) => reader.read(line));
  await readReportInParts(folder, path, (chunk) => {
    lines.add(chunk);
    return true;
  });
  lines.end();
  return reader.close()?.tests ?? null;
}
