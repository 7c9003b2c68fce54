/**
 * Checks after the accidents: the ends of builds and their reasons, effects, records, and leftovers.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditBuilds, auditCalls } from '../../../bench/faults/audit';
import { markOf } from '../../../src/adapters/machine/process-mark';
import type { Site } from './site';

export interface End {
  state: string;
  status: string;
  /** Null where there is none. */
  failure: string | null;
}

export interface Result {
  seed: number;
  seconds: number;
  counts: Map<string, number>;
  ends: Map<string, End>;
  /** Builds that neither are complete nor wait for a reason that an accident made. */
  untrue: string[];
  twice: string[];
  statsWrong: string[];
  left?: string[];
}

/** What a build may wait for a person with, after these accidents. */
const TRUE_REASONS = ['Artifact.Missing', 'Storage.Full', 'Storage.Damaged', 'Sandbox.Unavailable'];

export async function audit(
  site: Site,
  { started, ends }: { started: readonly string[]; ends: Map<string, End> },
): Promise<Pick<Result, 'untrue' | 'twice' | 'statsWrong'>> {
  const untrue = [...ends].flatMap(([id, { status, failure }]) => {
    const isTrue = status === 'complete' || (status === 'error' && TRUE_REASONS.includes(failure ?? ''));
    return isTrue ? [] : [`${id}: ${status}, ${failure ?? 'no failure'}`];
  });
  const twice: string[] = [];
  const statsWrong: string[] = [];
  for (const project of new Set(started.map((id) => id.split('.')[0] ?? ''))) {
    const ids = started.filter((id) => id.startsWith(`${project}.`));
    const { commitsTwice, releasesTwice } = auditBuilds(site.dataDir, project, ids);
    if (commitsTwice > 0) twice.push(`${project}: ${commitsTwice} commits`);
    if (releasesTwice > 0) twice.push(`${project}: ${releasesTwice} releases`);
    const complete = ids.filter((id) => ends.get(id)?.status === 'complete').length;
    const { body } = await site.call(`/project/${project}/stats`);
    if (body.total_workflows !== ids.length || body.completed !== complete)
      statsWrong.push(`${project}: ${JSON.stringify(body)}, and there are ${ids.length}, ${complete} complete`);
  }
  const { paidTwice } = auditCalls(site.model.calls);
  if (paidTwice > 0) twice.push(`${paidTwice} model calls that were stored, or answered to a living worker`);
  return { untrue, twice, statsWrong };
}

/** After the last program has ended in order. */
export function leftBehind({ dataDir, processes }: Site): string[] {
  const names = readdirSync(dataDir, { recursive: true }).map(String);
  const locks = names.filter((name) => /(^|[./])lock$/.test(name) && isHeld(join(dataDir, name)));
  return [
    ...processes().map(({ command }) => `process: ${command.slice(0, 120)}`),
    ...locks.map((name) => `lock: ${name}`),
    ...temporaryOf(dataDir).map((name) => `folder: ${name}`),
  ];
}

function isHeld(file: string): boolean {
  try {
    const { pid, started } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; started: string };
    return markOf(pid)?.started === started;
  } catch {
    return false;
  }
}

/** Folders whose maker is dead: other workers of this machine may have theirs. */
function temporaryOf(dataDir: string): string[] {
  if (!existsSync(dataDir)) return [];
  return readdirSync(tmpdir()).filter((name) => {
    const pid = /^q-(?:scratch|index|stage|report)-\d+\.(\d+)\./.exec(name)?.[1];
    return pid !== undefined && markOf(Number(pid)) === undefined;
  });
}

function linesOf({ seed, seconds, counts, ends, untrue, twice, statsWrong, left = [] }: Result): string[] {
  const by = new Map<string, number>();
  for (const { status, failure } of ends.values()) {
    const name = failure === null ? status : `${status} (${failure})`;
    by.set(name, (by.get(name) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const list = (all: string[]) => (all.length === 0 ? 'none' : all.join('; '));
  return [
    `${ends.size} builds, ${total} accidents, seed ${seed}, ${seconds.toFixed(0)} s`,
    `builds: ${[...by].map(([name, count]) => `${name}: ${count}`).join(', ')}`,
    ...[...counts].sort().map(([name, count]) => `${name}: ${count}`),
    `builds without a true reason: ${list(untrue)}`,
    `done or paid twice: ${list(twice)}`,
    `stats that are not exact: ${list(statsWrong)}`,
    `left behind: ${list(left)}`,
  ];
}

export function printResult(result: Result): void {
  process.stdout.write(`\n${linesOf(result).join('\n')}\n`);
}

export function writeResult(result: Result): void {
  const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: __dirname, encoding: 'utf8' }).trim();
  const how = '`WRITE_RESULT=1 npm run test:chaos -- --testPathPatterns ten-minutes`';
  const when = `${new Date().toISOString().slice(0, 10)}, commit ${commit}`;
  const about = `${how}, ${when}: programs, Temporal server, git and sandbox are real, the model is a mock behind HTTP that keeps the books.`;
  const page = `# Ten minutes of accidents\n\n${about}\n\n${linesOf(result)
    .map((line) => `- ${line}`)
    .join('\n')}\n`;
  writeFileSync(join(__dirname, '../../../docs/chaos-ten-minutes.md'), page);
}
