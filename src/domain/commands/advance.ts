/**
 * `advance`: a role completes the state that it owns and hands over its result.
 */
import { fail, moveForward, sendBack } from '../build/moves';
import type { Cause } from '../build/moves';
import type { BuildState } from '../build/state';
import type { OutputRef } from '../build/output-ref';
import { isDigest } from '../ids';
import { isObject } from '../json';
import { awaitedGate } from '../people/approval-gate';
import { APPROVAL_GATES } from '../people/policy';
import { openQuestions } from '../people/questions';
import { ROLE_TITLE, isPhase } from '../roles';
import type { Role } from '../roles';
import { ownerOf } from '../states';
import type { State } from '../states';
import { forwardOf, legalNextStates, transitionKind } from '../transitions';
import { accept, defineCommand } from './command';
import { optionalState, readAs, role, show, state, unreadable } from './fields';
import type { Field, Reading } from './fields';
import { refuse } from './refusals';

/**
 * The result of a phase. `content` is null if the API has already stored it in the artifact store; inline content (from a
 * signal or the CLI) is stored there before the next step. `excerpt` is the beginning of the result, for short displays.
 */
interface PhaseResult {
  digest: string | null;
  content: string | null;
  bytes: number;
  excerpt: string;
}

/** Maximum inline phase result, in characters of JSON. Larger results must be sent by HTTP, which stores them in the artifact store. */
const INLINE_LIMIT_CHARS = 16_384;
export const EXCERPT_LIMIT_CHARS = 2_000;

const phaseResult: Field<PhaseResult> = {
  refMember: 'phase_result_ref',
  read({ field, value, wire }) {
    const { phase_result_ref: ref } = wire;
    return ref === undefined ? readInline(field, value) : readRef(ref);
  },
};

export const advance = defineCommand({
  name: 'advance',
  path: 'advance',
  needs: 'submit',
  description: 'the role completes its state',
  fields: { role, completed_state: state, next_state: optionalState, phase_result: phaseResult },
  refusals: {
    'Command.IllegalTransition': { status: 409, title: 'This transition is not in the table' },
    'Command.ApprovalNeeded': { status: 409, title: 'An approval is needed first' },
    'Command.QuestionsOpen': { status: 409, title: 'Questions are open' },
  },
  decide(build, fields, cause) {
    const { state: from } = build;
    const owner = ownerOf(from);
    if (fields.completed_state !== from) {
      const message = `completed_state is "${fields.completed_state}", but the build is in "${from}"`;
      return refuse(build, { type: 'Command.Stale', message, field: 'completed_state', legal: [from] });
    }
    if (owner !== fields.role) {
      const message = `role "${fields.role}" does not own "${from}"; ${owner ?? 'nobody'} does`;
      return refuse(build, {
        type: 'Command.WrongRole',
        message,
        field: 'role',
        legal: owner === null ? [] : [owner],
      });
    }
    if (build.paused) {
      return refuse(build, {
        type: 'Command.Paused',
        message: 'the build is paused; resume it first',
        legal: ['resume'],
      });
    }
    if (build.questions.length > 0) {
      const ids = openQuestions(build)
        .map(({ id }) => id)
        .join(', ');
      const message = `blocking questions are open (${ids}); answer them first`;
      return refuse(build, { type: 'Command.QuestionsOpen', message, legal: ['answer'] });
    }
    const to = fields.next_state ?? forwardOf(from);
    if (to === null || transitionKind(from, to) === null) {
      const legal = legalNextStates(from);
      const message = `next_state "${to}" cannot follow "${from}"; ${legal.join(', ')} can`;
      return refuse(build, { type: 'Command.IllegalTransition', message, field: 'next_state', legal });
    }
    const gate = awaitedGate(build);
    if (gate !== null && to !== 'error') {
      const message = `${APPROVAL_GATES[gate].name} is not passed; approve or reject its page first (GET approvals)`;
      return refuse(build, { type: 'Command.ApprovalNeeded', message, legal: ['approve', 'reject'] });
    }
    return accept(applyAdvance(build, { to, role: fields.role, result: fields.phase_result }, cause));
  },
});

interface Completion {
  to: State;
  role: Role;
  result: PhaseResult;
}

function applyAdvance(build: BuildState, { to, role: by, result }: Completion, cause: Cause): BuildState {
  const { digest, content, bytes, excerpt } = result;
  const data: OutputRef = {
    digest: digest ?? `unsaved:${build.revision}`,
    bytes,
    source: 'claimed',
    by: cause.actor,
    at: cause.now,
  };
  const unsaved = content === null ? build.unsaved : { ...build.unsaved, [data.digest]: content };
  const outputs = isPhase(build.state) ? { ...build.outputs, [build.state]: data } : build.outputs;
  const nextBuild = { ...build, unsaved, outputs };
  const passage = { ...cause, data };
  const who = ROLE_TITLE[by];
  const statement = `${who}: ${excerpt}`;
  const nextState = forwardOf(build.state);
  switch (transitionKind(build.state, to)) {
    case 'rework':
      return sendBack(nextBuild, {
        ...passage,
        target: 'implementation',
        feedback: [statement],
        event: 'sent_back',
        notes: `${who} sent it back`,
      });
    case 'failure':
      return fail(nextBuild, {
        ...passage,
        failure: { type: 'Role.GaveUp', message: statement },
        notes: `${who} gave up`,
      });
    default:
      return nextState === null
        ? nextBuild
        : moveForward(nextBuild, {
            ...passage,
            to: nextState,
            event: 'advanced',
            notes: `${who} completed ${build.state}`,
          });
  }
}

function readRef(ref: unknown): Reading<PhaseResult> {
  const { digest, bytes, excerpt } = isObject(ref) ? ref : {};
  const hasDigestAndSize = isDigest(digest) && typeof bytes === 'number';
  if (hasDigestAndSize && typeof excerpt === 'string' && excerpt.length <= EXCERPT_LIMIT_CHARS) {
    return readAs({ digest, bytes, excerpt, content: null });
  }
  return unreadable('phase_result_ref', 'must be {digest, bytes, excerpt} of an artifact');
}

function readInline(field: string, value: unknown): Reading<PhaseResult> {
  if (!isObject(value)) return unreadable(field, `must be a JSON object, not ${show(value)}`);
  const content = JSON.stringify(value);
  if (content.length > INLINE_LIMIT_CHARS) {
    return unreadable(field, `is ${content.length} characters; above ${INLINE_LIMIT_CHARS} use POST advance`);
  }
  return readAs({ digest: null, bytes: content.length, excerpt: content.slice(0, EXCERPT_LIMIT_CHARS), content });
}
