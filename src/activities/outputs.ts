/**
 * The schemas of the roles' outputs, one a phase. Each is sent with the model call, and the answer is checked against it.
 *
 * All fields are required, because the structured output of providers needs it; an empty list or string stands for no value.
 */
import { z } from 'zod';
import type { Phase } from '../domain/roles';
import { planSchema } from '../requests/plan';

const line = z.string().min(1).max(2_000);
const id = z.string().regex(/^[A-Za-z0-9_.-]{1,40}$/);
const list = <T extends z.ZodType>(item: T) => z.array(item).max(100);

export const specificationSchema = z.object({
  summary: line.describe('One paragraph: what is to be built and for whom.'),
  requirements: list(z.object({ id, text: line })).min(1),
  constraints: list(line),
  assumptions: list(line),
  risks: list(line),
  open_questions: list(
    z.object({
      id,
      text: line,
      blocking: z.boolean(),
      // Older specifications and external ones may omit it.
      assumption: z
        .string()
        .max(2_000)
        .prefault('')
        .describe('What you take as true if nobody answers; empty for a blocking question.'),
    }),
  ),
  success_criteria: list(line),
});

const file = z.object({
  path: z.string().min(1).max(400).describe('Relative to the root of the repository.'),
  content: z.string().nullable().describe('The whole new text of the file; null deletes it, where base64 is null too.'),
  // Older outputs and external outputs may omit these two fields.
  base64: z
    .string()
    .nullable()
    .optional()
    .describe('The whole new bytes of a file that is no text, in base64; content is null then. Else null.'),
  executable: z
    .boolean()
    .nullable()
    .optional()
    .describe('The mode of the file; null keeps it, and a new file is not executable.'),
});

export const codeSchema = z.object({
  summary: line,
  files: z.array(file).max(200).describe('Files not yet written with the write tool; may be empty.'),
  test_cases: list(z.object({ name: line, criterion_ids: list(id) })),
  documentation: z.string().max(20_000),
  technical_notes: list(line),
  fixed: list(line).describe('On a retry: each finding, and what was changed and why. Else empty.'),
});

export const testReportSchema = z.object({
  verdict: z.enum(['pass', 'fail']),
  tests_added: z
    .array(file)
    .max(100)
    .describe('Test files, with the helpers, fixtures and snapshots they need; may be empty.'),
  // Older reports and external reports may omit the next two fields.
  tests_updated: list(
    z.object({
      path: z.string().min(1).max(400).describe('An old test file that the change turned red.'),
      content: z
        .string()
        .nullable()
        .describe('The whole new text of the file; null where you have changed it with your tools.'),
      criterion_id: id.describe('The criterion that makes the old expectation obsolete.'),
      reason: line,
    }),
  )
    .prefault([])
    .describe('Old tests whose expectation a criterion of the plan replaces; else empty.'),
  test_command: list(line)
    .prefault([])
    .describe('Only where the repository says nowhere how its tests are run: the argument list that runs them.'),
  criteria: list(z.object({ criterion_id: id, tested_by: line, satisfied: z.boolean(), note: z.string().max(2_000) })),
  objections: list(line),
});

export const verificationSchema = z.object({
  approved: z.boolean(),
  checklist: list(
    z.object({
      item: z.enum([
        'security',
        'performance',
        'architecture',
        'documentation',
        'testing',
        'deployment_readiness',
        'monitoring',
        'scaling',
      ]),
      finding: line,
      severity: z.enum(['none', 'minor', 'major', 'critical']),
      evidence: line.describe('The file, line, test or digest that shows it.'),
    }),
  ).min(1),
  recommendations: list(line),
});

export const deploymentSchema = z.object({
  go: z.boolean(),
  version: z.string().min(1).max(60),
  release_notes: z.string().min(1).max(10_000),
  pre_checks: list(z.object({ check: line, ok: z.boolean(), evidence: line })).min(1),
  rollback_plan: line,
});

export const OUTPUT_SCHEMAS = {
  discovery: specificationSchema,
  planning: planSchema,
  implementation: codeSchema,
  testing: testReportSchema,
  verification: verificationSchema,
  deployment: deploymentSchema,
} satisfies Record<Phase, z.ZodType>;

export type PhaseOutput<P extends Phase> = z.infer<(typeof OUTPUT_SCHEMAS)[P]>;
