/**
 * The start request: the schema of its body, and the writing and reading of its stored document.
 *
 * Both are strict: an unknown field is refused by name, in the body and in the stored document.
 */
import { z } from 'zod';
import type { BuildStart } from '../domain/build/start';
import { STUCK_AFTER_DEFAULT } from '../domain/build/stuck';
import { canonicalJson } from '../domain/canonical';
import { Failure } from '../domain/failures';
import { isDigest } from '../domain/ids';
import { isObject } from '../domain/json';
import type { JsonObject } from '../domain/json';
import { AMENDABLE } from '../domain/commands/amend';
import type { ROLES } from '../domain/roles';
import { attachmentsSchema, storedAttachmentsSchema } from './attachments';
import { budgetIn, budgetSchema } from './budget';
import { argumentList, id, jsonObject, lowerCase, text, wholeNumber } from './fields';
import { gatesOf, gatesSchema, questionPolicyOf, questionsSchema } from './gates';
import { MIGRATIONS, toPresentVersion, versionMember } from './migrations';
import { notifySchema } from './notify';
import { releaseSchema, withDefaults } from './release';

const RETRIES_DEFAULT = 3;
const flag = z.boolean({ error: 'must be true or false' });

const requirements = z.custom<string | JsonObject>(
  (value) => (typeof value === 'string' ? value.trim() !== '' : isObject(value) && Object.keys(value).length > 0),
  { error: 'must be text or a JSON object, and not empty' },
);
const mode = z.enum(['llm', 'external'], { error: 'must be llm or external' }).optional();
/** Accepts names of roles in upper case, and gives lower case. */
const roles = z.preprocess(
  (value) =>
    isObject(value)
      ? Object.fromEntries(Object.entries(value).map(([role, roleMode]) => [lowerCase(role), roleMode]))
      : value,
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
  test: argumentList.optional(),
  build: argumentList.optional(),
  coverage: argumentList.optional(),
});
/** Refuses what git refuses: "..", "//", "@{", a part that begins with "." or ends in ".lock", and "/" or "." at the end. */
const branchName = text(200).regex(
  /^(?!.*(\.\.|\/\/|@\{|\.lock(\/|$)|\/$|\.$|\/\.))[A-Za-z0-9_][A-Za-z0-9._/-]*$/,
  'must be the name of a branch, without refs/heads/',
);
/** The branch of the result in the user's repository; `false`: no branch. */
const result = z.union([z.literal(false), z.strictObject({ branch: branchName.optional(), push: flag.optional() })], {
  error: 'must be false, or {branch, push}',
});
const WORKDIR_MESSAGE = 'must be the path of a folder in the repository, without a leading "/" and without ".."';
/** Accepts a leading "./" and a trailing "/"; "." is the root. */
const workdir = text(1_000).refine(
  (path) => !path.startsWith('/') && !path.includes('\0') && !path.split('/').includes('..'),
  WORKDIR_MESSAGE,
);
const retries = z.strictObject({ per_phase: wholeNumber(0, 20) });
/** `same`: how often the same sign is measured before the build counts as stuck. `false`: it is not measured. */
const stuck = z.union([z.literal(false), z.strictObject({ same: wholeNumber(2, 20).optional() })], {
  error: 'must be false, or {same}',
});

/** Runs and seconds that experiments may take, and the share of breaks that tests must notice. */
const experiments = z.strictObject({
  runs: wholeNumber(1, 500).optional(),
  seconds: wholeNumber(1, 3_600).optional(),
  floor_percent: wholeNumber(0, 100).optional(),
});

export const startSchema = z.strictObject({
  build_id: id.optional(),
  user_id: text(200),
  requirements,
  metadata: jsonObject.optional(),
  attachments: attachmentsSchema.optional(),
  roles: roles.optional(),
  repository: repository.optional(),
  workdir: workdir.optional(),
  commands: commands.optional(),
  release: releaseSchema.optional(),
  result: result.optional(),
  retries: retries.optional(),
  budget: budgetSchema.optional(),
  coverage: z.strictObject({ changed_lines_percent: wholeNumber(0, 100) }).optional(),
  experiments: experiments.optional(),
  gates: gatesSchema.optional(),
  questions: questionsSchema.optional(),
  notify: notifySchema.optional(),
  priority: wholeNumber(1, 5).optional(),
  stuck: stuck.optional(),
});
export type StartBody = z.output<typeof startSchema>;

/** The stored form of a body: attachments have their digests instead of their bytes. */
export const storedBodySchema = startSchema.extend({
  attachments: storedAttachmentsSchema.optional(),
  /** The version of the project's settings that the start was joined with; absent where the project had none. */
  settings_version: wholeNumber(1, Number.MAX_SAFE_INTEGER).optional(),
});
export type StoredBody = z.output<typeof storedBodySchema>;

const anyValue = z.unknown().optional();
/** The body of PATCH request: members of a start request that replace stored ones; the merged request is then checked as a whole. */
export const amendSchema = z.strictObject({
  reason: text(2_000),
  expected_request: z.string().refine(isDigest, 'must be the digest of the start request').optional(),
  expected_revision: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
  ...(Object.fromEntries(AMENDABLE.map((name) => [name, anyValue])) as Record<
    (typeof AMENDABLE)[number],
    typeof anyValue
  >),
});
export type AmendBody = z.output<typeof amendSchema>;

/**
 * The stored document with the defaults of missing members. `coverage` has no default here: for builds and records without a floor
 * the domain's COVERAGE_FLOOR_PERCENT holds.
 */
const storedSchema = storedBodySchema.extend({
  project_id: id,
  build_id: id,
  roles: roles.default({}),
  retries: retries.default({ per_phase: RETRIES_DEFAULT }),
  release: releaseSchema.prefault({}).transform(withDefaults),
});
export type StartRequest = z.output<typeof storedSchema>;

/** Writes the request. Equal requests have equal texts, and so equal digests, in any order of members. */
export function writeStartRequest(request: StoredBody & { project_id: string; build_id: string }): string {
  return canonicalJson({ ...request, ...versionMember() });
}

/**
 * Applies a patch to the stored document (RFC 7396: objects are merged, null removes a member, other values replace it). The caller
 * must check the result by `storedBodySchema`. Throws Failure `Request.Unreadable`.
 */
export function patchStartRequest(json: string, digest: string, patch: JsonObject): JsonObject {
  // Throws, with the field's name, if the stored document is not readable.
  readStartRequest(json, digest);
  const stored = toPresentVersion(parseJson(json), MIGRATIONS);
  const { project_id: _, ...body } = stored.kind === 'present' ? stored.document : {};
  return mergePatch(body, patch);
}

function mergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const merged = new Map(Object.entries(target));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else if (!isObject(value)) merged.set(name, value);
    else {
      const oldValue = merged.get(name);
      merged.set(name, mergePatch(isObject(oldValue) ? oldValue : {}, value));
    }
  }
  return Object.fromEntries(merged);
}

