/**
 * Runs one build with the given prompts, by a mock engineer or a real model, with an API and a worker as in `npm start`.
 */
import { randomUUID } from 'node:crypto';
import { createModel } from '../../src/adapters/models/create-model';
import { createFetch } from '../../src/adapters/network/proxied-fetch';
import { isClosed } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import type { Role } from '../../src/domain/roles';
import type { Prompts } from '../../src/ports/prompts';
import type { RoleModel } from '../../src/ports/model';
import { readConfig } from '../../src/programs/config';
import type { Config } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { buildQuery } from '../../src/workflows/messages';
import { serveApi } from '../../test/api/served';
import { until } from '../../test/fixture';
import { startMock } from '../engineer/mock-server';
import { playerOf } from '../engineer/run-engineer';
import type { Script } from '../engineer/script';
import { workerEnv } from '../stage';
import { countedFetch } from './counted-fetch';
import type { SentRequest } from './counted-fetch';
import { presentPrompts } from './prompt-sets';
import type { PromptSet } from './prompt-sets';

const BUILD_LIMIT_MS = 3_600_000;
/** The interval between queries; each one takes the worker's time. */
const POLL_MS = 500;
const BUILD_ID = 'prompts';

export interface Job {
  script: Script;
  /** The folder of the repository; `root` is the folder above it. */
  path: string;
  root: string;
  set: PromptSet;
  /** `provider:id` of a real model; without it the mock engineer answers. */
  model?: string | undefined;
}
export interface PromptBuild {
  repository: string;
  prompts: string;
  /** The requests, in the order in which they were sent. */
  sent: SentRequest[];
  tokens: { input: number; output: number };
  /** `complete`, or the state in which the build waits, and why. */
  outcome: string;
}

export async function runBuild(job: Job): Promise<PromptBuild> {
  const sent: SentRequest[] = [];
  const buildEnd = await (job.model === undefined ? buildByEngineer(job, sent) : buildByModel(job, sent));
  return { repository: job.script.name, prompts: job.set.name, sent, ...buildEnd };
}

type BuildEnd = Pick<PromptBuild, 'outcome' | 'tokens'>;

/** Experiments are off: a mock gives the same answers whatever they find. */
async function buildByEngineer(job: Job, sent: SentRequest[]): Promise<BuildEnd> {
  const mock = await startMock(playerOf(job.script));
  try {
    const model = { MODEL: 'compatible:mock-engineer', COMPATIBLE_BASE_URL: mock.baseUrl };
    // The mock recognizes a role by its prompt on disk.
    return await runWithSettings(
      job,
      { ...model, EXPERIMENT_RUNS: '0' },
      { sent, mockPrompts: presentPrompts().prompts },
    );
  } finally {
    await mock.stop();
  }
}

function buildByModel(job: Job, sent: SentRequest[]): Promise<BuildEnd> {
  const { MODEL_SETTINGS: settings } = process.env;
  const model = { MODEL: job.model ?? '', ...(settings === undefined ? {} : { MODEL_SETTINGS: settings }) };
  return runWithSettings(job, { ...model, EXPERIMENT_RUNS: '40' }, { sent });
}

async function runWithSettings(
  { script, path, root, set }: Job,
  settings: Record<string, string>,
  { sent, mockPrompts }: { sent: SentRequest[]; mockPrompts?: Prompts },
): Promise<BuildEnd> {
  const env = { ...workerEnv(), ...settings };
  const config = readConfig(env);
  const fetch = countedFetch(createFetch(config.setup.worker.env), {
    ...{ prompts: set.prompts, mockPrompts },
    onSent: (request) => void sent.push(request),
  });
  const api = await serveApi({
    ...{ env, deps: { prompts: set.prompts, modelFor: modelsOf(config, fetch) } },
    api: { roleDefaults: roleDefaults(config), repositoryRoots: [root] },
  });
  try {
    // All builds share the Temporal server; each has its own worker.
    const projectId = `${script.name.replace(/[^A-Za-z0-9]+/g, '-')}-${randomUUID().slice(0, 8)}`;
    const started = await api.post(`/api/workflows/${projectId}/start`, {
      ...{ build_id: BUILD_ID, user_id: 'ada', requirements: script.intent, repository: { path } },
      ...(script.workdir === '.' ? {} : { workdir: script.workdir }),
      commands: { test: script.test_command, ...(script.setup && { setup: script.setup }) },
    });
    if (started.status !== 201) throw new Error(`the build was refused: ${JSON.stringify(started.body)}`);
    const handle = api.stack.client.workflow.getHandle(`${projectId}.${BUILD_ID}`);
    const state = await until(() => handle.query(buildQuery), isAtRest, BUILD_LIMIT_MS, POLL_MS);
    const { inputTokens, outputTokens } = state.usage;
    return { outcome: outcomeOf(state), tokens: { input: inputTokens, output: outputTokens } };
  } finally {
    await api.stop();
  }
}

function modelsOf({ models }: Config, fetch: typeof globalThis.fetch): (role: Role) => RoleModel {
  const { chains, ...settings } = models;
  const modelsByRole = new Map<Role, RoleModel>();
  return (role) => {
    const model = modelsByRole.get(role) ?? createModel(chains[role] ?? [], { ...settings, fetch });
    modelsByRole.set(role, model);
    return model;
  };
}

function isAtRest(state: BuildState): boolean {
  return isClosed(state) || state.state === 'error' || state.questions.length > 0;
}

function outcomeOf({ state, failure, questions }: BuildState): string {
  if (state === 'complete') return state;
  if (failure !== null) return `${failure.reached ?? state}: ${failure.type}: ${failure.message}`;
  return `${state}: ${questions[0] === undefined ? 'no reason' : `asks "${questions[0].text}"`}`;
}
