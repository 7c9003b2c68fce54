/**
 * The twelve states of a build: the role that owns each, the role that acts next, and a description.
 */
import { PHASES, ROLE_TITLE } from './roles';
import type { Phase, Role } from './roles';

export const STATES = [
  'discovery',
  'planning',
  'handoff_to_coder',
  'implementation',
  'handoff_to_tester',
  'testing',
  'handoff_to_verifier',
  'verification',
  'handoff_to_releaser',
  'deployment',
  'complete',
  'error',
] as const;
export type State = (typeof STATES)[number];

interface StateFacts {
  /** Null only for `error`. */
  owner: Role | null;
  nextRole: Role | null;
  /** The phase of the state; for a handoff, the phase after it. */
  phase: Phase | null;
  activity: string;
}

const STATE_FACTS: Readonly<Record<State, StateFacts>> = {
  discovery: {
    owner: 'q_assistant',
    nextRole: 'q_assistant',
    phase: 'discovery',
    activity: 'is gathering requirements and asking what is unclear',
  },
  planning: {
    owner: 'q_assistant',
    nextRole: 'q_assistant',
    phase: 'planning',
    activity: 'is making the implementation plan',
  },
  handoff_to_coder: {
    owner: 'q_assistant',
    nextRole: 'code_writer',
    phase: 'implementation',
    activity: 'has the plan ready and hands it over to the Code Writer',
  },
  implementation: {
    owner: 'code_writer',
    nextRole: 'code_writer',
    phase: 'implementation',
    activity: 'is implementing the solution',
  },
  handoff_to_tester: {
    owner: 'code_writer',
    nextRole: 'test_auditor',
    phase: 'testing',
    activity: 'has the code ready and hands it over to the Test Auditor',
  },
  testing: {
    owner: 'test_auditor',
    nextRole: 'test_auditor',
    phase: 'testing',
    activity: 'is completing, running and judging the tests',
  },
  handoff_to_verifier: {
    owner: 'test_auditor',
    nextRole: 'verification_overseer',
    phase: 'verification',
    activity: 'has the test evidence ready and hands it over to the Verification Overseer',
  },
  verification: {
    owner: 'verification_overseer',
    nextRole: 'verification_overseer',
    phase: 'verification',
    activity: 'is checking security, quality and truthfulness',
  },
  handoff_to_releaser: {
    owner: 'verification_overseer',
    nextRole: 'release_manager',
    phase: 'deployment',
    activity: 'has approved the build and hands it over to the Release Manager',
  },
  deployment: {
    owner: 'release_manager',
    nextRole: 'release_manager',
    phase: 'deployment',
    activity: 'is deploying and smoke testing the release',
  },
  complete: { owner: 'release_manager', nextRole: null, phase: null, activity: 'has put the build live' },
  error: { owner: null, nextRole: null, phase: null, activity: '' },
};

export function isState(value: unknown): value is State {
  return (STATES as readonly unknown[]).includes(value);
}

/** Every state has an owner, except `error`, in which the build waits for a person. */
export function ownerOf(state: Exclude<State, 'error'>): Role;
export function ownerOf(state: State): Role | null;
export function ownerOf(state: State): Role | null {
  return STATE_FACTS[state].owner;
}

export function nextRoleOf(state: State): Role | null {
  return STATE_FACTS[state].nextRole;
}

/** Returns the phase of a state; a handoff belongs to the phase after it. Null for `complete` and `error`. */
export function phaseOf(state: State): Phase | null {
  return STATE_FACTS[state].phase;
}

/**
 * Describes a state in one sentence that names the owner, e.g. "Code Writer is implementing the solution". `isReleased`: the
 * build has a live release. A command alone releases nothing, so a build may be complete without one.
 */
export function describeState(state: State, { isReleased = false } = {}): string {
  if (state === 'error') return 'The build needs a person: it waits for retry, rollback or cancel';
  if (state === 'complete' && !isReleased) return 'The build is complete; nothing was released';
  const { owner, activity: activity } = STATE_FACTS[state];
  return `${owner === null ? 'Nobody' : ROLE_TITLE[owner]} ${activity}`;
}

/** The phases that end before this state, in order. */
export function phasesBefore(state: State): Phase[] {
  if (state === 'complete') return [...PHASES];
  const phase = phaseOf(state);
  return phase === null ? [] : PHASES.slice(0, PHASES.indexOf(phase));
}

/** True if `phase` comes before `state`. The phase of a state is not earlier than that state. */
export function isEarlierPhase(phase: Phase, state: State): boolean {
  return STATES.indexOf(phase) < STATES.indexOf(state) && state !== 'error';
}
