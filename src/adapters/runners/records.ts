/**
 * The records that reporters wrote beside the run: JSON lines, one file a process, and the events of `go test -json`.
 *
 * Code under test can write there, too: what a line holds is taken as text that is to be checked.
 */
import { readdir } from 'node:fs/promises';
import type { TestCase } from '../../ports/test-runner';
import { createLines } from '../../inspect/test-output/lines';
import type { ScriptCoverage } from '../../inspect/coverage/line-counts';
import { readReportInParts } from '../machine/report-file';
import { createGoEvents } from './go-events';

export interface Records {
  /** By runner. Files are as the processes name them. */
  tests: Map<string, TestCase[]>;
  /** Runners whose reporter has heard a test. */
  heard: Set<string>;
  /** Why the record is not whole; undefined where it is. */
  broken: string | undefined;
  /** One entry a process. */
  coverage: ScriptCoverage[][];
}

interface Line {
  v?: unknown;
  runner?: unknown;
  test?: Partial<Record<keyof TestCase, unknown>>;
  suiteError?: { file?: unknown; message?: unknown };
  /** Of the process of one file of node:test. */
  began?: unknown;
  through?: unknown;
  /** Whether it loaded what asserts. */
  asserts?: unknown;
  coverage?: ScriptCoverage[];
  end?: unknown;
}

export async function readRecords(folder: string): Promise<Records> {
  const found: Records = { tests: new Map(), heard: new Set(), broken: undefined, coverage: [] };
  const [ended, silent, idle]: [string[], string[], string[]] = [[], [], []];
  const files = await readdir(folder).catch(() => []);
  for (const file of files.sort()) {
    if (file.endsWith('.jsonl')) await readRecord(folder, file, { found, ended, silent, idle });
    else if (file.endsWith('.events')) await readGo(folder, file, found);
  }
  for (const file of ended) markEnded(found, file);
  leaveOut(found, new Set(silent));
  for (const runner of idle) if (!found.heard.has(runner)) found.broken ??= cutOff(runner);
  return found;
}

async function readRecord(
  folder: string,
  file: string,
  into: { found: Records; ended: string[]; silent: string[]; idle: string[] },
): Promise<void> {
  const { found, ended, silent, idle } = into;
  let runner: string | undefined;
  let isOver = false;
  let count = 0;
  let began: string | undefined;
  const tests: TestCase[] = [];
  await eachLine(folder, file, (line: Line) => {
    if (line.v === 1 && typeof line.runner === 'string') runner = line.runner.slice(0, 40);
    if (line.test !== undefined) {
      count += 1;
      tests.push(toTest(line.test));
    } else if (line.suiteError !== undefined) {
      const { file: path, message } = line.suiteError;
      tests.push(toTest({ file: path, name: '(file)', status: 'failed', message }));
    } else if (typeof line.began === 'string') began = line.began;
    else if (typeof line.through === 'string') {
      began = undefined;
      if (line.asserts !== true) silent.push(line.through);
    } else if (Array.isArray(line.coverage)) found.coverage.push(line.coverage.filter(isCoverage));
    else if (line.end !== undefined) isOver = line.end === count;
  });
  if (began !== undefined) ended.push(began);
  if (runner === undefined) return;
  found.tests.set(runner, [...(found.tests.get(runner) ?? []), ...tests]);
  if (tests.length > 0) found.heard.add(runner);
  // A process that was started and told no test, such as one that a test starts, speaks for itself only where no other does.
  if (!isOver && tests.length > 0) found.broken ??= cutOff(runner);
  else if (!isOver) idle.push(runner);
}

function cutOff(runner: string): string {
  return `the record of ${runner} has no end: its process was cut off`;
}

async function readGo(folder: string, file: string, found: Records): Promise<void> {
  const events = createGoEvents();
  await eachLine(folder, file, events.read);
  found.tests.set('go', [...(found.tests.get('go') ?? []), ...events.close()]);
  found.heard.add('go');
}

/** A file whose code ended the process, and which told no test, has not run. */
function markEnded({ tests }: Records, file: string): void {
  const told = tests.get('node-test') ?? [];
  const alone = told.find((test) => test.file === file && isPassedFile(test));
  if (alone === undefined) return;
  alone.status = 'failed';
  alone.message = 'the code ended the process before any test of the file was told';
}

/** A file that told no test and asserts nothing, such as an empty one or a helper, is no test itself. */
function leaveOut({ tests }: Records, silent: ReadonlySet<string>): void {
  const told = tests.get('node-test')?.filter((test) => !(isPassedFile(test) && silent.has(test.file)));
  if (told !== undefined) tests.set('node-test', told);
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
      // A line that was cut off while it was written.
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

function isCoverage(one: ScriptCoverage): boolean {
  return typeof one?.file === 'string' && Array.isArray(one.functions);
}
