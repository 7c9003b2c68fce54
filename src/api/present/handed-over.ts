/**
 * Finds the output that an `advance` handed over: that of the last completed phase, from the command or from the store.
 */
import type { OutputRef } from '../../domain/build/output-ref';
import type { BuildState, CommandAnswer } from '../../domain/build/state';
import type { Evidence } from '../../domain/evidence/evidence';
import { Failure } from '../../domain/failures';
import { isPhase } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import { readContent, readRequest } from '../contents';
import { readBuildView, readState } from '../builds';
import type { ApiDeps } from '../deps';
import { Problem } from '../problems';

export interface HandedOver {
  phase: Phase | null;
  content: unknown;
  source: OutputRef['source'];
  /** Present only if the orchestrator itself measured the output. */
  evidence: Evidence | null;
  /** The requirements of the start request; null if the output is not the plan. */
  requirements: unknown;
}

export async function findHandedOver(
  deps: ApiDeps,
  input: { workflowId: string; answer: CommandAnswer; result: unknown },
): Promise<HandedOver> {
  const { workflowId, answer, result } = input;
  const { previousState } = answer;
  // The caller completed a phase: its output is what the caller sent, which is a claim.
  if (isPhase(previousState)) {
    const requirements = previousState === 'planning' ? await readBuildRequirements(deps, workflowId) : null;
    return { phase: previousState, content: result, source: 'claimed', evidence: null, requirements };
  }
  const build = await readStateOrNull(deps, workflowId);
  const handoff = build === null ? undefined : findLastOutputBefore(build, answer);
  if (build === null || handoff === undefined) {
    return { phase: null, content: result, source: 'claimed', evidence: null, requirements: null };
  }
  const { phase, data } = handoff;
  const content = (await readContent(deps, data.digest, build.unsaved)) ?? null;
  const requirements = phase === 'planning' ? await readRequirements(deps, build.request) : null;
  return {
    phase,
    content,
    source: data.source,
    evidence: data.source === 'measured' ? build.evidence : null,
    requirements,
  };
}

/** Searches the handoffs, since a rework clears the outputs in the build's state. */
function findLastOutputBefore(build: BuildState, { at, previousState }: CommandAnswer) {
  const index = build.handoffs.findLastIndex((handoff) => handoff.at === at && handoff.fromState === previousState);
  const handoff = build.handoffs
    .slice(0, index + 1)
    .findLast(({ fromState, data }) => isPhase(fromState) && data !== null);
  return handoff?.data ? { phase: handoff.fromState as Phase, data: handoff.data } : undefined;
}

async function readBuildRequirements(deps: ApiDeps, workflowId: string): Promise<unknown> {
  try {
    const { card } = await readBuildView(deps, workflowId);
    return await readRequirements(deps, card.request);
  } catch (error) {
    return nullIfUnreadable(error);
  }
}

async function readRequirements(deps: ApiDeps, request: string): Promise<unknown> {
  try {
    return (await readRequest(deps, request))?.requirements ?? null;
  } catch (error) {
    return nullIfUnreadable(error);
  }
}

async function readStateOrNull(deps: ApiDeps, workflowId: string): Promise<BuildState | null> {
  try {
    return await readState(deps, workflowId);
  } catch (error) {
    return nullIfUnreadable(error);
  }
}

/** The command has been carried out: an output that cannot be read for the answer must not make the command look failed. */
function nullIfUnreadable(error: unknown): null {
  if (error instanceof Problem || (error instanceof Failure && error.type === 'Request.Unreadable')) return null;
  throw error;
}
