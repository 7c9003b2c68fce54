/**
 * What the start request says about people: which gates need an approval and by whom, and how questions are handled. Pure.
 */
import { aCount, aFlag, aText, listOf, objectOf, oneOf, orAbsent } from '../shape';
import type { Phase, Role } from '../roles';
import type { State } from '../states';

/** Times are whole seconds after the gate was opened. */
export interface GatePolicy {
  approval: 'auto' | 'required';
  remindAfterS?: number;
  escalateAfterS?: number;
  /** Names that may approve too once the gate was escalated. */
  escalateTo?: string[];
  expiresAfterS?: number;
  /** Absent: `wait`. */
  onExpiry?: 'wait' | 'reject';
  /** Names of tokens or actors that may decide; absent: everybody with the right to approve. */
  approvers?: string[];
  /** How many different persons must approve; absent: 1. */
  quorum?: number;
  /** False: who proposed it may not approve it. Absent: true. */
  proposerMayApprove?: boolean;
}

export const GATE_KINDS = ['plan', 'release'] as const;
export type GateKind = (typeof GATE_KINDS)[number];
export type Gates = Partial<Record<GateKind, GatePolicy>>;

/** Times are whole seconds after the first of the open questions was asked. */
export interface QuestionPolicy {
  /** What a second answer to the same question does; absent: it is refused. */
  secondAnswer?: 'refuse' | 'replace';
  remindAfterS?: number;
  escalateAfterS?: number;
  /** Names that the event of the escalation names. Everybody with the right to operate may answer. */
  escalateTo?: string[];
}

interface GateFacts {
  /** The name under which the gate's findings are approved and rejected. */
  name: 'plan_approval' | 'release_approval';
  /** The state in which the build waits. */
  state: Extract<State, 'handoff_to_coder' | 'handoff_to_releaser'>;
  /** The phase that no build enters without having passed the gate. */
  before: Phase;
  /** Who can act on a rejection that names no phase, and the phase in which it does. */
  mender: Role;
  rejectTo: Phase;
  /** The phases that a rejection may name. */
  rejectTargets: readonly Phase[];
}

export const APPROVAL_GATES: Readonly<Record<GateKind, GateFacts>> = {
  plan: {
    name: 'plan_approval',
    state: 'handoff_to_coder',
    before: 'implementation',
    mender: 'q_assistant',
    rejectTo: 'planning',
    rejectTargets: ['discovery', 'planning'],
  },
  release: {
    name: 'release_approval',
    state: 'handoff_to_releaser',
    before: 'deployment',
    mender: 'code_writer',
    rejectTo: 'implementation',
    rejectTargets: ['planning', 'implementation', 'testing', 'verification'],
  },
};
export const APPROVAL_GATE_NAMES = GATE_KINDS.map((kind) => APPROVAL_GATES[kind].name);

/** Returns the kind of the approval gate with this name; null for the name of any other gate. */
export function gateKindOf(name: string): GateKind | null {
  return GATE_KINDS.find((kind) => APPROVAL_GATES[kind].name === name) ?? null;
}

const NAMES = listOf(aText);
const GATE_POLICY = objectOf({
  approval: oneOf(['auto', 'required']),
  ...{ remindAfterS: orAbsent(aCount), escalateAfterS: orAbsent(aCount), escalateTo: orAbsent(NAMES) },
  ...{ expiresAfterS: orAbsent(aCount), onExpiry: orAbsent(oneOf(['wait', 'reject'])) },
  ...{ approvers: orAbsent(NAMES), quorum: orAbsent(aCount), proposerMayApprove: orAbsent(aFlag) },
} satisfies Record<keyof GatePolicy, unknown>);

/** The shapes of the members of a start, for the check of a workflow's input. */
export const GATES_SHAPE = objectOf({ plan: orAbsent(GATE_POLICY), release: orAbsent(GATE_POLICY) });
export const QUESTION_POLICY_SHAPE = objectOf({
  secondAnswer: orAbsent(oneOf(['refuse', 'replace'])),
  ...{ remindAfterS: orAbsent(aCount), escalateAfterS: orAbsent(aCount), escalateTo: orAbsent(NAMES) },
} satisfies Record<keyof QuestionPolicy, unknown>);
