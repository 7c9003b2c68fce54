/**
 * `npm run replay -- [--jobs N] [--approve] [--tests-by code_writer] <repository> <commit> [<repository> <commit> ...]`: real commits as
 * honest builds, by mock roles. `--approve`: a person approves what waits for one, and the row says so.
 *
 * One row a commit: how it ended, seconds, paid calls, approvals, and the reason where it did not complete.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { isClosed, openFindings } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import { readConfig } from '../../src/programs/config';
import { roleDefaults } from '../../src/programs/wiring';
import { buildQuery, commandUpdates } from '../../src/workflows/messages';
import { serveApi } from '../../test/api/served';
import type { Api } from '../../test/api/served';
import { until } from '../../test/fixture';
import startTestServer from '../../test/server';
import stopTestServer from '../../test/server-stop';
import { inLanes } from '../lanes';
import { workerEnv } from '../stage';
import { mockRoles } from './answers';
import type { Variant } from './answers';
import { readCommit } from './commit';
import type { RealCommit } from './commit';

const OPTIONS = {
  jobs: { type: 'string', default: '2' },
  approve: { type: 'boolean', default: false },
  kept: { type: 'boolean', default: false },
  'tests-by': { type: 'string', default: 'test_auditor' },
} as const;
const WITHIN_MS = 900_000;
const APPROVALS_LIMIT = 5;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({ options: OPTIONS, allowPositionals: true });
  const pairs = positionals.flatMap((word, index) =>
    index % 2 === 0 ? [[word, positionals[index + 1] ?? 'HEAD']] : [],
  );
  const testsBy = values['tests-by'] === 'code_writer' ? 'code_writer' : 'test_auditor';
  const variant: Variant = { testsBy, kind: values.kept ? 'kept' : 'new' };
  const commits = pairs.map(([repository = '', commit = '']) => readCommit(repository, commit));
  await startTestServer();
  const folder = mkdtempSync(join(tmpdir(), 'q-replay-'));
  try {
    return await replay(commits, { folder, variant, jobs: Number(values.jobs), approve: values.approve });
  } finally {
    await stopTestServer();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Options {
  folder: string;
  variant: Variant;
  jobs: number;
  approve: boolean;
}

async function replay(commits: RealCommit[], { folder, variant, jobs, approve }: Options): Promise<number> {
  const script = join(folder, 'script.json');
  writeFileSync(script, JSON.stringify({ name: 'replay', phases: {} }));
  const env = { ...workerEnv(), MODEL: `scripted:${script}` };
  const roots = [...new Set(commits.map(({ repository }) => dirname(repository)))];
  const api = await serveApi({
    ...{ env, worker: false },
    api: { roleDefaults: roleDefaults(readConfig(env)), repositoryRoots: roots },
  });
  const calls = new Map<string, number>();
  const byProject = new Map(commits.map((one, index) => [projectOf(one, index), { ...one, ...variant }]));
  const model = mockRoles(
    (id) => {
      const found = byProject.get(id);
      if (found === undefined) throw new Error(`no commit has the project "${id}"`);
      return found;
    },
    (id) => calls.set(id, (calls.get(id) ?? 0) + 1),
  );
  api.stack.deps.modelFor = () => model;
  await api.stack.startWorker();
  let wrong = 0;
  try {
    await inLanes([...byProject], jobs, async ([projectId, commit]) => {
      const began = performance.now();
      const ran = await build(api, projectId, { commit, approve }).catch((error: unknown) => ({
        ...{ end: 'not started', approvals: 0, reason: error instanceof Error ? error.message : String(error) },
      }));
      if (ran.end !== 'complete') wrong += 1;
      const seconds = ((performance.now() - began) / 1_000).toFixed(0);
      const told = [ran.end, `${seconds} s`, `${calls.get(projectId) ?? 0} calls`, `${ran.approvals} approvals`];
      process.stdout.write(`${projectId}  ${told.join('  ')}  ${commit.subject.slice(0, 60)}\n`);
      if (ran.reason !== '') process.stdout.write(`    ${ran.reason.replaceAll('\n', '\n    ').slice(0, 3_000)}\n`);
    });
  } finally {
    await api.stop();
  }
  process.stdout.write(`${commits.length - wrong} of ${commits.length} complete\n`);
  return wrong > 0 ? 1 : 0;
}

function projectOf({ repository, commit }: RealCommit, index: number): string {
  const name = basename(repository.replace(/\/\.git\/?$|\/$/, ''))
    .replace(/\.git$/, '')
    .replace(/[^A-Za-z0-9]+/g, '-');
  return `${name.slice(0, 40)}-${commit.slice(0, 7)}-${index}`;
}

async function build(api: Api, projectId: string, { commit, approve }: { commit: RealCommit; approve: boolean }) {
  const started = await api.post(`/api/workflows/${projectId}/start`, {
    ...{ build_id: 'b1', user_id: 'ada', requirements: commit.subject },
    repository: { path: commit.repository, base_ref: commit.parent },
  });
  if (started.status !== 201) return { end: 'refused', approvals: 0, reason: JSON.stringify(started.body) };
  const handle = api.stack.client.workflow.getHandle(`${projectId}.b1`);
  let approvals = 0;
  for (let moved = -1; ;) {
    const state: BuildState = await until(
      () => handle.query(buildQuery),
      (now) => now.revision > moved && (isClosed(now) || now.state === 'error' || now.questions.length > 0),
      WITHIN_MS,
    );
    const [found] = openFindings(state);
    if (state.state !== 'error' || found === undefined || !approve || approvals >= APPROVALS_LIMIT)
      return {
        end: state.state,
        approvals,
        reason: state.failure === null ? '' : `${state.failure.type}: ${state.failure.message}`,
      };
    const { gate, digest } = found;
    await handle.executeUpdate(commandUpdates.approve, { args: [{ actor: 'ada', gate, digest }] });
    approvals += 1;
    moved = state.revision;
  }
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  },
);
