/**
 * The bodies of the commands as they must come: strict, so that a field that no command has is refused by name.
 */
import { z } from 'zod';
import { GATES } from '../domain/commands';
import { PHASES, ROLES } from '../domain/roles';
import { STATES } from '../domain/states';
import { jsonObject, oneOf, text, whole } from '../requests/fields';

const reason = text(2_000);
/** Refuses the command where the build has moved on since it was looked at. */
const expected_revision = whole(0, Number.MAX_SAFE_INTEGER).optional();
const reasoned = z.strictObject({ reason, expected_revision });
const reasonedOrNot = z.strictObject({ reason: reason.optional(), expected_revision });

export const COMMAND_SCHEMAS = {
  advance: z.strictObject({
    role: oneOf(ROLES),
    completed_state: oneOf(STATES),
    next_state: oneOf(STATES).nullish(),
    phase_result: jsonObject,
    expected_revision,
  }),
  retry: z.strictObject({ reason, role: oneOf(ROLES).nullish(), expected_revision }),
  rollback: z.strictObject({ target_state: oneOf(PHASES), reason, expected_revision }),
  cancel: reasoned,
  pause: reasonedOrNot,
  resume: reasonedOrNot,
  approve: z.strictObject({
    gate: oneOf(GATES),
    digest: text(71).regex(/^sha256:[0-9a-f]{64}$/, 'must be a digest'),
    reason: reason.optional(),
    expected_revision,
  }),
  answer: z.strictObject({
    answers: jsonObject.refine(
      (answers) =>
        Object.keys(answers).length > 0 &&
        Object.values(answers).every((answer) => text(2_000).safeParse(answer).success),
      'must be {question_id: text}, each text 1 to 2000 characters',
    ),
    expected_revision,
  }),
};
export type AdvanceBody = z.output<typeof COMMAND_SCHEMAS.advance>;
