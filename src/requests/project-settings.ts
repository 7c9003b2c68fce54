/**
 * The settings of a project: the schema of the body of PUT settings, and of a proposal in a repository.
 */
import { z } from 'zod';
import { amountFields, duration } from './amounts';
import { text, wholeNumber } from './fields';
import { startSchema } from './start-request';

const budget = z.strictObject({
  ...amountFields,
  day: z.strictObject(amountFields).optional(),
  build: z.strictObject({ ...amountFields, wall_clock: duration.optional() }).optional(),
});

/** The members that a start may have, too, keep the form that they have there. */
const { roles, commands, release } = startSchema.shape;

export const projectSettingsSchema = z.strictObject({
  budget: budget.optional(),
  roles,
  commands,
  release,
  max_working: wholeNumber(1, 1_000_000).optional(),
});
export type ProjectSettings = z.output<typeof projectSettingsSchema>;

/** `expected_version`: the version that the caller has read; 0 where the project has no settings yet. */
export const putSettingsSchema = z.strictObject({
  settings: projectSettingsSchema,
  expected_version: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  reason: text(2_000),
});
