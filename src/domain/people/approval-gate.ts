/**
 * Approval gates: where a build waits for persons before a plan is carried out or a commit is released. Pure.
 *
 * What is judged stands in one artifact, the page. A person approves its digest. If anything on the page changes, the page is void
 * and the next one has another digest, so no approval covers what its sender has not seen.
 */
import type { Approval, Finding } from '../findings';
import { recordEvent } from '../build/record-event';
import { isClosed, openFindings } from '../build/state';
import type { BuildState } from '../build/state';
import { APPROVAL_GATES, GATE_KINDS } from './policy';
import type { GateKind, GatePolicy } from './policy';

/** The page of the gate that the build waits at. */
export interface ApprovalGate {
  kind: GateKind;
  /** The number of the page in this build, from 1; it is part of the page, so that no two pages have one digest. */
  opening: number;
  /** What was judged, as one text. If the build's present text differs, the page is void. */
  judged: string;
  digest: string;
  /** The page before this one at the same gate, also in an earlier attempt; absent for the first. */
  previousDigest?: string;
  openedAt: string;
  /** The commit that the page of a release shows. */
  commit?: string;
  /** Reminders and the like that were carried out for this page. */
  fired: GateDue[];
}
export type GateDue = 'reminded' | 'escalated' | 'expired';

/** The page that persons have approved. */
export interface PassedGate {
  judged: string;
  digest: string;
  /** The commit that may be released. */
  commit?: string;
}

/** An approver's decisions are made by somebody else. */
export interface Delegation {
  kind: GateKind;
  from: string;
  to: string;
  at: string;
}

/** The gate that the build must pass before it can leave its state; null if there is none, or if it has passed it. */
export function awaitedGate(build: BuildState): GateKind | null {
  const kind = GATE_KINDS.find((one) => APPROVAL_GATES[one].state === build.state);
  return kind === undefined || isClosed(build) || hasPassed(build, kind) ? null : kind;
}

/** The gate that stands before this phase and that the build has not passed with what it has now; null if there is none. */
export function gateBefore(build: BuildState, phase: unknown): GateKind | null {
  const kind = GATE_KINDS.find((one) => APPROVAL_GATES[one].before === phase);
  return kind === undefined || hasPassed(build, kind) ? null : kind;
}

function hasPassed(build: BuildState, kind: GateKind): boolean {
  if (build.gates?.[kind]?.approval !== 'required') return true;
  return build.passedGates?.[kind]?.judged === judgedText(build, kind);
}

/** The page that can be decided now; null if there is none, also while a new one is made because the last one is void. */
export function openPage(build: BuildState): ApprovalGate | null {
  const { approvalGate: gate } = build;
  if (gate === undefined || awaitedGate(build) !== gate.kind) return null;
  return gate.judged === pageText(build, gate.kind) ? gate : null;
}

/** True if the build waits at a gate and the page must be made, for the first time or anew. */
export function needsPage(build: BuildState): boolean {
  return awaitedGate(build) !== null && openPage(build) === null;
}

/** Everything that decides what a person would see, as one text. Only the generation stands for the rollbacks. */
function judgedText(build: BuildState, kind: GateKind): string {
  const { generation, request, outputs, base, commit, evidence, locked } = build;
  const judged =
    kind === 'plan'
      ? [outputs.discovery?.digest, outputs.planning?.digest]
      : [base, commit, evidence?.logDigest, locked?.digest, outputs.verification?.digest];
  return JSON.stringify([kind, generation, request, ...judged.map((one) => one ?? null)]);
}

/** As `judgedText`, with what may change after the gate without making its approval void: a person may raise the budget later. */
export function pageText(build: BuildState, kind: GateKind): string {
  return JSON.stringify([judgedText(build, kind), build.budget ?? null]);
}

/** A page as an activity has made it. */
export interface MadePage {
  kind: GateKind;
  opening: number;
  /** `pageText` when the page was begun. */
  judged: string;
  digest: string;
  summary: string;
  commit?: string;
}

