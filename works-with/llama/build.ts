/**
 * Runs a whole build of a small repository in which the server's model has all roles, with an API and a worker as in `npm start`.
 */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { isClosed } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import { readConfig } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { buildQuery } from '../../src/workflows/messages';
import { serveApi } from '../../test/api/served';
import type { Api } from '../../test/api/served';
import { until } from '../../test/fixture';
import { makeRepository } from '../repository';
import { SHAPES } from '../shapes';
import type { Exchange } from './exchange';
import type { Proxy } from './proxy';
import { envFor } from './settings';
import type { Tuning } from './settings';

const SHAPE = 'npm without dependencies';
const BUILD_ID = 'llama';
const BUILD_LIMIT_MS = 3_600_000;
/** The interval between queries; each one takes the worker's time. */
const POLL_MS = 500;

export interface LlamaBuild {
  name: string;
  exchanges: Exchange[];
  /** The failure, or the state in which the build waits. */
  outcome: string;
  usage: { calls: number; inputTokens: number; outputTokens: number };
  /** The number of the project's releases, and of the branches that the build made in the repository. */
  releaseCount: number;
  seconds: number;
}

export async function runBuild(
  { name, tuning }: { name: string; tuning: Tuning },
  proxy: Proxy,
  folder: string,
): Promise<LlamaBuild> {
  const startedAt = performance.now();
  const earlierCount = proxy.exchanges.length;
  const env = envFor(proxy.baseUrl, folder, tuning);
  const projectId = `llama-${randomUUID().slice(0, 8)}`;
  const path = join(folder, projectId);
  const shape = SHAPES.find((one) => one.name === SHAPE);
  if (shape === undefined) throw new Error(`no shape is called "${SHAPE}"`);
  const git = makeRepository(path, shape);
  const api = await serveApi({ env, api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: [folder] } });
  try {
    const started = await api.post(`/api/workflows/${projectId}/start`, {
      ...{ build_id: BUILD_ID, user_id: 'ada', requirements: shape.work.sentence, repository: { path } },
    });
    if (started.status !== 201) throw new Error(`the build was refused: ${JSON.stringify(started.body)}`);
    const handle = api.stack.client.workflow.getHandle(`${projectId}.${BUILD_ID}`);
    const state: BuildState = await until(() => handle.query(buildQuery), isAtRest, BUILD_LIMIT_MS, POLL_MS);
    const releases = await countReleases(api, projectId);
    const branches = git('branch', '--list', 'builds/*').split('\n').filter(Boolean).length;
    const { calls, inputTokens, outputTokens } = state.usage;
    return {
      ...{ name, outcome: outcomeOf(state), usage: { calls, inputTokens, outputTokens } },
      exchanges: proxy.exchanges.slice(earlierCount),
      releaseCount: releases + branches,
      seconds: (performance.now() - startedAt) / 1_000,
    };
  } finally {
    await api.stop();
  }
}

async function countReleases(api: Api, projectId: string): Promise<number> {
  const { status, body } = await api.get(`/api/projects/${projectId}/releases`);
  if (status === 404) return 0;
  if (status !== 200) throw new Error(`the releases cannot be listed: ${JSON.stringify(body)}`);
  return (body.releases as unknown[]).length;
}

function isAtRest(state: BuildState): boolean {
  return isClosed(state) || state.state === 'error' || state.questions.length > 0;
}

function outcomeOf({ state, failure, questions }: BuildState): string {
  if (failure !== null) return `${state} in ${failure.reached}: ${failure.type}: ${failure.message}`;
  const [question] = questions;
  return question === undefined ? state : `${state} waits for an answer to "${question.text}"`;
}
