/**
 * Makes a build from the body of `start`: its id, its title, and the stored document of the request.
 *
 * The document has no time in it, so that the same request has the same digest.
 */
import { requestKeyOf, workflowIdOf } from '../domain/ids';
import { randomBytes } from 'node:crypto';
import type { Sender } from '../domain/build/sender';
import type { BuildStart } from '../domain/build/start';
import type { NoticeTarget } from '../domain/notices/notice';
import { ROLES } from '../domain/roles';
import { sha256 } from '../inspect/digest';
import { findBuildView } from './builds';
import type { ApiDeps } from './deps';
import { NO_NOTICE_SETTINGS, joinTargets, resolveTargets } from './notice-targets';
import { malformed, Problem } from './problems';
import { withSettings } from './project-settings';
import { resolveRelease, resolveRepository } from './repository';
import type { GivenAttachment, StoredAttachment } from '../requests/attachments';
import { forWorkflow, readStartRequest, writeStartRequest } from '../requests/start-request';
import type { StartBody, StartRequest } from '../requests/start-request';

const TITLE_LIMIT_CHARS = 200;
/** Members of `requirements` that are likely to have a title. */
const TITLE_MEMBERS = ['description', 'feature', 'summary', 'title'];

export interface StartCall {
  projectId: string;
  /** The Idempotency-Key of the request; a missing build id is derived from it. */
  key: string | null;
  /** The sender, by its token; absent if the API needs no tokens. */
  startedBy?: Sender | undefined;
  body: StartBody;
}

export async function readStart(deps: ApiDeps, { projectId, key, startedBy, ...call }: StartCall): Promise<BuildStart> {
  const build_id = call.body.build_id ?? makeBuildId(projectId, key);
  const body = await withSettings(deps, { projectId, buildId: build_id, key }, call.body);
  refuseWithoutModel(body.roles ?? {}, deps.roleDefaults);
  const repository = body.repository && (await resolveRepository(body.repository, deps));
  const release = body.release && (await resolveRelease(body.release, deps));
  const attachments = body.attachments && (await keepAttachments(deps, body.attachments));
  const notify = noticeTargets(deps, body);
  const document = writeStartRequest({ ...body, repository, release, attachments, project_id: projectId, build_id });
  const { digest } = await deps.artifacts.put(document);
  // Refuses now what the activities could not read later.
  const request = readStartRequest(document, digest);
  const own = forWorkflow(request);
  const budget = deps.budgetDefaults === undefined ? own.budget : { ...deps.budgetDefaults, ...own.budget };
  return {
    ...own,
    ...(budget === undefined ? {} : { budget }),
    title: titleOf(request.requirements),
    request: digest,
    requestKey: requestKeyOf(digest),
    roles: rolesOf(request, deps.roleDefaults),
    ...(notify.length === 0 ? {} : { notify }),
    ...(startedBy === undefined ? {} : { startedBy }),
    createdAt: new Date().toISOString(),
  };
}

function noticeTargets({ notices: rules = NO_NOTICE_SETTINGS }: ApiDeps, { notify = [] }: StartBody): NoticeTarget[] {
  return joinTargets(resolveTargets(notify, { field: 'notify', rules }), rules.targets);
}

/** Stores the attachments as artifacts; the stored request names them by digest. */
function keepAttachments({ artifacts }: ApiDeps, attachments: GivenAttachment[]): Promise<StoredAttachment[]> {
  return Promise.all(
    attachments.map(async ({ name, media_type, base64 }) => {
      const { digest, bytes } = await artifacts.put(Buffer.from(base64, 'base64'));
      return { name, media_type, digest, bytes };
    }),
  );
}

/** Binds the Idempotency-Key to this build and request within the project. Throws `Command.KeyReused`. */
export async function claimKey(deps: ApiDeps, start: BuildStart, key: string): Promise<void> {
  const { projectId, buildId, request } = start;
  const claim = await deps.documents.keepFirst('start-keys', sha256(`${projectId}\n${key}`), { buildId, request });
  if (claim.buildId === buildId && claim.request === request) return;
  const message = 'this Idempotency-Key was used for another start; take a new key';
  throw new Problem('Command.KeyReused', message, { workflow_id: workflowIdOf({ projectId, buildId: claim.buildId }) });
}

/** Throws `Project.DiskFull` if the project exceeds its limit, except for a repeated start, which finds its build. */
export async function refuseFullProject(deps: ApiDeps, { projectId, buildId }: BuildStart): Promise<void> {
  if (deps.projectDisk === undefined) return;
  const { usedBytes, limitBytes } = await deps.projectDisk(projectId);
  if (usedBytes <= limitBytes || (await findBuildView(deps, workflowIdOf({ projectId, buildId }))) !== undefined)
    return;
  const [used, limit] = [usedBytes, limitBytes].map((bytes) => `${(bytes / 1024 ** 2).toFixed(1)} MB`);
  const wayOut = 'make room with `npx qo reclaim`, or raise PROJECT_DISK_MB';
  const members = { project_id: projectId, used_bytes: usedBytes, limit_bytes: limitBytes };
  const message = `project ${projectId} takes ${used} on disk, and PROJECT_DISK_MB allows ${limit}: ${wayOut}`;
  throw new Problem('Project.DiskFull', message, members);
}

/** Refuses the mode `llm` for a role for which no model is configured. */
export function refuseWithoutModel(modes: NonNullable<StartBody['roles']>, defaults: ApiDeps['roleDefaults']): void {
  const roleWithoutModel = ROLES.find((role) => modes[role] === 'llm' && defaults[role] === 'external');
  if (roleWithoutModel !== undefined) {
    throw malformed(
      `roles.${roleWithoutModel}`,
      `cannot be "llm" without a model: set MODEL or MODEL_${roleWithoutModel.toUpperCase()}, or use "external"`,
    );
  }
}

/** Makes `b-` and 16 digits of base 36: the same for the same key, random without a key. */
function makeBuildId(projectId: string, key: string | null): string {
  const hex = key === null ? randomBytes(10).toString('hex') : sha256(`${projectId}\n${key}`).slice(0, 20);
  return `b-${BigInt(`0x${hex}`).toString(36).padStart(16, '0')}`;
}

function titleOf(requirements: StartBody['requirements']): string {
  const text = typeof requirements === 'string' ? requirements : titleIn(requirements);
  return text
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, TITLE_LIMIT_CHARS);
}

function titleIn(requirements: Record<string, unknown>): string {
  const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
  const likelyTitles = TITLE_MEMBERS.map((name) => requirements[name]);
  return [...likelyTitles, ...Object.values(requirements)].find(isText) ?? 'A build without a title';
}

function rolesOf({ roles }: StartRequest, defaults: ApiDeps['roleDefaults']): BuildStart['roles'] {
  return Object.fromEntries(ROLES.map((role) => [role, roles[role] ?? defaults[role]])) as BuildStart['roles'];
}