/** Opens the gate with the page. Returns the same build if the build has changed since the page was begun. */
export function openGate(build: BuildState, page: MadePage, now: string): BuildState {
  const { kind, opening, judged, digest, summary, commit } = page;
  const shown = commit === undefined ? {} : { commit };
  if (awaitedGate(build) !== kind || pageText(build, kind) !== judged || opening !== nextOpening(build)) return build;
  const { name, mender, before, rejectTo } = APPROVAL_GATES[kind];
  const finding: Finding = {
    ...{ gate: name, digest, summary, mender, onApprove: before, onReject: rejectTo, at: now },
  };
  const last = build.lastPages?.[kind];
  const previous = last === undefined ? {} : { previousDigest: last.digest };
  const next: BuildState = {
    // An approval of an earlier page is void from now on, even if the build returns to what that page showed.
    ...resetGateAt(build, build.state),
    findings: [...withoutGateFindings(build, kind), finding],
    approvalGate: { kind, opening, judged, digest, ...previous, ...shown, openedAt: now, fired: [] },
    gateOpenings: opening,
    lastPages: { ...build.lastPages, [kind]: { digest } },
    revision: build.revision + 1,
  };
  return recordEvent(next, { actor: 'orchestrator', now }, { type: 'gate_opened', data: { gate: name, digest } });
}

export function nextOpening({ gateOpenings = 0 }: BuildState): number {
  return gateOpenings + 1;
}

/** Closes the gate as passed: the build may leave its state. */
export function passGate(build: BuildState, { kind, digest, commit }: ApprovalGate): BuildState {
  const shown = commit === undefined ? {} : { commit };
  const passedGates = { ...build.passedGates, [kind]: { judged: judgedText(build, kind), digest, ...shown } };
  return { ...build, passedGates, findings: withoutGateFindings(build, kind) };
}

/** Adds the event that names the page by which a build leaves the gate's state. */
export function recordPassage(build: BuildState, now: string): BuildState {
  const { approvalGate: gate } = build;
  if (gate === undefined || awaitedGate(build) !== null) return build;
  const data = {
    gate: APPROVAL_GATES[gate.kind].name,
    digest: gate.digest,
    approvals: approvalsOf(build, gate).length,
  };
  return recordEvent(build, { actor: 'orchestrator', now }, { type: 'gate_passed', data });
}

/** Takes the gate off a build that leaves its state; whoever comes back waits at a new page. */
export function leaveGate(build: BuildState): BuildState {
  const { approvalGate, ...rest } = build;
  if (approvalGate === undefined) return build;
  return { ...(rest as BuildState), findings: withoutGateFindings(build, approvalGate.kind) };
}

/** Makes an earlier approval of the gate in this state void: what it judges was made anew. */
export function resetGateAt(build: BuildState, state: BuildState['state']): BuildState {
  const kind = GATE_KINDS.find((one) => APPROVAL_GATES[one].state === state);
  if (kind === undefined || build.passedGates?.[kind] === undefined) return build;
  const { [kind]: _, ...passedGates } = build.passedGates;
  return { ...build, passedGates };
}

function withoutGateFindings(build: BuildState, kind: GateKind): Finding[] {
  return openFindings(build).filter(({ gate }) => gate !== APPROVAL_GATES[kind].name);
}

/** The approvals of exactly this page. */
export function approvalsOf({ approvals }: BuildState, { kind, digest }: ApprovalGate): Approval[] {
  return approvals.filter((one) => one.gate === APPROVAL_GATES[kind].name && one.digest === digest);
}

export function policyOf(build: BuildState, kind: GateKind): GatePolicy {
  return build.gates?.[kind] ?? { approval: 'auto' };
}

export function quorumOf(build: BuildState, kind: GateKind): number {
  return policyOf(build, kind).quorum ?? 1;
}

/** The person who proposed what the gate judges: the sender of the start, or who has edited the plan. */
export function proposerOf(build: BuildState, kind: GateKind): string {
  const { planning } = build.outputs;
  if (kind === 'plan' && planning?.source === 'person') return planning.by;
  return build.startedBy?.actor ?? build.userId;
}

/** The names that may decide at the gate now, after escalation and delegations; null: everybody with the right to approve. */
export function decidersOf(build: BuildState, { kind, fired }: ApprovalGate): string[] | null {
  const { approvers, escalateTo = [] } = policyOf(build, kind);
  if (approvers === undefined) return null;
  const names = fired.includes('escalated') ? [...approvers, ...escalateTo] : approvers;
  const delegations = (build.delegations ?? []).filter((one) => one.kind === kind);
  return [...new Set(delegations.reduce(replaceName, names))];
}

function replaceName(names: string[], { from, to }: Delegation): string[] {
  return names.map((name) => (name === from ? to : name));
}
