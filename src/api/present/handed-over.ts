/**
 * What an `advance` handed over: the output of the phase completed last, wherever it is kept.
 */
import type { BuildState, CommandAnswer } from '../../domain/build/state';
import type { Evidence } from '../../domain/evidence/evidence';
import { Failure } from '../../domain/failures';
import { isPhase } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import { readContent, readRequest } from '../contents';
import { readShown, readState } from '../builds';
import type { ApiDeps } from '../deps';
import { Problem } from '../problems';

export interface HandedOver {
  phase: Phase | null;
  content: unknown;
  source: 'measured' | 'model' | 'claimed';
  /** Only what the orchestrator itself measured. */
  evidence: Evidence | null;
  /** Of the start request; read where the plan is handed over. */
  requirements: unknown;
}

export async function findHandedOver(
  deps: ApiDeps,
  input: { workflowId: string; answer: CommandAnswer; result: unknown },
): Promise<HandedOver> {
  const { workflowId, answer, result } = input;
  const { previousState } = answer;
  // The caller completed a phase: its output is what the caller sent, and nobody measured it.
  if (isPhase(previousState)) {
    const requirements = previousState === 'planning' ? await requirementsOf(deps, workflowId) : null;
    return { phase: previousState, content: result, source: 'claimed', evidence: null, requirements };
  }
  const build = await stateOrNull(deps, workflowId);
  const handoff = build === null ? undefined : lastOutputBefore(build, answer);
  if (build === null || handoff === undefined) {
    return { phase: null, content: result, source: 'claimed', evidence: null, requirements: null };
  }
  const { phase, data } = handoff;
  const content = (await readContent(deps, data.digest, build.unsaved)) ?? null;
  const requirements = phase === 'planning' ? await requirementsIn(deps, build.request) : null;
  return {
    phase,
    content,
    source: data.source,
    evidence: data.source === 'measured' ? build.evidence : null,
    requirements,
  };
}

/** Of the handoffs, since a rework voids the outputs that a build carries. */
function lastOutputBefore(build: BuildState, { at, previousState }: CommandAnswer) {
  const until = build.handoffs.findLastIndex((handoff) => handoff.at === at && handoff.fromState === previousState);
  const before = build.handoffs
    .slice(0, until + 1)
    .findLast(({ fromState, data }) => isPhase(fromState) && data !== null);
  return before?.data ? { phase: before.fromState as Phase, data: before.data } : undefined;
}

async function requirementsOf(deps: ApiDeps, workflowId: string): Promise<unknown> {
  try {
    const { card } = await readShown(deps, workflowId);
    return await requirementsIn(deps, card.request);
  } catch (error) {
    return nothingMore(error);
  }
}

async function requirementsIn(deps: ApiDeps, request: string): Promise<unknown> {
  try {
    return (await readRequest(deps, request))?.requirements ?? null;
  } catch (error) {
    return nothingMore(error);
  }
}

async function stateOrNull(deps: ApiDeps, workflowId: string): Promise<BuildState | null> {
  try {
    return await readState(deps, workflowId);
  } catch (error) {
    return nothingMore(error);
  }
}

/** The command is carried out: that its echo cannot be completed must not look like a failure of it. */
function nothingMore(error: unknown): null {
  if (error instanceof Problem || (error instanceof Failure && error.type === 'Request.Unreadable')) return null;
  throw error;
}
