/**
 * Makes the entries of a record, in order, from a build and the data that was read for it.
 */
import { workflowIdOf } from '../ids';
import type { BuildState } from '../build/state';
import { canonicalJson } from '../canonical';
import { statusOf } from '../build/status';
import type { Evidence } from '../evidence/evidence';
import type { Page } from '../evidence/page';
import { isObject } from '../json';
import type { ArtifactBody, Body, Content, Draft } from './format';
import { evidenceOfBuild, evidenceOfOutput } from './evidence';
import { orchestratorPart, orchestratorOutputs, withoutMembers } from './find-references';

export interface RecordParts {
  build: BuildState;
  /** The model calls, oldest first. */
  calls: Array<{ at: string; body: Body }>;
  /** The evidence pages, as `GET evidence` shows them. */
  pages: Page[];
  artifacts: ArtifactBody[];
  contents: Record<string, Content>;
}

export function draftEntries({ build, calls, pages, artifacts, contents }: RecordParts): Draft[] {
  const timeline = merge([
    build.events.map((event) => ({ kind: 'event', at: event.at, body: { ...event } })),
    build.handoffs.map((handoff) => ({ kind: 'handoff', at: handoff.at, body: { ...handoff } })),
    calls.map(({ at, body }) => ({ kind: 'call', at, body })),
    draftEvidence(build, contents),
    approvalsOf(build).map((body) => ({ kind: 'approval', at: String(body.at), body })),
  ]);
  const end = [build.updatedAt, ...timeline.map(({ at }) => at)].sort().at(-1) as string;
  const artifactDrafts = artifacts.map((body): Draft => ({ kind: 'artifact', at: end, body }));
  const pageDrafts = pages.map((page): Draft => ({ kind: 'page', at: end, body: { ...page } }));
  const entries = [draftBuild(build), ...timeline, ...pageDrafts, ...artifactDrafts];
  return [...entries, { kind: 'state', at: end, body: stateOf(build, entries) }];
}

function draftBuild(build: BuildState): Draft {
  const { projectId, buildId, userId, title, request, roles, retriesPerPhase, createdAt } = build;
  const { coverageFloorPercent, budget } = build;
  const floor = coverageFloorPercent === undefined ? {} : { coverageFloorPercent };
  const limits = { retriesPerPhase, ...floor, ...(budget === undefined ? {} : { budget }) };
  const startMembers = { projectId, buildId, userId, title, roles, ...limits, createdAt };
  return {
    kind: 'build',
    at: createdAt,
    body: { workflowId: workflowIdOf(build), ...startMembers, requestDigest: request },
  };
}

/** The last entry: the final or current state, with counts. The counts reveal removed entries even if all hashes were recomputed. */
function stateOf(build: BuildState, entries: readonly Draft[]): Body {
  const totals: Record<string, number> = {};
  for (const { kind } of entries) totals[kind] = (totals[kind] ?? 0) + 1;
  return { ...withoutMembers(build, ['handoffs', 'events', 'seen', 'unsaved']), status: statusOf(build), totals };
}

/** All evidence: the latest is in the build, earlier pieces are in the outputs of their phases. */
function draftEvidence(build: BuildState, contents: Record<string, Content>): Draft[] {
  const part = orchestratorPart(build);
  const sources = [
    ...[...orchestratorOutputs(part)].map((digest) => ({
      pieces: evidenceOfOutput(readJson(contents[digest])),
      in: [digest],
    })),
    { pieces: evidenceOfBuild(part), in: [] },
  ];
  const drafts = new Map<string, { evidence: Evidence; in: string[] }>();
  for (const { pieces, in: places } of sources) {
    for (const evidence of pieces) {
      const key = canonicalJson(evidence);
      drafts.set(key, { evidence, in: [...(drafts.get(key)?.in ?? []), ...places] });
    }
  }
  return [...drafts.values()]
    .sort((a, b) => (a.evidence.at < b.evidence.at ? -1 : 1))
    .map((body) => ({ kind: 'evidence', at: body.evidence.at, body }));
}

/** The approvals; builds from before there were gates have none. */
function approvalsOf(build: BuildState): Body[] {
  const { approvals } = build as { approvals?: unknown };
  return Array.isArray(approvals) ? approvals.filter(isObject).filter(({ at }) => typeof at === 'string') : [];
}

/** Merges the lists by time and keeps the order within each list, even if the clock went back. */
function merge(lists: Draft[][]): Draft[] {
  const remainingLists = lists.filter((list) => list.length > 0).map((list) => [...list]);
  const mergedDrafts: Draft[] = [];
  while (remainingLists.length > 0) {
    const next = remainingLists.reduce((first, list) => (list[0]!.at < first[0]!.at ? list : first));
    mergedDrafts.push(next.shift()!);
    if (next.length === 0) remainingLists.splice(remainingLists.indexOf(next), 1);
  }
  return mergedDrafts;
}

/** Returns undefined if the content is not embedded or not JSON. */
export function readJson(content: Content | undefined): unknown {
  if (content?.encoding !== 'utf8') return undefined;
  try {
    return JSON.parse(content.content);
  } catch {
    return undefined;
  }
}
