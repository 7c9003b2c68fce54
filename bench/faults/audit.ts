/**
 * Checks, on disk and in Temporal, what was lost and what was done twice.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildState } from '../../src/domain/build/state';
import type { Call } from './mock-model';

export interface Findings {
  lost: number;
  commitsTwice: number;
  releasesTwice: number;
  recordsWrong: number;
  /** Calls whose stored answer was requested again, or that one worker process got an answer to twice. */
  paidTwice: number;
  /** Calls that were answered completely just before the kill, so that the worker could not store the answer and called again. */
  cutBeforeStored: number;
  /** Calls that were running when the worker was killed; they had to be made again. */
  cutInFlight: number;
}

export function auditBuilds(dataDir: string, projectId: string, workflowIds: readonly string[]) {
  const records = workflowIds.map((id) => readRecord(dataDir, id));
  const complete = records.filter((record) => record?.state === 'complete');
  const commits = trailersOf(dataDir, projectId);
  const releases = releaseIdsOf(dataDir, projectId);
  return {
    lost: workflowIds.length - complete.length,
    commitsTwice: commits.length - new Set(commits).size,
    releasesTwice: releases.length - new Set(releases).size,
    // Each build has three commits (two attempts, the added tests) and one release, whichever process was killed.
    recordsWrong:
      complete.filter((record) => withoutTurn(record?.release?.id ?? '') !== `${record?.buildId}.g1.a1`).length +
      Math.abs(releases.length - complete.length) +
      Math.abs(commits.length - 3 * complete.length),
  };
}

export function auditCalls(calls: readonly Call[]): Pick<Findings, 'paidTwice' | 'cutBeforeStored' | 'cutInFlight'> {
  const answered = new Map<string, Call[]>();
  for (const call of calls.filter((one) => one.answered))
    answered.set(call.key, [...(answered.get(call.key) ?? []), call]);
  const repeatsInEpoch = [...answered.values()].map(
    (list) => list.length - new Set(list.map(({ epoch }) => epoch)).size,
  );
  const repeats = [...answered.values()].map((list) => list.length - 1);
  const storedCount = calls.filter(({ wasStored }) => wasStored).length;
  const paidTwice = storedCount + sum(repeatsInEpoch);
  return {
    paidTwice,
    cutBeforeStored: Math.max(0, sum(repeats) - paidTwice),
    cutInFlight: calls.filter((call) => !call.answered).length,
  };
}

export function storedCallFile(dataDir: string, key: string): string {
  return join(dataDir, 'documents', 'calls', `${key}.json`);
}

function readRecord(dataDir: string, workflowId: string): BuildState | undefined {
  const file = join(dataDir, 'documents', 'records', `${workflowId}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BuildState) : undefined;
}

/** The closing trailers of all commits on the builds' branches. */
function trailersOf(dataDir: string, projectId: string): string[] {
  if (!existsSync(join(dataDir, 'repositories', `${projectId}.git`))) return [];
  const git = (...args: string[]) =>
    execFileSync('git', ['--git-dir', join(dataDir, 'repositories', `${projectId}.git`), ...args], {
      encoding: 'utf8',
    });
  const messages = git('log', '-z', '--format=%B', '--glob=refs/heads/builds').split('\0');
  return messages.flatMap((message) => message.match(/Q-Build:[\s\S]*?(?=\nQ-Turn:|$)/)?.[0].trim() ?? []);
}

function releaseIdsOf(dataDir: string, projectId: string): string[] {
  const folder = join(dataDir, 'documents', 'release-numbers');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.startsWith(`${projectId}.`) && file.endsWith('.json'))
    .map((file) => (JSON.parse(readFileSync(join(folder, file), 'utf8')) as { id: string }).id)
    .map(withoutTurn);
}

/** Removes the turn: an effect of a later turn of the same attempt counts as the same effect. */
function withoutTurn(id: string): string {
  return id.replace(/\.t\d+$/, '');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