/** Reads a stored document. Throws Failure `Request.Unreadable`, which names the field and the digest. */
export function readStartRequest(json: string, digest: string, migrations = MIGRATIONS): StartRequest {
  const unreadable = (why: string) =>
    new Failure('Request.Unreadable', `the start request ${digest} cannot be read: ${why}`.slice(0, 1_000));
  const migrated = toPresentVersion(parseJson(json), migrations);
  if (migrated.kind === 'unreadable') throw unreadable(migrated.why);
  const { success, data, error } = storedSchema.safeParse(migrated.document);
  if (success) return data;
  const [issue] = error.issues;
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])].join('.');
  throw unreadable(`${field || 'it'} ${unknownKey === undefined ? issue?.message : 'is not a field here'}`);
}

/** Gives the request's settings for checkouts. Without a `workdir` the checkout finds the folder. */
export function overridesOf({
  workdir: givenFolder,
  commands: givenCommands,
}: Pick<StartRequest, 'workdir' | 'commands'>) {
  const folders = givenFolder?.split('/').filter((word) => word !== '' && word !== '.');
  return { workdir: folders?.join('/'), setup: givenCommands?.setup };
}

/** Gives the members of the request that the workflow needs; the activities read the rest by its digest. */
export function forWorkflow(request: StartRequest) {
  const { project_id, build_id, user_id, retries, coverage, budget, priority, stuck: asked } = request;
  const branch = resultBranchOf(request);
  return {
    projectId: project_id,
    buildId: build_id,
    userId: user_id,
    retriesPerPhase: retries.per_phase,
    ...(branch === null ? {} : { resultBranch: branch }),
    ...(request.repository === undefined ? {} : { looksFirst: true as const }),
    ...(request.gates === undefined ? {} : { gates: gatesOf(request.gates) }),
    ...(request.questions === undefined ? {} : { questionPolicy: questionPolicyOf(request.questions) }),
    ...(coverage === undefined ? {} : { coverageFloorPercent: coverage.changed_lines_percent }),
    ...(budget === undefined ? {} : { budget: budgetIn(budget) }),
    ...(priority === undefined ? {} : { priority }),
    ...(asked === false ? {} : { stuckAfter: asked?.same ?? STUCK_AFTER_DEFAULT }),
  } satisfies Partial<BuildStart>;
}

/** Gives the result's branch in the user's repository; null without a repository, or if the request wants no branch. */
function resultBranchOf({ project_id, build_id, repository, result }: StartRequest): string | null {
  if (repository === undefined || result === false) return null;
  // A remote repository gets its branch by a push only.
  if (repository.url !== undefined && result?.push === false) return null;
  return result?.branch ?? `builds/${project_id}.${build_id}`;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
