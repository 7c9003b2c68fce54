/**
 * Replays several commits at a time on one worker, and prints a row for each: its end, seconds, paid calls, approvals, and the reason
 * if it did not complete.
 */
import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readConfig } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { serveApi } from '../../test/api/served';
import type { Api } from '../../test/api/served';
import { waitForRest } from '../at-rest';
import { runLimited } from '../run-limited';
import { workerEnv } from '../stage';
import { mockRoles } from './answers';
import type { Variant } from './answers';
import type { RealCommit } from './commit';

const APPROVAL_LIMIT_MS = 900_000;

export interface ReplayResult {
  projectId: string;
  subject: string;
  /** The state in which the build ended or waits; or `not started`, `refused`. */
  endState: string;
  seconds: number;
  paidCalls: number;
  approvals: number;
  reason: string;
  /** The number of breaks that the experiments made, and of those that tests noticed; null without evidence. */
  units: { asked: number; noticed: number } | null;
}
export interface ReplayOptions {
  folder: string;
  variant: Variant;
  jobs: number;
  /** The gates whose findings are approved; `all`: every gate. */
  approve: readonly string[] | 'all';
}

export async function replayCommits(
  commits: RealCommit[],
  { folder, variant, jobs, approve }: ReplayOptions,
): Promise<ReplayResult[]> {
  const script = join(folder, 'script.json');
  writeFileSync(script, JSON.stringify({ name: 'replay', phases: {} }));
  // `workerEnv` turns experiments off for tests; here they are measured.
  const env = { ...workerEnv(), MODEL: `scripted:${script}`, EXPERIMENT_RUNS: '40' };
  const roots = [...new Set(commits.map(({ repository }) => dirname(repository)))];
  const api = await serveApi({
    ...{ env, worker: false },
    api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: roots },
  });
  const calls = new Map<string, number>();
  const byProject = new Map(commits.map((one, index) => [projectIdOf(one, index), { ...one, ...variant }]));
  const model = mockRoles(
    (id) => {
      const commit = byProject.get(id);
      if (commit === undefined) throw new Error(`no commit has the project "${id}"`);
      return commit;
    },
    (id) => calls.set(id, (calls.get(id) ?? 0) + 1),
  );
  api.stack.deps.modelFor = () => model;
  await api.stack.startWorker();
  const rows: ReplayResult[] = [];
  try {
    await runLimited([...byProject], jobs, async ([projectId, commit]) => {
      const startedAt = performance.now();
      const buildEnd = await runBuild(api, projectId, { commit, approve }).catch((error: unknown) => ({
        ...{
          endState: 'not started',
          approvals: 0,
          units: null,
          reason: error instanceof Error ? error.message : String(error),
        },
      }));
      const seconds = (performance.now() - startedAt) / 1_000;
      const row = { projectId, subject: commit.subject, ...buildEnd, seconds, paidCalls: calls.get(projectId) ?? 0 };
      rows.push(row);
      printResult(row);
    });
  } finally {
    await api.stop();
  }
  const complete = rows.filter(({ endState }) => endState === 'complete').length;
  process.stdout.write(`${complete} of ${commits.length} complete\n`);
  return rows;
}

function projectIdOf({ repository, commit }: RealCommit, index: number): string {
  const name = basename(repository.replace(/\/\.git\/?$|\/$/, ''))
    .replace(/\.git$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-');
  return `${name.slice(0, 40)}-${commit.slice(0, 7)}-${index}`;
}

async function runBuild(
  api: Api,
  projectId: string,
  { commit, approve }: { commit: RealCommit } & Pick<ReplayOptions, 'approve'>,
) {
  const started = await api.post(`/api/workflows/${projectId}/start`, {
    ...{ build_id: 'b1', user_id: 'ada', requirements: commit.subject },
    repository: { path: commit.repository, base_ref: commit.parent },
  });
  if (started.status !== 201)
    return { endState: 'refused', approvals: 0, units: null, reason: JSON.stringify(started.body) };
  const handle = api.stack.client.workflow.getHandle(`${projectId}.b1`);
  const approves = (gate: string): boolean => approve === 'all' || approve.includes(gate);
  const { state, approvals } = await waitForRest(handle, { isApproved: approves, withinMs: APPROVAL_LIMIT_MS });
  return {
    endState: state.state,
    approvals,
    units: state.evidence?.experiments?.units ?? null,
    reason: state.failure === null ? '' : `${state.failure.type}: ${state.failure.message}`,
  };
}

function printResult({
  projectId,
  endState,
  seconds,
  paidCalls,
  approvals,
  subject,
  reason,
  units,
}: ReplayResult): void {
  const figures = [
    endState,
    `${seconds.toFixed(0)} s`,
    `${paidCalls} calls`,
    `${approvals} approvals`,
    unitsText(units),
  ];
  process.stdout.write(`${projectId}  ${figures.join('  ')}  ${subject.slice(0, 60)}\n`);
  if (reason !== '') process.stdout.write(`    ${reason.replaceAll('\n', '\n    ').slice(0, 3_000)}\n`);
}

/** `9 of 10 breaks noticed`. */
export function unitsText(units: ReplayResult['units']): string {
  return units === null ? 'breaks unknown' : `${units.noticed} of ${units.asked} breaks noticed`;
}
