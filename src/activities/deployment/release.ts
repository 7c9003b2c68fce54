/**
 * Deployment: the Release Manager decides, then the release train runs, on a clean checkout of the verified commit.
 *
 * Verified by the gates on exactly this commit: the word of an overseer outside is a claim, and releases nothing.
 */
import { Context } from '@temporalio/activity';
import type { LiveRelease } from '../../domain/build/state';
import { releaseIdOf } from '../../domain/ids';
import { Failure } from '../../domain/failures';
import type { Outcome } from '../../domain/build/outcomes';
import { askOnce } from '../ask-role';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { unverified } from '../verification/judge-commit';
import { checksOf, settingsOf } from './release-plan';
import type { StoredRequest } from '../context';
import { roleContext } from '../role-context';
import type { Sources } from '../sources';
import { ship } from './ship';
import type { Shipped } from './ship';

export async function release(deps: Deps, task: PhaseTask, sources: Sources): Promise<Outcome> {
  const { commit, evidence } = task;
  if (commit === null) throw new Failure('Workspace.RepositoryUnreadable', 'the build has no commit to release');
  const doubts = await unverified(deps, task, sources);
  if (doubts.length > 0) return refuse(deps, doubts);
  const text = await roleContext(deps, task, { sources, evidence });
  const { output, by, usage, kept } = await askOnce(deps, { ...task, phase: 'deployment' }, text);
  const checks = output.pre_checks.filter((check) => !check.ok).map((check) => `pre-check failed: ${check.check}`);
  const objections = [...(output.go ? [] : ['the Release Manager says no go']), ...checks];
  if (objections.length > 0) return { kind: 'worked', by, usage, output: kept, objections, notes: 'not released' };

  const shipped = await shipCommit(deps, task, commit, sources.request);
  if (!shipped.ok) return { kind: 'failed', type: shipped.type, message: shipped.message, usage };
  const { release: live, smoke } = shipped;
  const record: LiveRelease = { ...live, version: output.version, smoke };
  const artifact = await deps.artifacts.put(JSON.stringify({ ...output, release: record }));
  const notes = `release ${live.number} (${output.version}) is live; smoke: ${smoke}`;
  return { kind: 'worked', by, usage, output: artifact, objections: [], release: record, notes };
}

/** Nobody is asked: the Release Manager could not lift it. */
async function refuse(deps: Deps, doubts: string[]): Promise<Outcome> {
  const objections = doubts.map((doubt) => `not verified: ${doubt}`);
  const output = await deps.artifacts.put(JSON.stringify({ go: false, objections }));
  const usage = { calls: 0, inputTokens: null, outputTokens: null };
  return { kind: 'worked', by: 'orchestrator', usage, output, objections, notes: 'not released: not verified' };
}

async function shipCommit(deps: Deps, task: PhaseTask, commit: string, request: StoredRequest): Promise<Shipped> {
  const { projectId, buildId, turn } = task;
  const signal = Context.current().cancellationSignal;
  const target = deps.releaseTarget(settingsOf(request));
  return deps.sandbox.withScratch(async (folder) => {
    await deps.workspace.checkout({ projectId, buildId, commit }, folder);
    await runBuild(deps, folder, request.commands?.build, signal);
    const order = { projectId, buildId, turn, id: releaseIdOf(task), folder, commit, signal };
    return ship({ ...deps, target }, { ...order, ...checksOf(request) });
  });
}

async function runBuild(deps: Deps, folder: string, command: string[] | undefined, signal: AbortSignal): Promise<void> {
  if (command === undefined) return;
  const { exitCode, output } = await deps.sandbox.run({ folder, command, timeoutMs: deps.testTimeoutMs, signal });
  if (exitCode === 0) return;
  const { digest } = await deps.artifacts.put(output);
  const ended = `${command.join(' ').slice(0, 200)} ended with ${exitCode ?? 'a kill'}`;
  throw new Failure('Release.BuildFailed', `${ended}; its output is ${digest}`);
}
