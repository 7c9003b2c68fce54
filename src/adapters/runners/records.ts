/**
 * Reads the records that reporters wrote during a run: JSON lines, one file for each process, and the events of `go test -json`.
 *
 * The code under test can write there too, so every value of a line is checked.
 */
import { readdir } from 'node:fs/promises';
import type { TestCase } from '../../ports/test-runner';
import { createLines } from '../../inspect/test-output/lines';
import type { ScriptCoverage } from '../../inspect/coverage/line-counts';
import { readReportInParts } from '../machine/report-file';
import { createGoEvents } from './go-events';

export interface Records {
  /** The tests by runner, with paths as the processes name them. */
  tests: Map<string, TestCase[]>;
  /** The runners whose reporter recorded at least one test. */
  runnersWithTests: Set<string>;
  /** The reason why the record is incomplete; undefined if it is complete. */
  incompleteReason: string | undefined;
  /** One entry for each process. */
  coverage: ScriptCoverage[][];
}

interface Line {
  v?: unknown;
  runner?: unknown;
  test?: Partial<Record<keyof TestCase, unknown>>;
  suiteError?: { file?: unknown; message?: unknown };
  /** node:test runs each file in a process of its own: the file's path, when the process starts. */
  began?: unknown;
  /** The file's path, when its code has run to the end. */
  through?: unknown;
  /** With `through`: true if the file loaded an assertion library. */
  asserts?: unknown;
  coverage?: ScriptCoverage[];
  end?: unknown;
}

export async function readRecords(folder: string): Promise<Records> {
  const found: Records = { tests: new Map(), runnersWithTests: new Set(), incompleteReason: undefined, coverage: [] };
  const state: ReadState = { records: found, endedEarly: [], withoutAssertions: [], withoutTests: [] };
  const files = await readdir(folder).catch(() => []);
  for (const file of files.sort()) {
    if (file.endsWith('.jsonl')) await readRecord(folder, file, state);
    else if (file.endsWith('.events')) await readGo(folder, file, found);
  }
  for (const file of state.endedEarly) markFailed(found, file);
  removeFilesWithoutTests(found, new Set(state.withoutAssertions));
  for (const runner of state.withoutTests)
    if (!found.runnersWithTests.has(runner)) found.incompleteReason ??= incomplete(runner);
  return found;
}

interface ReadState {
  records: Records;
  /** Files of node:test whose process ended before their code did. */
  endedEarly: string[];
  /** Files of node:test that loaded no assertion library. */
  withoutAssertions: string[];
  /** Runners of processes that recorded no test and did not end their record. */
  withoutTests: string[];
}

async function readRecord(folder: string, file: string, state: ReadState): Promise<void> {
  const { records: found, endedEarly, withoutAssertions, withoutTests } = state;
  let runner: string | undefined;
  let isComplete = false;
  let count = 0;
  let runningFile: string | undefined;
  const tests: TestCase[] = [];
  await eachLine(folder, file, (line: Line) => {
    if (line.v === 1 && typeof line.runner === 'string') runner = line.runner.slice(0, 40);
    if (line.test !== undefined) {
      count += 1;
      tests.push(toTest(line.test));
    } else if (line.suiteError !== undefined) {
      const { file: path, message } = line.suiteError;
      tests.push(toTest({ file: path, name: '(file)', status: 'failed', message }));
    } else if (typeof line.began === 'string') runningFile = line.began;
    else if (typeof line.through === 'string') {
      runningFile = undefined;
      if (line.asserts !== true) withoutAssertions.push(line.through);
    } else if (Array.isArray(line.coverage)) found.coverage.push(line.coverage.filter(isCoverage));
    else if (line.end !== undefined) isComplete = line.end === count;
  });
  if (runningFile !== undefined) endedEarly.push(runningFile);
  if (runner === undefined) return;
  found.tests.set(runner, [...(found.tests.get(runner) ?? []), ...tests]);
  if (tests.length > 0) found.runnersWithTests.add(runner);
  // A test may start a process that loads the reporter too. One that recorded no test breaks the record only if no other did.
  if (!isComplete && tests.length > 0) found.incompleteReason ??= incomplete(runner);
  else if (!isComplete) withoutTests.push(runner);
}

function incomplete(runner: string): string {
  return `the record of ${runner} has no end: its process was killed or ended early`;
}

async function readGo(folder: string, file: string, found: Records): Promise<void> {
  const events = createGoEvents();
  await eachLine(folder, file, events.read);
  found.tests.set('go', [...(found.tests.get('go') ?? []), ...events.close()]);
  found.runnersWithTests.add('go');
}

/** Marks a file as failed if its code ended the process before it reported a test. */
function markFailed({ tests }: Records, file: string): void {
  const recorded = tests.get('node-test') ?? [];
  const fileTest = recorded.find((test) => test.file === file && isPassedFile(test));
  if (fileTest === undefined) return;
  fileTest.status = 'failed';
  fileTest.message = 'the code ended the process before it reported any test of this file';
}

/** Removes files that reported no test and cannot assert anything, such as helpers: node:test lists them as passed tests. */
function removeFilesWithoutTests({ tests }: Records, withoutAssertions: ReadonlySet<string>): void {
  const keptTests = tests.get('node-test')?.filter((test) => !(isPassedFile(test) && withoutAssertions.has(test.file)));
  if (keptTests !== undefined) tests.set('node-test', keptTests);
}

function isPassedFile({ name, status }: TestCase): boolean {
  return name === '(file)' && status === 'passed';
}

async function eachLine(folder: string, file: string, use: (line: never) => void): Promise<void> {
  const lines = createLines((text) => {
    try {
      const line: unknown = JSON.parse(text);
      if (typeof line === 'object' && line !== null) use(line as never);
    } catch {
      // The process ended while it wrote this line.
    }
  });
  await readReportInParts(folder, file, (part) => {
    lines.add(part);
    return true;
  });
  lines.end();
}

const STATUSES: readonly string[] = ['passed', 'failed', 'skipped', 'todo'];

function toTest({ file, name, status, message, diff, line }: NonNullable<Line['test']>): TestCase {
  const isKnown = typeof status === 'string' && STATUSES.includes(status);
  return {
    file: typeof file === 'string' ? file : '',
    name: typeof name === 'string' ? name : '(no name)',
    status: isKnown ? (status as TestCase['status']) : 'failed',
    ...(typeof message === 'string' && { message }),
    ...(typeof diff === 'string' && { diff }),
    ...(typeof line === 'number' && { line }),
  };
}

function isCoverage(script: ScriptCoverage): boolean {
  return typeof script?.file === 'string' && Array.isArray(script.functions);
}
