/**
 * The settings of a project: the schema of the body of PUT settings, and of a proposal in a repository.
 */
import { z } from 'zod';
import { budgetSchema } from './budget';
import { text, wholeNumber } from './fields';
import { startSchema } from './start-request';

const amounts = budgetSchema.omit({ wall_clock: true });
/** The caps of all builds of the project together, in total and for each day in UTC; and the most that a build may ask for. */
const budget = amounts.extend({ day: amounts.optional(), build: budgetSchema.optional() });

/** The members that a start may have, too, keep the form that they have there. */
const { gates, roles, commands, release } = startSchema.shape;

export const projectSettingsSchema = z.strictObject({
  budget: budget.optional(),
  gates,
  roles,
  commands,
  release,
});
export type ProjectSettings = z.output<typeof projectSettingsSchema>;

/** `expected_version`: the version that the caller has read; 0 where the project has no settings yet. */
export const putSettingsSchema = z.strictObject({
  settings: projectSettingsSchema,
  expected_version: wholeNumber(0, Number.MAX_SAFE_INTEGER),
  reason: text(2_000),
});
