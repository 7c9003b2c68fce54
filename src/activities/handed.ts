/**
 * What the phases before hand on, read once into typed outputs. Every member that a later phase works from is named here.
 *
 * Our own outputs fit their schema whole. What came from outside may hold anything: of it is kept, member by member, what
 * has the right type; the rest is as if it had not been said. Nothing here throws.
 */
import { z } from 'zod';
import type { OutputRef } from '../domain/build/state';
import { isObject } from '../domain/json';
import type { Phase } from '../domain/roles';
import { OUTPUT_SCHEMAS, codeSchema, testReportSchema } from './outputs';

const testResult = z.object({ file: z.string(), name: z.string(), status: z.string() });

/** The role's answer and what the orchestrator kept with it. */
const HANDED_SCHEMAS = {
  discovery: OUTPUT_SCHEMAS.discovery,
  planning: OUTPUT_SCHEMAS.planning,
  implementation: codeSchema.extend({ commit: z.string(), files_changed: z.array(z.string()) }),
  testing: testReportSchema.omit({ tests_added: true, tests_updated: true }).extend({ tests: z.array(testResult) }),
  verification: OUTPUT_SCHEMAS.verification,
  deployment: OUTPUT_SCHEMAS.deployment,
} satisfies Record<Phase, z.ZodObject>;

type Whole<P extends Phase> = z.infer<(typeof HANDED_SCHEMAS)[P]>;
/** The members that fit, at every depth; entries of a list of objects are kept however little of them fits. */
type Fitting<T> = T extends string | number | boolean | null
  ? T
  : T extends Array<infer Item>
    ? Array<Fitting<Item>>
    : { [Name in keyof T]?: Fitting<T[Name]> };

export type Handed<P extends Phase> = {
  /** As it is kept: what roles and people are shown. */
  said: unknown;
} & (
  | { source: 'model'; output: Whole<P> }
  /** Said by an external caller, or by a configured model before its schema was what it is now. */
  | { source: 'claimed'; output: Fitting<Whole<P>> }
);
export type HandedOutputs = { [P in Phase]?: Handed<P> };

/** `source` is not known of tasks that an older worker scheduled: then what fits whole counts as our own. */
export function readHanded<P extends Phase>(
  phase: P,
  said: unknown,
  source: OutputRef['source'] | undefined,
): Handed<P> {
  const schema = HANDED_SCHEMAS[phase];
  const whole = source === 'claimed' ? undefined : schema.safeParse(said);
  if (whole?.success) return { said, source: 'model', output: whole.data as Whole<P> };
  return { said, source: 'claimed', output: fittingObject(schema, said) as Fitting<Whole<P>> };
}

function fittingObject({ shape }: z.ZodObject, value: unknown): object {
  const given = isObject(value) ? value : {};
  const members = Object.entries(shape).map(([name, schema]) => [name, fitting(schema, given[name])] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

/** By type alone: lengths and forms are asked of our own models. Undefined where it does not fit. */
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
