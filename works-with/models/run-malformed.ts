/**
 * Runs whole builds of a tiny repository in which the Code Writer's model gives malformed answers, and reports the end and the
 * paid calls of each.
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
import { MALFORMED_ROWS } from './malformed-rows';
import type { MalformedRow } from './malformed-rows';
import { playTiny, TINY_SENTENCE, TINY_TREE } from './tiny';

const BUILD_LIMIT_MS = 300_000;

export interface MalformedBuild {
  row: string;
  /** `complete`, `waits until …`, or the name of the failure. */
  outcome: string;
  message: string;
  /** The number of answers that a provider would charge for: to the Code Writer, and to all roles. */
  paid: { coder: number; all: number };
  /** The number of calls that the build itself counted. */
  countedCalls: number;
  seconds: number;
}

/** Runs the rows with the given ids, such as `M5`, or all. */
export async function runMalformedBuilds(ids: readonly string[] = []): Promise<MalformedBuild[]> {
  const chosenRows = MALFORMED_ROWS.filter(({ row }) => ids.length === 0 || ids.some((id) => row.split(',')[0] === id));
  const builds: MalformedBuild[] = [];
  for (const malformed of chosenRows) {
    const folder = mkdtempSync(join(tmpdir(), 'q-malformed-'));
    try {
      const build = await runMalformed(malformed, folder);
      builds.push(build);
      const { row, outcome, paid, countedCalls, seconds } = build;
      const figures = [`${paid.coder} of ${paid.all} paid calls`, `${countedCalls} counted`, `${seconds.toFixed(0)} s`];
      process.stdout.write(`${[row, outcome, ...figures, build.message.slice(0, 200)].join('  ')}\n`);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return builds;
}

/** True if the build ended or waits with a reason, and counted exactly the paid calls. */
export function isBounded({ outcome, paid, countedCalls }: MalformedBuild): boolean {
  return outcome !== 'no rest' && paid.all === countedCalls;
}

async function runMalformed({ row, reply }: MalformedRow, folder: string): Promise<MalformedBuild> {
  const path = join(folder, 'tiny');
  const projectId = projectIdOf(row);
  makeRepository(path, { base: TINY_TREE });
  const override = (turn: Parameters<typeof reply>[0]) => (turn.phase === 'implementation' ? reply(turn) : undefined);
  const mock = await startMock(playTiny, { override });
  const startedAt = performance.now();
  try {
    const state = await runBuild(mock, { projectId, path, folder });
    const paid = mock.requests.filter(({ isPaid }) => isPaid);
    return {
      ...{ row, ...outcomeOf(state) },
      paid: { coder: paid.filter(({ phase }) => phase === 'implementation').length, all: paid.length },
      countedCalls: state?.usage.calls ?? 0,
      seconds: (performance.now() - startedAt) / 1_000,
    };
  } finally {
    await mock.stop();
  }
}

async function runBuild(
  { baseUrl }: MockServer,
  { projectId, path, folder }: { projectId: string; path: string; folder: string },
): Promise<BuildState | undefined> {
  // The product remembers by model what a server refuses, so the other roles have another model.
  const models = {
    MODEL: 'compatible:straight',
    MODEL_CODE_WRITER: 'compatible:malformed',
    COMPATIBLE_BASE_URL: baseUrl,
  };
  const env = { ...workerEnv(), ...models };
  const api = await serveApi({ env, api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: [folder] } });
  try {
    const body = { build_id: 'b1', user_id: 'ada', requirements: TINY_SENTENCE, repository: { path } };
    const started = await api.post(`/api/workflows/${projectId}/start`, body);
    if (started.status !== 201) throw new Error(JSON.stringify(started.body));
    const handle = api.stack.client.workflow.getHandle(`${projectId}.b1`);
    return await until(() => handle.query(buildQuery).catch(() => undefined), isAtRest, BUILD_LIMIT_MS, 100).catch(
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

function outcomeOf(state: BuildState | undefined): Pick<MalformedBuild, 'outcome' | 'message'> {
  if (state === undefined) return { outcome: 'no rest', message: '' };
  const wait = waitOf(state);
  if (wait !== null) return { outcome: `waits until ${wait.until.slice(0, 10)}`, message: wait.because };
  if (state.state === 'complete') return { outcome: 'complete', message: '' };
  return { outcome: state.failure?.type ?? state.state, message: state.failure?.message ?? '' };
}
