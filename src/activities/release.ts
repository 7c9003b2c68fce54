/**
 * Deployment: the Release Manager decides, then deploy, smoke test, and back to what was live before where that fails.
 *
 * Every effect is found again by the release's id, so a worker may die between any two lines.
 */
import { Context } from '@temporalio/activity';
import { smokeTest } from '../adapters/releases/smoke';
import { contextText } from '../domain/context';
import type { LiveRelease } from '../domain/build';
import { Failure } from '../domain/failures';
import type { Outcome } from '../domain/outcomes';
import { askOnce } from './ask-role';
import type { PhaseTask } from './contract';
import type { Deps, Release } from './deps';
import { loadContext, loadRequest } from './request';
import type { StoredRequest } from './request';

export async function release(deps: Deps, task: PhaseTask): Promise<Outcome> {
  const { commit } = task;
  if (commit === null) throw new Failure('Workspace.RepositoryUnreadable', 'the build has no commit to release');
  const request = await loadRequest(deps.artifacts, task);
  const context = await loadContext(deps.artifacts, task);
  const { output, by, usage, kept } = await askOnce(deps, { ...task, phase: 'deployment' }, contextText(context));
  const checks = output.pre_checks.filter((check) => !check.ok).map((check) => `pre-check failed: ${check.check}`);
  const objections = [...(output.go ? [] : ['the Release Manager says no go']), ...checks];
  if (objections.length > 0) return { kind: 'worked', by, usage, output: kept, objections, notes: 'not released' };

  const live = await deploy(deps, task, commit, request.commands?.build);
  const smoke = await smokeTest({ ...smokeOf(request), folder: live.folder, sandbox: deps.sandbox, signal: signal() });
  if (!smoke.ok) return putBack(deps, task, live, smoke.detail, usage);
  const record: LiveRelease = { ...live, version: output.version, smoke: smoke.detail };
  const artifact = await deps.artifacts.put(JSON.stringify({ ...output, release: record }));
  const notes = `release ${live.number} (${output.version}) is live; smoke: ${smoke.detail}`;
  return { kind: 'worked', by, usage, output: artifact, objections: [], release: record, notes };
}

async function deploy(deps: Deps, task: PhaseTask, commit: string, build?: string[]): Promise<Release> {
  const { projectId, buildId } = task;
  const id = releaseId(task);
  return deps.sandbox.withScratch(async (folder) => {
    await deps.workspace.checkout({ projectId, buildId, commit }, folder);
    if (build !== undefined) {
      const result = await deps.sandbox.run({
        folder,
        command: build,
        timeoutMs: deps.testTimeoutMs,
        signal: signal(),
      });
      if (result.exitCode !== 0)
        throw new Failure('Release.BuildFailed', `${build.join(' ')} ended with ${result.exitCode}`);
    }
    return deps.releases.deploy({ projectId, id, folder, commit });
  });
}

async function putBack(
  deps: Deps,
  { projectId }: PhaseTask,
  bad: Release,
  detail: string,
  usage: Outcome['usage'],
): Promise<Outcome> {
  // The undone release stands for its own predecessor, whatever that was by now.
  await deps.releases.restore({ projectId, previous: bad, undo: bad });
  const now = await deps.releases.live(projectId);
  const live = now === null ? 'nothing is live, as before' : `release ${now.number} is live again`;
  return { kind: 'failed', type: 'Release.SmokeFailed', message: `release ${bad.number}: ${detail}; ${live}`, usage };
}

/** Names one try to go live. */
export function releaseId({
  buildId,
  generation,
  attempt,
}: Pick<PhaseTask, 'buildId' | 'generation' | 'attempt'>): string {
  return `${buildId}.g${generation}.a${attempt}`;
}

function smokeOf({ release: options }: StoredRequest) {
  return { http: options?.smoke?.http, command: options?.smoke?.command };
}

function signal(): AbortSignal {
  return Context.current().cancellationSignal;
}
