/**
 * The deployment phase: the Release Manager decides, then a clean checkout of the verified commit is released.
 *
 * The gates must have verified exactly this commit. The approval of an external Verification Overseer is a claim and releases nothing.
 */
import { Context } from '@temporalio/activity';
import type { LiveRelease } from '../../domain/build/live-release';
import { releaseIdOf } from '../../domain/ids';
import { Failure } from '../../domain/failures';
import type { Outcome } from '../../domain/build/outcome';
import { NOTHING_USED } from '../../domain/build/usage';
import type { GateFindings } from '../../domain/findings';
import { judgeAll, reasonsOf } from '../../domain/gates';
import type { PreparedCheckout } from '../../ports/checkouts';
import { overridesOf } from '../../requests/start-request';
import type { StartRequest } from '../../requests/start-request';
import type { PhaseTask, StepTask } from '../contract';
import type { Deps } from '../deps';
import { findChangedByBuild, describeChanged } from '../verification/facts/changed-by-build';
import { checkVerified } from '../verification/judge-commit';
import { roleContext } from '../role-context';
import type { Sources } from '../sources';
import { releaserFacts } from './releaser-facts';
import { stepCommits } from '../steps/step-commits';
import { takeStep } from '../steps/take-step';
import type { Answer } from '../steps/take-step';
import { runRelease } from './run-release';
import type { ReleasePlan, ReleaseResult } from './run-release';

export async function release(deps: Deps, task: StepTask, sources: Sources): Promise<Outcome> {
  const { commit, evidence } = task;
  if (commit === null) throw new Failure('Workspace.RepositoryUnreadable', 'the build has no commit to release');
  const begun = { base: task.base ?? commit, commit };
  return takeStep(
    deps,
    { ...task, phase: 'deployment' },
    {
      ...stepCommits(task, sources.request, begun),
      async open() {
        const unverifiedCommit = await checkVerified(deps, task, sources);
        if (unverifiedCommit !== null && unverifiedCommit.objections.length > 0)
          return { outcome: await refuse(deps, unverifiedCommit) };
        return roleContext(deps, task, { sources, evidence });
      },
      finish: (answer) => decide(deps, { ...task, commit }, { answer, sources }),
    },
  );
}

async function decide(
  deps: Deps,
  task: StepTask & { commit: string },
  { answer, sources }: { answer: Answer<'deployment'>; sources: Sources },
): Promise<Outcome> {
  const { output, by, usage } = answer;
  const { commit } = task;
  const { request } = sources;
  const facts = await releaserFacts(deps, task, { output, sources });
  const objections = reasonsOf(judgeAll('answer_of_releaser', facts));
  if (objections.length > 0) {
    const storedOutput = await deps.artifacts.put(JSON.stringify(output));
    return { kind: 'worked', by, usage, output: storedOutput, objections, notes: 'not released' };
  }

  const result = await releaseCommit(deps, { ...task, commit }, request);
  if (result.kind === 'failed') return { kind: 'failed', type: result.type, message: result.message, usage };
  const { release: live, smoke } = result;
  const record: LiveRelease = { ...live, version: output.version, smoke };
  const artifact = await deps.artifacts.put(JSON.stringify({ ...output, release: record }));
  const notes = `release ${live.number} (${output.version}) is live; smoke: ${smoke}`;
  return { kind: 'worked', by, usage, output: artifact, objections: [], release: record, notes };
}

/** Ends the phase without a model call, because no answer of the Release Manager could remove these objections. */
async function refuse(deps: Deps, doubts: { objections: string[]; findings: GateFindings }): Promise<Outcome> {
  const { findings } = doubts;
  const objections = doubts.objections.map((doubt) => `not verified: ${doubt}`);
  const output = await deps.artifacts.put(JSON.stringify({ go: false, objections }));
  const notes = 'not released: not verified';
  return { kind: 'worked', by: 'orchestrator', usage: NOTHING_USED, output, objections, findings, notes };
}

export async function releaseCommit(
  deps: Deps,
  task: PhaseTask & { commit: string },
  request: StartRequest,
): Promise<ReleaseResult> {
  const { release: checks, commands } = request;
  const { projectId, buildId, requestKey, turn, commit } = task;
  const signal = Context.current().cancellationSignal;
  const target = deps.releaseTarget(checks);
  const order = { projectId, buildId, requestKey, turn, id: releaseIdOf(task), commit, signal, checks };
  const releaseCleanCheckout = (packages?: ReleasePlan['packages']): Promise<ReleaseResult> =>
    deps.sandbox.withScratch(async (folder) => {
      await deps.workspace.checkout({ projectId, buildId, requestKey, commit }, folder);
      return runRelease({ ...deps, target }, { ...order, folder, packages });
    });
  const { build } = commands ?? {};
  if (build === undefined && checks.smoke.command === undefined) return releaseCleanCheckout();
  const at = { projectId, buildId, requestKey, commit };
  const input = { at, base: task.base ?? commit, overrides: overridesOf(request), isForRelease: true, signal };
  return deps.checkouts.with(input, async (checkout) => {
    // Files that set-up makes in the tree belong to the release only if the request has a build command.
    if (build === undefined) return releaseCleanCheckout(checkout.shown);
    await runBuild(deps, checkout, { command: build, signal });
    const { base, overrides } = input;
    const changed = await findChangedByBuild(deps, { at, base, overrides, command: build, folder: checkout.folder });
    if (changed.length > 0)
      throw new Failure('Release.BuildFailed', `the build cannot be released: ${describeChanged(changed)}`);
    await checkout.removeMountPoints();
    return runRelease({ ...deps, target }, { ...order, folder: checkout.folder, packages: checkout.shown });
  });
}

async function runBuild(
  deps: Deps,
  checkout: PreparedCheckout,
  run: { command: string[]; signal: AbortSignal },
): Promise<void> {
  const { exitCode, output } = await checkout.run({ ...run, timeoutMs: deps.testTimeoutMs });
  if (exitCode === 0) return;
  const { digest } = await deps.artifacts.put(output);
  const endText = `${run.command.join(' ').slice(0, 200)} ended with ${exitCode ?? 'a kill'}`;
  throw new Failure('Release.BuildFailed', `${endText}; its output is ${digest}`);
}
