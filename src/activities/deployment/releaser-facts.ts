/**
 * Gathers the facts by which gates judge the Release Manager's answer: its decision, its checks, its texts, and hosts that only these
 * texts name.
 */
import type { ReleaserFacts } from '../../domain/harm';
import { hostsNamed } from '../../inspect/harm/hosts';
import type { Deps } from '../deps';
import type { PhaseOutput } from '../outputs';
import type { Sources } from '../sources';
import { startingCommit } from '../starting-commit';
import { createForeignHostCheck } from '../verification/facts/harm';
import type { PhaseTask } from '../contract';

type Answer = PhaseOutput<'deployment'>;

export async function releaserFacts(
  deps: Deps,
  task: PhaseTask & { commit: string },
  { output, sources }: { output: Answer; sources: Sources },
): Promise<ReleaserFacts> {
  const { request, outputs } = sources;
  const { projectId, buildId, commit } = task;
  const { go, pre_checks: preChecks, rollback_plan: rollbackPlan, release_notes: releaseNotes } = output;
  const isForeignHost = createForeignHostCheck(deps, { repo: { projectId, buildId }, base: commit }, request);
  const foreignHosts: string[] = [];
  for (const host of hostsNamed(`${releaseNotes}\n${rollbackPlan}`))
    if (await isForeignHost(host)) foreignHosts.push(host);
  const promisedText = JSON.stringify([request.requirements, outputs.discovery, outputs.planning]);
  const { base } = await startingCommit(deps, task, request);
  const diff = await deps.workspace.diff({ projectId, buildId }, base, commit);
  return { go, preChecks, rollbackPlan, releaseNotes, foreignHosts, promised: promisedText, diff };
}
