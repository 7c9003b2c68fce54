/**
 * Reads the outputs of earlier phases into typed values. The schemas here name every member that a later phase uses.
 *
 * An output of a configured model fits its schema. An output from outside may hold anything: each member of the right type is kept
 * and every other member is dropped. Nothing here throws.
 */
import { z } from 'zod';
import type { OutputRef } from '../domain/build/output-ref';
import { isObject } from '../domain/json';
import type { Phase } from '../domain/roles';
import { OUTPUT_SCHEMAS, codeSchema, testReportSchema } from './outputs';

const testResult = z.object({ file: z.string(), name: z.string(), status: z.string() });

/** The schema of the role's answer, with the members that the orchestrator added to it. */
const EARLIER_OUTPUT_SCHEMAS = {
  discovery: OUTPUT_SCHEMAS.discovery,
  planning: OUTPUT_SCHEMAS.planning,
  implementation: codeSchema.extend({ commit: z.string(), files_changed: z.array(z.string()) }),
  testing: testReportSchema.omit({ tests_added: true, tests_updated: true }).extend({ tests: z.array(testResult) }),
  verification: OUTPUT_SCHEMAS.verification,
  deployment: OUTPUT_SCHEMAS.deployment,
} satisfies Record<Phase, z.ZodObject>;

type Whole<P extends Phase> = z.infer<(typeof EARLIER_OUTPUT_SCHEMAS)[P]>;
/** The type after wrong members were dropped at every depth. An object in a list stays, even if all of its members were dropped. */
type Fitting<T> = T extends string | number | boolean | null
  ? T
  : T extends Array<infer Item>
    ? Array<Fitting<Item>>
    : { [Name in keyof T]?: Fitting<T[Name]> };

export type EarlierOutput<P extends Phase> = {
  /** The output as it is stored and as roles and people see it. */
  stored: unknown;
} & (
  | { source: 'model'; output: Whole<P> }
  /** From an external caller, or from a model at a time when the schema was different. */
  | { source: 'claimed'; output: Fitting<Whole<P>> }
);
export type EarlierOutputs = { [P in Phase]?: EarlierOutput<P> };

/** Tasks of older workers have no `source`: then an output that fits the whole schema counts as a model's. */
export function readEarlierOutput<P extends Phase>(
  phase: P,
  stored: unknown,
  source: OutputRef['source'] | undefined,
): EarlierOutput<P> {
  const schema = EARLIER_OUTPUT_SCHEMAS[phase];
  const whole = source === 'claimed' ? undefined : schema.safeParse(stored);
  if (whole?.success) return { stored, source: 'model', output: whole.data as Whole<P> };
  return { stored, source: 'claimed', output: fittingObject(schema, stored) as Fitting<Whole<P>> };
}

function fittingObject({ shape }: z.ZodObject, value: unknown): object {
  const source = isObject(value) ? value : {};
  const members = Object.entries(shape).map(([name, schema]) => [name, fitting(schema, source[name])] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/** Gives the value where its type fits the schema, else undefined. Lengths and patterns are checked for models only. */
function fitting(schema: z.core.$ZodType, value: unknown): unknown {
  if (schema instanceof z.ZodObject) return fittingObject(schema, value);
  if (schema instanceof z.ZodArray) {
    if (!Array.isArray(value)) return undefined;
    return value.map((item) => fitting(schema.element, item)).filter((item) => item !== undefined);
  }
  if (schema instanceof z.ZodNullable) return value === null ? null : fitting(schema.unwrap(), value);
  if (schema instanceof z.ZodPrefault) return fitting(schema.unwrap(), value);
  if (schema instanceof z.ZodString) return typeof value === 'string' ? value : undefined;
  return z.safeParse(schema, value).data;
}
