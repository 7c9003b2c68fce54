/**
 * Whole builds of a tiny repository whose Code Writer's model misbehaves as a row says: how each ends, and what was paid for it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isClosed } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import { waitOf } from '../../src/domain/build/wait';
import { readConfig } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { buildQuery } from '../../src/workflows/messages';
import { serveApi } from '../../test/api/served';
import { until } from '../../test/fixture';
import { startMock } from '../engineer/mock-server';
import type { MockServer } from '../engineer/mock-server';
import { makeRepository } from '../repository';
import { projectIdOf } from '../run-shape';
import { workerEnv } from '../stage';
import { BENT_ROWS } from './bends';
import type { BentRow } from './bends';
import { playTiny, TINY_SENTENCE, TINY_TREE } from './tiny';

const WITHIN_MS = 300_000;

export interface BentBuild {
  row: string;
  /** `complete`, `waits until …`, or the name of the failure. */
  outcome: string;
  message: string;
  /** Answers that a provider charges for: of the Code Writer, and of all roles. */
  paid: { coder: number; all: number };
  /** As the build itself counts them. */
  counted: number;
  seconds: number;
}

export async function runBentBuilds(rows: readonly string[] = []): Promise<BentBuild[]> {
  const chosen = BENT_ROWS.filter(({ row }) => rows.length === 0 || rows.some((one) => row.split(',')[0] === one));
  const built: BentBuild[] = [];
  for (const bent of chosen) {
    const folder = mkdtempSync(join(tmpdir(), 'q-bent-'));
    try {
      const one = await runBent(bent, folder);
      built.push(one);
      const { row, outcome, paid, counted, seconds } = one;
      const figures = [`${paid.coder} of ${paid.all} paid calls`, `${counted} counted`, `${seconds.toFixed(0)} s`];
      process.stdout.write(`${[row, outcome, ...figures, one.message.slice(0, 200)].join('  ')}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return built;
}

/** Complete, or at rest with a reason; and the build counts what was paid. */
export function isBounded({ outcome, paid, counted }: BentBuild): boolean {
  return outcome !== 'no rest' && paid.all === counted;
}

async function runBent({ row, reply }: BentRow, folder: string): Promise<BentBuild> {
  const path = join(folder, 'tiny');
  const projectId = projectIdOf(row);
  makeRepository(path, { base: TINY_TREE });
  const bend = (asked: Parameters<typeof reply>[0]) => (asked.phase === 'implementation' ? reply(asked) : undefined);
  const mock = await startMock(playTiny, { bend });
  const began = performance.now();
  try {
    const state = await build(mock, { projectId, path, folder });
    const paid = mock.heard.filter(({ isPaid }) => isPaid);
    return {
      ...{ row, ...endOf(state) },
      paid: { coder: paid.filter(({ phase }) => phase === 'implementation').length, all: paid.length },
      counted: state?.usage.calls ?? 0,
      seconds: (performance.now() - began) / 1_000,
    };
  } finally {
    await mock.stop();
  }
}

async function build(
  { baseUrl }: MockServer,
  { projectId, path, folder }: { projectId: string; path: string; folder: string },
): Promise<BuildState | undefined> {
  // What a server refuses is remembered by model: the other roles have another one.
  const models = { MODEL: 'compatible:straight', MODEL_CODE_WRITER: 'compatible:bent', COMPATIBLE_BASE_URL: baseUrl };
  const env = { ...workerEnv(), ...models };
  const api = await serveApi({ env, api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: [folder] } });
  try {
    const body = { build_id: 'b1', user_id: 'ada', requirements: TINY_SENTENCE, repository: { path } };
    const started = await api.post(`/api/workflows/${projectId}/start`, body);
    if (started.status !== 201) throw new Error(JSON.stringify(started.body));
    const handle = api.stack.client.workflow.getHandle(`${projectId}.b1`);
    return await until(() => handle.query(buildQuery).catch(() => undefined), isAtRest, WITHIN_MS, 100).catch(
      () => undefined,
    );
  } finally {
    await api.stop();
  }
}

function isAtRest(state: BuildState | undefined): boolean {
  if (state === undefined) return false;
  return isClosed(state) || state.state === 'error' || state.questions.length > 0 || waitOf(state) !== null;
}

function endOf(state: BuildState | undefined): Pick<BentBuild, 'outcome' | 'message'> {
  if (state === undefined) return { outcome: 'no rest', message: '' };
  const wait = waitOf(state);
  if (wait !== null) return { outcome: `waits until ${wait.until.slice(0, 10)}`, message: wait.because };
  if (state.state === 'complete') return { outcome: 'complete', message: '' };
  return { outcome: state.failure?.type ?? state.state, message: state.failure?.message ?? '' };
}
