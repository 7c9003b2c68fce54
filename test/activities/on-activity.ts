/**
 * Runs activities in the SDK's test environment, with real stores, real git and a model that the test defines.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { createActivities } from '../../src/activities';
import type { PhaseOutcome, StepTask } from '../../src/activities/contract';
import type { Deps } from '../../src/activities/deps';
import type { ModelReply, ModelRequest } from '../../src/ports/model';
import { readConfig } from '../../src/programs/config';
import { createDependencies } from '../../src/programs/wiring';
import { writeStartRequest } from '../../src/requests/start-request';
import type { Ledger } from '../../src/ports/project-ledger';

/** The tests cause failures on purpose, so the SDK logs none of them. */
export const SILENT = new DefaultLogger('ERROR', () => undefined);

export type Reply = ({ output: object } | { tools: Array<{ name: string; input: unknown }> }) & {
  /** The link of a chain that gave the reply. */
  link?: number;
};

/** `scripted`: the model is a script, so nobody can tell it that its answer was not accepted. */
export async function openTestContext(
  answer: (request: ModelRequest, call: number) => Reply,
  { scripted = true }: { scripted?: boolean } = {},
) {
  const dataDir = await mkdtemp(join(tmpdir(), 'q-test-activities-'));
  const requests: ModelRequest[] = [];
  const model = {
    id: 'fake:model',
    scripted,
    call: (request: ModelRequest): Promise<ModelReply> => {
      requests.push(request);
      const reply = answer(request, requests.length);
      const usedLink = reply.link === undefined ? {} : { link: reply.link };
      const base = { model: 'fake:model', scripted, usage: { inputTokens: 1, outputTokens: 1 }, calls: 1, ...usedLink };
      if ('output' in reply) return Promise.resolve({ ...base, kind: 'output', output: reply.output });
      const toolCalls = reply.tools.map((tool, index) => ({ id: `t${index}`, ...tool }));
      return Promise.resolve({ ...base, kind: 'tools', text: '', toolCalls });
    },
  };
  const done = () => Promise.resolve();
  const ledger: Ledger = { report: done, requestCancel: done, wakeBuilds: done };
  // There is no Temporal client: only the ledger uses it, and the ledger is a stub here.
  const dependencies = createDependencies(readConfig({ DATA_DIR: dataDir, EXPERIMENT_RUNS: '0' }), undefined as never);
  // There is no project whose ledger could grant money.
  const deps: Deps = { ...dependencies, ledger, grants: undefined, modelFor: () => model };
  const ids = { user_id: 'ada', project_id: 'shop', build_id: 'b1' };
  const { digest } = await deps.artifacts.put(writeStartRequest({ ...ids, requirements: 'A page' }));
  return {
    deps,
    requests,
    task: (over: Partial<StepTask> = {}): StepTask => ({ ...taskOf(digest), ...over }),
    /** Runs one activity as a worker does. If the first run only measured, a second run asks the model. */
    run: async (
      name: 'discover' | 'plan' | 'writeCode' | 'auditTests' | 'verify',
      task: StepTask,
      over: Partial<Deps> = {},
    ): Promise<PhaseOutcome> => {
      const activity = createActivities({ ...deps, ...over })[name];
      const run = (stepTask: StepTask): Promise<PhaseOutcome> =>
        new MockActivityEnvironment({}, { logger: SILENT }).run(activity, stepTask);
      const first = await run(task);
      if (first.kind !== 'step' || first.isPrepared !== true) return first;
      return run({ ...task, transcript: first.transcript, tree: first.tree });
    },
    close: () => rm(dataDir, { recursive: true, force: true }),
  };
}
export type TestContext = Awaited<ReturnType<typeof openTestContext>>;

function taskOf(request: string): StepTask {
  return {
    ...{ projectId: 'shop', buildId: 'b1', userId: 'ada', phase: 'implementation', generation: 1, attempt: 1, turn: 3 },
    ...{ request, outputs: {}, base: null, commit: null, feedback: [], answers: {}, evidence: null },
    ...{ locked: null, approvals: [] },
    ...{ step: 1, transcript: null, tree: null },
  };
}
