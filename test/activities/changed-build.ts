/**
 * Makes a build in verification, with real git, a real sandbox, a registry on a free port, and an overseer that counts its calls.
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { PhaseTask, StepTask } from '../../src/activities/contract';
import type { Deps } from '../../src/activities/deps';
import type { FileChange } from '../../src/ports/workspace';
import type { ModelRequest } from '../../src/ports/model';
import { keepAccount } from '../../src/activities/verification/facts/account';
import type { PhaseOutput } from '../../src/activities/outputs';
import { withSources } from '../../src/activities/sources';
import { verify } from '../../src/activities/verification/verify';
import { createFileDocuments } from '../../src/adapters/artifacts/documents';
import { createCallsInFlight } from '../../src/activities/steps/calls-in-flight';
import { createAnswerJournals } from '../../src/adapters/artifacts/answer-journals';
import { createFileArtifacts } from '../../src/adapters/artifacts/file-store';
import { createRegistry } from '../../src/adapters/registry/create-registry';
import { createTestRunners } from '../../src/adapters/runners/create-runners';
import { createBubblewrap } from '../../src/adapters/sandbox/bubblewrap';
import { createGitWorkspace } from '../../src/adapters/workspace/git-workspace';
import type { Approval } from '../../src/domain/findings';
import { workflowIdOf } from '../../src/domain/ids';
import type { NamedEvidence } from '../../src/domain/evidence/named-evidence';
import type { Evidence } from '../../src/domain/evidence/evidence';
import type { Outcome, Worked } from '../../src/domain/build/outcome';
import { plainCheckouts } from '../plain-checkout';
import { startRegistry } from '../adapters/registry/mock-registry';
import { readersHere } from '../readers-here';

const PLAN = {
  success_criteria: [{ id: 'C1', requirement_ids: ['R1'], text: 'it works', tested_by: 'a unit test' }],
  testing_strategy: 'node --test',
  components: [],
};
const REPORT = { criteria: [{ criterion_id: 'C1', tested_by: 'test/sum.test.js: adds', satisfied: true }] };
export const CHECKED = { item: 'security', finding: 'nothing', severity: 'none', evidence: 'src/sum.js sum' };

export interface Work {
  /** Files of the base commit, beside `src/sum.js`. */
  baseFiles?: Record<string, string>;
  /** Files that the Code Writer hands over in its output. */
  files: FileChange[];
  /** Other members of the Code Writer's output. */
  report?: Partial<PhaseOutput<'implementation'>>;
  /** Files that the Code Writer writes by tools. */
  toolWrites?: FileChange[];
  /** Files that are in the commit, and in no account of the Code Writer. */
  unreportedFiles?: FileChange[];
  commands?: { test: string[]; build?: string[] };
  checklist?: object[];
  evidence?: Partial<Evidence>;
  approvals?: Approval[];
}

/** `judge` runs verification on a change; `overseerRequests` are the calls of the model. */
export async function startVerification() {
  const folder = mkdtempSync(join(tmpdir(), 'q-verify-'));
  const server = await startRegistry({});
  const documents = createFileDocuments(join(folder, 'documents'));
  const overseerRequests: ModelRequest[] = [];
  let checklist: object[] = [];
  const limits = { timeoutMs: 500, tries: 1 };
  const sandbox = createBubblewrap();
  const workspace = createGitWorkspace({ root: join(folder, 'repositories') });
  const deps = {
    artifacts: createFileArtifacts(join(folder, 'artifacts')),
    documents,
    journals: createAnswerJournals(join(folder, 'journals')),
    modelCalls: createCallsInFlight(),
    workspace,
    sandbox,
    checkouts: plainCheckouts({ workspace, sandbox }),
    runners: createTestRunners(),
    registry: createRegistry({ npmUrl: server.url, pypiUrl: `${server.url}/simple`, documents, limits }),
    prompts: { of: () => ({ text: 'judge', digest: `sha256:${'0'.repeat(64)}` }) },
    modelFor: () => ({
      id: 'stub:overseer',
      scripted: true,
      call: (request: ModelRequest) => {
        overseerRequests.push(request);
        const output = { approved: true, checklist, recommendations: [] };
        const usage = { inputTokens: 1, outputTokens: 1 };
        return Promise.resolve({
          kind: 'output' as const,
          output,
          model: 'stub:overseer',
          scripted: true,
          usage,
          calls: 1,
        });
      },
    }),
    readers: readersHere,
    testTimeoutMs: 30_000,
    surveyTimeoutMs: 30_000,
    experimentRuns: 0,
  } as unknown as Deps;

  /** Commits the work of the Code Writer and runs verification on it. */
  async function judge(work: Work) {
    checklist = work.checklist ?? [CHECKED];
    const task = await doWork(deps, work);
    const runStep = (stepTask: StepTask): Promise<Outcome> =>
      new MockActivityEnvironment().run(
        withSources(deps, (input: StepTask, sources) => verify(deps, input, sources)),
        stepTask,
      );
    const firstTask = { ...task, step: 1, transcript: null, tree: null };
    const first = await runStep(firstTask);
    const outcome: unknown =
      first.kind === 'step' ? await runStep({ ...firstTask, transcript: first.transcript, tree: first.tree }) : first;
    const output = JSON.parse((await deps.artifacts.get((outcome as Worked).output.digest)).toString('utf8')) as {
      gates: Array<{ gate: string; pass: boolean; notes: string[]; evidence: string[] }>;
      evidence: NamedEvidence[];
    };
    return { outcome: outcome as Worked, output, task };
  }
  const stop = async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  return { deps, server, overseerRequests, judge, stop };
}

