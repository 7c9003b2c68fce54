/**
 * The plan of a build: the schema of the answer of planning, and of the plan that a person puts in its place.
 *
 * All fields are required, because the structured output of providers needs it; an empty list or string stands for no value.
 */
import { z } from 'zod';
import { isDigest } from '../domain/ids';
import { isObject } from '../domain/json';
import { text, wholeNumber } from './fields';

const line = z.string().min(1).max(2_000);
const id = z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/);
const list = <T extends z.ZodType>(item: T) => z.array(item).max(100);

/** `object`: `z.object` drops unknown members, `z.strictObject` refuses them. */
const planOf = (object: typeof z.object) =>
  object({
    summary: line,
    components: list(object({ name: line, purpose: line, files: list(line) })),
    steps: list(object({ text: line, requirement_ids: list(id) })).min(1),
    success_criteria: list(
      object({
        id,
        requirement_ids: list(id).min(1),
        text: line,
        // Older plans and external plans may omit it.
        kind: z
          .enum(['new', 'kept'])
          .prefault('new')
          .describe(
            'kept: existing behaviour stays as it is, and the tests that show it pass without the change, too.',
          ),
        tested_by: line.describe('How a test will show it.'),
      }),
    ).min(1),
    testing_strategy: line,
    security_considerations: list(line),
    performance_considerations: list(line),
    timeline: line,
  });

/** The answer of a model: members that it added are dropped. */
export const planSchema = planOf(z.object);

/** The body of PUT plan. A person is told of a member that no plan has. */
export const planBodySchema = z.strictObject({
  plan: z
    .custom<object>(isObject, { error: 'must be a whole plan, an object such as the one that the page shows' })
    .pipe(planOf(z.strictObject as unknown as typeof z.object)),
  expected_digest: z
    .string({ error: 'must be the digest of the page that waits for approval (GET approvals)' })
    .refine(isDigest, 'must be the digest of the page that waits for approval (GET approvals)'),
  reason: text(2_000).optional(),
  expected_revision: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
});
export type PlanBody = z.output<typeof planBodySchema>;
