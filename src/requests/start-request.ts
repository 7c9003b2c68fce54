/**
 * The start request: the one schema of its body, the document that is stored of it, and that document read back.
 *
 * Strict both ways: a field that the schema does not have is refused by name, at the door and when it is read back.
 */
import { z } from 'zod';
import type { BuildStart } from '../domain/build/state';
import { canonicalJson } from '../domain/canonical';
import { Failure } from '../domain/failures';
import { isObject } from '../domain/json';
import type { JsonObject } from '../domain/json';
import type { ROLES } from '../domain/roles';
import { argumentList, id, jsonObject, lower, text, whole } from './fields';
import { MIGRATIONS, toPresentVersion, versionMember } from './migrations';
import { releaseSchema, withDefaults } from './release';

const RETRIES_DEFAULT = 3;

const requirements = z.custom<string | JsonObject>(
  (value) => (typeof value === 'string' ? value.trim() !== '' : isObject(value) && Object.keys(value).length > 0),
  { error: 'must be text or a JSON object, and not empty' },
);
const mode = z.enum(['llm', 'external'], { error: 'must be llm or external' }).optional();
/** Names of roles are taken in upper case too and are lower case from here on. */
const roles = z.preprocess(
  (value) => (isObject(value) ? Object.fromEntries(Object.entries(value).map(([k, v]) => [lower(k), v])) : value),
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
const WORKDIR = 'must be the path of a folder in the repository, without a leading "/" and without ".."';
/** Taken with "./" before it and "/" behind it; "." is the root. */
const workdir = text(1_000).refine(
  (path) => !path.startsWith('/') && !path.includes('\0') && !path.split('/').includes('..'),
  WORKDIR,
);
const retries = z.strictObject({ per_phase: whole(0, 20) });

export const startSchema = z.strictObject({
  build_id: id.optional(),
  user_id: text(200),
  requirements,
  metadata: jsonObject.optional(),
  roles: roles.optional(),
  repository: repository.optional(),
  workdir: workdir.optional(),
  commands: commands.optional(),
  release: releaseSchema.optional(),
  retries: retries.optional(),
  coverage: z.strictObject({ changed_lines_percent: whole(0, 100) }).optional(),
});
export type StartBody = z.output<typeof startSchema>;

/**
 * As it is stored, and with the defaults of what it leaves out. The default of `coverage` is the domain's
 * (COVERAGE_FLOOR_PERCENT): a build or a record that names no floor means it.
 */
const storedSchema = startSchema.extend({
  project_id: id,
  build_id: id,
  roles: roles.default({}),
  retries: retries.default({ per_phase: RETRIES_DEFAULT }),
  release: releaseSchema.prefault({}).transform(withDefaults),
});
export type StartRequest = z.output<typeof storedSchema>;

/** The same request has the same text, and so the same digest, whatever the order of its members. */
export function writeStartRequest(request: StartBody & { project_id: string; build_id: string }): string {
  return canonicalJson({ ...request, ...versionMember() });
}

/** Throws Failure `Request.Unreadable`, which names the field and the digest. */
export function readStartRequest(json: string, digest: string, migrations = MIGRATIONS): StartRequest {
  const unreadable = (why: string) =>
    new Failure('Request.Unreadable', `the start request ${digest} cannot be read: ${why}`.slice(0, 1_000));
  const migrated = toPresentVersion(parseJson(json), migrations);
  if (migrated.kind === 'unreadable') throw unreadable(migrated.why);
  const { success, data, error } = storedSchema.safeParse(migrated.document);
  if (success) return data;
  const [issue] = error.issues;
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const field = [...(issue?.path ?? []), ...(unknown === undefined ? [] : [unknown])].join('.');
  throw unreadable(`${field || 'it'} ${unknown === undefined ? issue?.message : 'is not a field here'}`);
}

/** What the request says of the set-up of its project, as checkouts take it. Without a `workdir` the folder is found. */
export function wishOf({ workdir: given, commands: asked }: Pick<StartRequest, 'workdir' | 'commands'>) {
  const words = given?.split('/').filter((word) => word !== '' && word !== '.');
  return { workdir: words?.join('/'), setup: asked?.setup };
}

/** What the build's workflow must know of the request; the activities read the rest by its digest. */
export function forWorkflow({ project_id, build_id, user_id, retries, coverage }: StartRequest) {
  return {
    projectId: project_id,
    buildId: build_id,
    userId: user_id,
    retriesPerPhase: retries.per_phase,
    ...(coverage === undefined ? {} : { coverageFloorPercent: coverage.changed_lines_percent }),
  } satisfies Partial<BuildStart>;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