async function doWork(deps: Deps, work: Work): Promise<PhaseTask> {
  const { workspace, artifacts } = deps;
  const build = { projectId: 'shop', buildId: randomUUID() };
  const empty = await workspace.prepare(build);
  const baseFiles = { 'src/sum.js': 'export const sum = (a, b) => a + b;\n', ...work.baseFiles };
  const start = Object.entries(baseFiles).map(([path, content]) => ({ path, content }));
  const { commit: base } = await workspace.apply({ ...build, ...empty }, start, 'start');
  const mark = { phase: 'implementation' as const, generation: 1, attempt: 1, turn: 5 };
  const output = {
    ...{ summary: 'Adds sums.', files: work.files, test_cases: [], documentation: '', technical_notes: [], fixed: [] },
    ...work.report,
  };
  const task = {
    ...build,
    ...mark,
    userId: 'ada',
    feedback: [],
    answers: {},
    approvals: work.approvals ?? [],
    base,
  } as unknown as PhaseTask;
  const written = [...(work.toolWrites ?? []), ...work.files];
  const reportedWork = await workspace.apply({ ...build, commit: base }, written, 'work');
  const changes = await workspace.contentChanges(build, base, reportedWork.commit);
  await keepAccount(deps.documents, task, {
    output,
    written: (work.toolWrites ?? []).map(({ path }) => path),
    changes,
  });
  // The trailer that `publish` writes; `apply` lets the test choose the base.
  const trailer = `Q-Build: ${workflowIdOf(build)}
Q-Phase: implementation
Q-Generation: 1
Q-Attempt: 1
Q-Turn: ${mark.turn}`;
  const all = [...(work.toolWrites ?? []), ...(work.unreportedFiles ?? []), ...work.files];
  const { commit } = await workspace.apply(
    { ...build, commit: base },
    all,
    `work

${trailer}`,
  );
  const ids = { user_id: 'ada', project_id: build.projectId, build_id: build.buildId };
  const put = async (value: unknown) => (await artifacts.put(JSON.stringify(value))).digest;
  const files_changed = (await workspace.changes(build, base, commit)).map(({ path }) => path);
  return {
    ...task,
    ...{ phase: 'verification', commit, evidence: { ...evidenceOf(commit), ...work.evidence } },
    request: await put({ ...ids, requirements: 'x', ...(work.commands ? { commands: work.commands } : {}) }),
    outputs: {
      planning: await put(PLAN),
      implementation: await put({ ...output, commit, files_changed }),
      testing: await put(REPORT),
    },
  };
}

function evidenceOf(commit: string): Evidence {
  return {
    ...{ kind: 'tests', command: ['node', '--test'], commit, exitCode: 0, timedOut: false, failing: [], durationMs: 1 },
    counts: { total: 1, passed: 1, failed: 0, skipped: 0 },
    ...{
      integrity: {
        ...{
          runner: 'node-test',
          sentinel: { kept: true, reason: '' },
          control: null,
          lockedDigest: null,
          unshown: [],
        },
        baseline: { passed: 0, lost: 0, names: [] },
      },
      coveragePercent: 100,
      logDigest: `sha256:${'1'.repeat(64)}`,
      sandbox: 'bubblewrap',
      at: '2026-11-21T09:00:00.000Z',
    },
  };
}
