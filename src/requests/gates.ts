/**
 * The parts of the start request about people: the approvals that a build needs, and how questions are handled.
 */
import { z } from 'zod';
import type { GatePolicy, Gates, QuestionPolicy } from '../domain/people/policy';
import { GATE_KINDS } from '../domain/people/policy';
import { duration, secondsOf } from './durations';
import { oneOf, text, wholeNumber } from './fields';

const NAMES_LIMIT = 20;
const QUORUM_LIMIT = 10;

const name = text(200);
const names = z
  .array(name, { error: `must be a list of 1 to ${NAMES_LIMIT} names of tokens or actors` })
  .min(1, `must be a list of 1 to ${NAMES_LIMIT} names of tokens or actors`)
  .max(NAMES_LIMIT, `must be a list of 1 to ${NAMES_LIMIT} names of tokens or actors`)
  .refine((given) => new Set(given).size === given.length, 'must name everybody once');

const gate = z
  .strictObject({
    approval: oneOf(['auto', 'required']),
    remind_after: duration.optional(),
    escalate_after: duration.optional(),
    escalate_to: names.optional(),
    expires_after: duration.optional(),
    on_expiry: oneOf(['wait', 'reject']).optional(),
    approvers: names.optional(),
    quorum: wholeNumber(1, QUORUM_LIMIT).optional(),
    proposer_may_approve: z.boolean({ error: 'must be true or false' }).optional(),
  })
  .superRefine((given, context) => {
    for (const [path, message] of problemsOf(given)) context.addIssue({ code: 'custom', path: [path], message });
  });
export type GateBody = z.output<typeof gate>;

/** Finds settings that contradict each other, by field. */
function problemsOf(given: GateBody): Array<[keyof GateBody, string]> {
  const { approvers, quorum = 1, escalate_after, escalate_to, expires_after, on_expiry } = given;
  const isReached = approvers === undefined || quorum <= approvers.length;
  const hasEscalation = (escalate_after === undefined) === (escalate_to === undefined);
  return [
    ...(isReached ? [] : [problem('quorum', `is ${quorum}, but approvers names only ${approvers.length}`)]),
    ...(hasEscalation ? [] : [problem('escalate_to', 'must be given together with escalate_after')]),
    ...(on_expiry === undefined || expires_after !== undefined
      ? []
      : [problem('on_expiry', 'must be given together with expires_after')]),
  ];
}

function problem(field: keyof GateBody, message: string): [keyof GateBody, string] {
  return [field, message];
}

export const gatesSchema = z.strictObject({ plan: gate.optional(), release: gate.optional() });
export type GatesBody = z.output<typeof gatesSchema>;

export const questionsSchema = z
  .strictObject({
    second_answer: oneOf(['refuse', 'replace']).optional(),
    remind_after: duration.optional(),
    escalate_after: duration.optional(),
    escalate_to: names.optional(),
  })
  .refine(({ escalate_after, escalate_to }) => (escalate_after === undefined) === (escalate_to === undefined), {
    path: ['escalate_to'],
    message: 'must be given together with escalate_after',
  });
export type QuestionsBody = z.output<typeof questionsSchema>;

/** Gives the gates as the workflow has them: durations in whole seconds, absent members left out. */
export function gatesOf(body: GatesBody): Gates {
  const entries = GATE_KINDS.flatMap((kind) => {
    const given = body[kind];
    return given === undefined ? [] : [[kind, policyOf(given)] as const];
  });
  return Object.fromEntries(entries) as Gates;
}

function policyOf(given: GateBody): GatePolicy {
  return {
    approval: given.approval,
    ...member('remindAfterS', secondsOf(given.remind_after)),
    ...member('escalateAfterS', secondsOf(given.escalate_after)),
    ...member('escalateTo', given.escalate_to),
    ...member('expiresAfterS', secondsOf(given.expires_after)),
    ...member('onExpiry', given.on_expiry),
    ...member('approvers', given.approvers),
    ...member('quorum', given.quorum),
    ...member('proposerMayApprove', given.proposer_may_approve),
  };
}

export function questionPolicyOf(body: QuestionsBody): QuestionPolicy {
  return {
    ...member('secondAnswer', body.second_answer),
    ...member('remindAfterS', secondsOf(body.remind_after)),
    ...member('escalateAfterS', secondsOf(body.escalate_after)),
    ...member('escalateTo', body.escalate_to),
  };
}

function member<N extends string, T>(name: N, value: T | undefined): Partial<Record<N, T>> {
  return value === undefined ? {} : ({ [name]: value } as Record<N, T>);
}
