/**
 * Checks the ends of the builds after the accidents, their reasons, repeated effects, stats, and leftovers.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditBuilds, auditCalls } from '../../../bench/faults/audit';
import type { Call } from '../../../bench/faults/mock-model';
import { markOf } from '../../../src/adapters/machine/process-mark';
import type { Site } from './site';

export interface End {
  state: string;
  status: string;
  /** Null if there is none. */
  failure: string | null;
}

export interface Result {
  seed: number;
  seconds: number;
  counts: Map<string, number>;
  ends: Map<string, End>;
  /** Builds that are not complete, and do not wait with a reason that an accident explains. */
  unexpectedEnds: string[];
  repetitions: string[];
  wrongStats: string[];
  leftovers?: string[];
}

/** The failures with which a build may wait for a person after these accidents. */
const EXPECTED_REASONS = ['Artifact.Missing', 'Storage.Full', 'Storage.Damaged', 'Sandbox.Unavailable'];

export async function audit(
  site: Site,
  { started, ends }: { started: readonly string[]; ends: Map<string, End> },
): Promise<Pick<Result, 'unexpectedEnds' | 'repetitions' | 'wrongStats'>> {
  const unexpectedEnds = [...ends].flatMap(([id, { status, failure }]) => {
    const isExpected = status === 'complete' || (status === 'error' && EXPECTED_REASONS.includes(failure ?? ''));
    return isExpected ? [] : [`${id}: ${status}, ${failure ?? 'no failure'}`];
  });
  const repetitions: string[] = [];
  const wrongStats: string[] = [];
  for (const project of new Set(started.map((id) => id.split('.')[0] ?? ''))) {
    const ids = started.filter((id) => id.startsWith(`${project}.`));
    const { commitsTwice, releasesTwice } = auditBuilds(site.dataDir, project, ids);
    if (commitsTwice > 0) repetitions.push(`${project}: ${commitsTwice} commits`);
    if (releasesTwice > 0) repetitions.push(`${project}: ${releasesTwice} releases`);
    const complete = ids.filter((id) => ends.get(id)?.status === 'complete').length;
    const { body } = await site.call(`/project/${project}/stats`);
    if (body.total_workflows !== ids.length || body.completed !== complete)
      wrongStats.push(`${project}: ${JSON.stringify(body)}, and there are ${ids.length}, ${complete} complete`);
  }
  const { paidTwice } = auditCalls(site.model.calls);
  if (paidTwice > 0) {
    repetitions.push(`${paidTwice} model calls that were stored, or answered to a living worker`);
    repetitions.push(...describeRepeated(site.model.calls));
  }
  return { unexpectedEnds, repetitions, wrongStats };
}

/** One line for each key with several answers. Time: seconds since the first call of the run. */
function describeRepeated(calls: readonly Call[]): string[] {
  const keys = [...new Set(calls.map(({ key }) => key))];
  const start = calls[0]?.at ?? 0;
  return keys.flatMap((key) => {
    const own = calls.filter((call) => call.key === key);
    if (own.filter(({ answered }) => answered).length < 2 && !own.some(({ wasStored }) => wasStored)) return [];
    const tries = own.map(({ at, epoch, answered, wasStored }) => {
      const what = `${wasStored ? 'stored before, ' : ''}${answered ? 'answered' : 'cut off'}`;
      return `${((at - start) / 1_000).toFixed(1)} s, epoch ${epoch}: ${what}`;
    });
    return [`${key}: ${tries.join('; ')}`];
  });
}

/** Lists what is left after the last program has ended in order. */
export function findLeftovers({ dataDir, processes }: Site): string[] {
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

/** Returns the temporary folders of dead processes; other workers of this machine may still use theirs. */
function temporaryOf(dataDir: string): string[] {
  if (!existsSync(dataDir)) return [];
  return readdirSync(tmpdir()).filter((name) => {
    const pid = /^q-(?:scratch|index|stage|report)-\d+\.(\d+)\./.exec(name)?.[1];
    return pid !== undefined && markOf(Number(pid)) === undefined;
  });
}

function linesOf({
  seed,
  seconds,
  counts,
  ends,
  unexpectedEnds,
  repetitions,
  wrongStats,
  leftovers = [],
}: Result): string[] {
  const countsByStatus = new Map<string, number>();
  for (const { status, failure } of ends.values()) {
    const name = failure === null ? status : `${status} (${failure})`;
    countsByStatus.set(name, (countsByStatus.get(name) ?? 0) + 1);
  }
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const list = (all: string[]) => (all.length === 0 ? 'none' : all.join('; '));
  return [
    `${ends.size} builds, ${total} accidents, seed ${seed}, ${seconds.toFixed(0)} s`,
    `builds: ${[...countsByStatus].map(([name, count]) => `${name}: ${count}`).join(', ')}`,
    ...[...counts].sort().map(([name, count]) => `${name}: ${count}`),
    `builds without a true reason: ${list(unexpectedEnds)}`,
    `done or paid twice: ${list(repetitions)}`,
    `stats that are not exact: ${list(wrongStats)}`,
    `left behind: ${list(leftovers)}`,
  ];
}

export function printResult(result: Result): void {
  process.stdout.write(`\n${linesOf(result).join('\n')}\n`);
}

export function writeResult(result: Result): void {
  const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: __dirname, encoding: 'utf8' }).trim();
  const command = '`WRITE_RESULT=1 npm run test:chaos -- --testPathPatterns ten-minutes`';
  const when = `${new Date().toISOString().slice(0, 10)}, commit ${commit}`;
  const about = `${command}, ${when}: programs, Temporal server, git and sandbox are real, the model is a mock behind HTTP that keeps the books.`;
  const page = `# Ten minutes of accidents\n\n${about}\n\n${linesOf(result)
    .map((line) => `- ${line}`)
    .join('\n')}\n`;
  writeFileSync(join(__dirname, '../../../docs/chaos-ten-minutes.md'), page);
}
