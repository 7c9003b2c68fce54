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

/** The failures here are the tests' own. */
export const SILENT = new DefaultLogger('ERROR', () => undefined);

export type Reply = ({ output: object } | { tools: Array<{ name: string; input: unknown }> }) & {
  /** The link of a chain that gave it. */
  link?: number;
};

/** `scripted`: as a script, the model cannot be told that its answer was not taken. */
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
      const given = answer(request, requests.length);
      const from = given.link === undefined ? {} : { link: given.link };
      const base = { model: 'fake:model', scripted, usage: { inputTokens: 1, outputTokens: 1 }, calls: 1, ...from };
      if ('output' in given) return Promise.resolve({ ...base, kind: 'output', output: given.output });
      const toolCalls = given.tools.map((tool, index) => ({ id: `t${index}`, ...tool }));
      return Promise.resolve({ ...base, kind: 'tools', text: '', toolCalls });
    },
  };
  const ledger: Ledger = { report: () => Promise.resolve(), requestCancel: () => Promise.resolve() };
  // No Temporal is asked here: the client is only for the ledger, which stands aside.
  const made = createDependencies(readConfig({ DATA_DIR: dataDir, EXPERIMENT_RUNS: '0' }), undefined as never);
  const deps: Deps = { ...made, ledger, modelFor: () => model };
  const ids = { user_id: 'ada', project_id: 'shop', build_id: 'b1' };
  const { digest } = await deps.artifacts.put(writeStartRequest({ ...ids, requirements: 'A page' }));
  return {
    deps,
    requests,
    task: (over: Partial<StepTask> = {}): StepTask => ({ ...taskOf(digest), ...over }),
    /** Runs one activity as a worker would, and once more where it only measured before it asks. */
    run: async (
      name: 'discover' | 'plan' | 'writeCode' | 'auditTests' | 'verify',
      task: StepTask,
      over: Partial<Deps> = {},
    ): Promise<PhaseOutcome> => {
      const activity = createActivities({ ...deps, ...over })[name];
      const run = (one: StepTask): Promise<PhaseOutcome> =>
        new MockActivityEnvironment({}, { logger: SILENT }).run(activity, one);
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
