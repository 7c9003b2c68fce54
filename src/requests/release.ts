/**
 * The release part of the start request: the targets with their own fields, and the fields of every release.
 *
 * A target is one entry of TARGETS. Names, types, messages and the fields with repositories are derived from it.
 */
import { z } from 'zod';
import { argumentList, text, wholeNumber } from './fields';

/** The same form of servers as in the settings RELEASE_HOSTS and SETUP_HOSTS. */
const HOST_FORM = /^(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*(:\d{1,5})?$/;
const STREAK_LIMIT_MS = 600_000;
const STREAK_INTERVAL_MS = 500;

const timeoutMs = wholeNumber(1_000, 900_000).optional();
const timeouts = z.strictObject({ deploy: timeoutMs, smoke: timeoutMs, rollback: timeoutMs }).optional();
const smoke = z
  .strictObject({
    command: argumentList.optional(),
    http: z
      .strictObject({
        path: text(2_000).regex(/^\//, 'must start with "/"'),
        status: wholeNumber(100, 599),
        contains: text(2_000).optional(),
      })
      .optional(),
  })
  .optional();
const streak = z
  .union([wholeNumber(1, 100), z.strictObject({ times: wholeNumber(1, 100), interval_ms: wholeNumber(0, 60_000) })], {
    error: 'must be a whole number from 1 to 100, or {times, interval_ms}',
  })
  .refine(
    (given) => typeof given === 'number' || given.times * given.interval_ms <= STREAK_LIMIT_MS,
    'must not take longer than ten minutes',
  )
  .optional();

/**
 * Defines a target. `fields` are its own fields, with required ones not optional. `places` are the fields that name a repository: a
 * path below the configured roots, or an address without a secret; the API checks and resolves each. Targets with the same field
 * must have the same schema for it.
 */
const target = <const N extends string, F extends Record<string, z.ZodType>>(
  name: N,
  fields: F,
  places: ReadonlyArray<keyof F & string>,
) => ({ name, fields, places, settings: z.object({ target: z.literal(name), ...fields, timeouts_ms: timeouts }) });

const TARGETS = [
  target('directory', {}, []),
  // `branch`: its commit is the live release; by default `production`.
  target('git', { remote: text(2_000), branch: text(200).optional() }, ['remote']),
  // `network`: the servers that its commands may reach: all that the worker's RELEASE_HOSTS allows, or those listed here.
  target(
    'command',
    {
      deploy: argumentList,
      rollback: argumentList,
      network: z
        .union([z.boolean(), z.array(text(300).regex(HOST_FORM)).max(100)], {
          error: 'must be true, false, or a list of at most 100 servers, each host, *.host or host:port',
        })
        .optional(),
    },
    [],
  ),
];
const NAMES = TARGETS.map(({ name }) => name);
const DEFAULT_TARGET = 'directory';

export type ReleaseTargetName = (typeof NAMES)[number];

const settings = z.union(TARGETS.map((entry) => entry.settings));
/** The settings of a release target: its name, its own fields, the timeouts. */
export type ReleaseSettings<T extends ReleaseTargetName = ReleaseTargetName> = Extract<
  z.output<typeof settings>,
  { target: T }
>;

/** The own fields of all targets. `targetProblems` checks which of them a request must and may have. */
const ownFields: Record<string, z.ZodType> = Object.fromEntries(
  TARGETS.flatMap(({ fields }) => Object.entries<z.ZodType>(fields).map(([name, field]) => [name, field.optional()])),
);

export const releaseSchema = z
  .strictObject({
    target: z.enum(NAMES, { error: `must be one of ${NAMES.join(', ')}` }).optional(),
    ...ownFields,
    timeouts_ms: timeouts,
    smoke,
    streak,
  })
  .superRefine((given, context) => {
    for (const [field, message] of targetProblems(given)) {
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });
/** The common fields, and the own fields of the target by name. */
export type ReleaseBody = z.output<typeof releaseSchema> & Record<string, unknown>;

/** Lists required fields that are missing, and fields that belong to another target. */
function targetProblems(release: ReleaseBody): Array<[string, string]> {
  const { name, fields } = targetOf(release);
  const ownSchemas: Record<string, z.ZodType> = fields;
  const foreignFields = Object.keys(ownFields).filter(
    (field) => release[field] !== undefined && !Object.hasOwn(ownSchemas, field),
  );
  const missingFields = Object.keys(ownSchemas).filter(
    (field) => release[field] === undefined && !ownSchemas[field]?.safeParse(undefined).success,
  );
  return [
    ...foreignFields.map((field): [string, string] => [field, `is not for the target ${name}`]),
    ...missingFields.map((field): [string, string] => [field, `is needed for the target ${name}`]),
  ];
}

/** Lists the fields of this release that name a repository, with their values. */
export function repositoryFieldsOf(release: ReleaseBody): Array<[field: string, place: string]> {
  return targetOf(release).places.flatMap((field): Array<[string, string]> => {
    const place = release[field];
    return typeof place === 'string' ? [[field, place]] : [];
  });
}

function targetOf(release: ReleaseBody): (typeof TARGETS)[number] {
  const name = release.target ?? DEFAULT_TARGET;
  const foundTarget = TARGETS.find((entry) => entry.name === name);
  if (foundTarget === undefined) throw new Error(`"${name}" is not a release target`);
  return foundTarget;
}

/** Adds the defaults of the fields that the request leaves out. */
export function withDefaults(release: ReleaseBody) {
  const times = release.streak ?? 1;
  return {
    ...settings.parse({ ...release, target: release.target ?? DEFAULT_TARGET }),
    smoke: release.smoke ?? {},
    streak: typeof times === 'number' ? { times, interval_ms: STREAK_INTERVAL_MS } : times,
  };
}
