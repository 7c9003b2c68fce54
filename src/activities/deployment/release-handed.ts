/**
 * Releases a build that external roles have carried out: their work becomes a commit, is measured and judged by the gates, and goes
 * live if it passes. No model is called. If the commit cannot be released, `says` of the result gives the reason.
 */
import type { HandedRelease } from '../../domain/build/pending-effects';
import type { LiveRelease } from '../../domain/build/live-release';
import { Failure } from '../../domain/failures';
import { firstMember } from '../../domain/json';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { commitHandedOver } from '../implementation/claimed-files';
import type { Sources } from '../sources';
import { blockedByOrigins } from '../testing/origins';
import { judgeCommit } from '../verification/judge-commit';
import { releaseCommit } from './release';

export async function releaseHanded(deps: Deps, scheduled: PhaseTask, sources: Sources): Promise<HandedRelease> {
  const { base, commit } = await commitHandedOver(deps, scheduled, sources);
  const task = { ...scheduled, base, commit };
  const refuse = (says: string, evidence = scheduled.evidence): HandedRelease => ({
    ...{ base, commit, evidence, release: null, says },
  });
  if (commit === base) return refuse('no role handed over a file, or pushed a commit');
  if (isRefused(sources)) return refuse('the Release Manager said no');
  try {
    if (await hasChangedSinceApproval(deps, task))
      return refuse('what was handed over is not what release_approval was given for; start a new build from it');
    const blocked = await blockedByOrigins(deps, task, sources);
    if (blocked !== null) return refuse(blocked.objections.join('; '));
    const { proven, gates, touched } = await judgeCommit(deps, task, sources);
    const failed = gates.filter(({ gate, pass }) => !pass && !(gate === 'plan' && hasNoCriteria(sources)));
    const reasons = failed.flatMap(({ gate, reasons }) => reasons.map((reason) => `${gate}: ${reason}`));
    const objections = [...touched.objections, ...reasons];
    if (objections.length > 0) return refuse(objections.join('; '), proven.evidence);
    const result = await releaseCommit(deps, { ...task, ...proven }, sources.request);
    if (result.kind === 'failed') return refuse(`${result.type}: ${result.message}`, proven.evidence);
    const release: LiveRelease = { ...result.release, version: versionOf(sources, commit), smoke: result.smoke };
    return { base, commit, evidence: proven.evidence, release, says: '' };
  } catch (error) {
    // A commit that cannot be measured or released does not fail the build, which is complete already.
    if (error instanceof Failure && isFinal(error)) return refuse(`${error.type}: ${error.message}`);
    throw error;
  }
}

/** True if the commit has another content than the page that persons approved: roles outside may push until the end. */
async function hasChangedSinceApproval(
  { workspace }: Pick<Deps, 'workspace'>,
  { projectId, buildId, commit, approvedCommit }: PhaseTask & { commit: string },
): Promise<boolean> {
  if (approvedCommit === undefined || approvedCommit === commit) return false;
  return (await workspace.contentChanges({ projectId, buildId }, approvedCommit, commit)).length > 0;
}

function isFinal({ type }: Failure): boolean {
  return /^(Environment|Workspace|Release)\./.test(type);
}

/** True for a plan from outside without criteria. Then the gate `plan` has nothing to judge, and the tests of the change must suffice. */
function hasNoCriteria({ outputs }: Sources): boolean {
  const { planning } = outputs;
  return planning?.source === 'claimed' && (planning.output.success_criteria ?? []).length === 0;
}

function isRefused({ outputs }: Sources): boolean {
  const stored = outputs.deployment?.stored;
  return firstMember(stored, 'go') === false || firstMember(stored, 'approved') === false;
}

function versionOf({ outputs }: Sources, commit: string): string {
  const version = firstMember(outputs.deployment?.stored, 'version');
  return typeof version === 'string' && version.trim() !== '' ? version.trim().slice(0, 60) : commit.slice(0, 12);
}
