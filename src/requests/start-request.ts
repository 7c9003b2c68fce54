/**
 * The bodies and query strings as they must come: strict, so that a field nobody knows is refused by name.
 *
 * Role names are taken in upper case too and are lower case from here on.
 */
import { z } from 'zod';
import type { ROLES } from '../domain/roles';

export type JsonObject = Record<string, unknown>;

const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.preprocess(lower, z.enum(values, { error: `must be one of ${values.join(', ')}` }));
export const isJsonObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Passed on as it came, not copied: a member named `__proto__` is a name like any other. */
const jsonObject = z.custom<JsonObject>(isJsonObject, { error: 'must be a JSON object' });
const text = (limit: number) =>
  z
    .string({ error: `must be 1 to ${limit} characters of text` })
    .max(limit, `must be 1 to ${limit} characters of text`)
    .refine((value) => value.trim() !== '', `must be 1 to ${limit} characters of text`);
const whole = (min: number, max: number) =>
  z
    .number({ error: `must be a whole number from ${min} to ${max}` })
    .int(`must be a whole number from ${min} to ${max}`)
    .min(min, `must be a whole number from ${min} to ${max}`)
    .max(max, `must be a whole number from ${min} to ${max}`);
const id = z
  .string({ error: 'must be text' })
  .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"');

const argumentList = z
  .array(
    text(4_000).refine((word) => !word.includes('\0'), 'must not hold a NUL'),
    {
      error: 'must be a list of arguments',
    },
  )
  .min(1, 'is empty')
  .max(200, 'is too long');
const requirements = z.custom<string | JsonObject>(
  (value) => (typeof value === 'string' ? value.trim() !== '' : isJsonObject(value) && Object.keys(value).length > 0),
  { error: 'must be text or a JSON object, and not empty' },
);
const mode = z.enum(['llm', 'external'], { error: 'must be llm or external' }).optional();
const roles = z.preprocess(
  (value) => (isJsonObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [lower(k), v])) : value),
  z.strictObject({
    q_assistant: mode,
    code_writer: mode,
    test_auditor: mode,
    verification_overseer: mode,
    release_manager: mode,
  } satisfies Record<(typeof ROLES)[number], unknown>),
);
const repository = z
  .strictObject({ path: text(4_000).optional(), url: text(2_000).optional(), base_ref: text(250).optional() })
  .refine(({ path, url }) => (path === undefined) !== (url === undefined), 'must have exactly one of path and url');
const commands = z.strictObject({
  setup: argumentList.optional(),
  test: argumentList,
  build: argumentList.optional(),
  coverage: argumentList.optional(),
});
const timeoutMs = whole(1_000, 900_000).optional();
const STREAK_LIMIT_MS = 600_000;
const release = z.strictObject({
  target: z.enum(['directory', 'git', 'command'], { error: 'must be one of directory, git, command' }).optional(),
  remote: text(2_000).optional(),
  branch: text(200).optional(),
  deploy: argumentList.optional(),
  rollback: argumentList.optional(),
  network: z.boolean({ error: 'must be true or false' }).optional(),
  timeouts_ms: z.strictObject({ deploy: timeoutMs, smoke: timeoutMs, rollback: timeoutMs }).optional(),
  smoke: z
    .strictObject({
      command: argumentList.optional(),
      http: z
        .strictObject({
          path: text(2_000).regex(/^\//, 'must start with "/"'),
          status: whole(100, 599),
          contains: text(2_000).optional(),
        })
        .optional(),
    })
    .optional(),
  streak: z
    .union([whole(1, 100), z.strictObject({ times: whole(1, 100), interval_ms: whole(0, 60_000) })], {
      error: 'must be a whole number from 1 to 100, or {times, interval_ms}',
    })
    .refine(
      (streak) => typeof streak === 'number' || streak.times * streak.interval_ms <= STREAK_LIMIT_MS,
      'must not take longer than ten minutes',
    )
    .optional(),
});

/** Each target has fields of its own: a missing one, or one that another target would need, is named. */
function releaseProblems(given: z.output<typeof release>): Array<[string, string]> {
  const own = { directory: [], git: ['remote', 'branch'], command: ['deploy', 'rollback', 'network'] } as const;
  const needed = { directory: [], git: ['remote'], command: ['deploy', 'rollback'] } as const;
  const target = given.target ?? 'directory';
  const foreign = Object.values(own)
    .flat()
    .filter((field) => given[field] !== undefined && !(own[target] as readonly string[]).includes(field));
  const missing = needed[target].filter((field) => given[field] === undefined);
  return [
    ...foreign.map((field): [string, string] => [field, `is not for the target ${target}`]),
    ...missing.map((field): [string, string] => [field, `is needed for the target ${target}`]),
  ];
}

export const startSchema = z.strictObject({
  build_id: id.optional(),
  user_id: text(200),
  requirements,
  metadata: jsonObject.optional(),
  roles: roles.optional(),
  repository: repository.optional(),
  commands: commands.optional(),
  release: release
    .superRefine((given, context) => {
      for (const [field, message] of releaseProblems(given))
        context.addIssue({ code: 'custom', path: [field], message });
    })
    .optional(),
  retries: z.strictObject({ per_phase: whole(0, 20) }).optional(),
  coverage: z.strictObject({ changed_lines_percent: whole(0, 100) }).optional(),
});
export type StartBody = z.output<typeof startSchema>;

const limit = (standard: number, most: number) =>
  z
    .string({ error: 'must be given once' })
    .regex(/^\d{1,6}$/, `must be a whole number from 1 to ${most}`)
    .transform(Number)
    .pipe(whole(1, most))
    .default(standard);

export const historyQuerySchema = z.strictObject({ limit: limit(50, 1_000) });
export const listQuerySchema = z.strictObject({
  project_id: id.optional(),
  status: oneOf(['in_progress', 'waiting', 'paused', 'error', 'cancelled', 'complete']).optional(),
  cursor: z
    .string({ error: 'must be given once' })
    .regex(/^[A-Za-z0-9_-]{1,4000}$/, 'is not one of ours')
    .optional(),
  limit: limit(50, 200),
});
export type ListQuery = z.output<typeof listQuerySchema>;
