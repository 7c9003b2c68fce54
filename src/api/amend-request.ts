/**
 * Makes the command `amend` from the body of PATCH request: it applies the change to the stored start request, checks the result
 * as a start is checked, and stores it.
 */
import { AMENDABLE } from '../domain/commands/amend';
import type { Sender } from '../domain/build/sender';
import type { Wire } from '../domain/commands/fields';
import { isObject } from '../domain/json';
import type { JsonObject } from '../domain/json';
import { ROLES } from '../domain/roles';
import type { Role, RoleMode } from '../domain/roles';
import {
  forWorkflow,
  storedBodySchema,
  patchStartRequest,
  readStartRequest,
  writeStartRequest,
} from '../requests/start-request';
import type { AmendBody } from '../requests/start-request';
import { readBuildView } from './builds';
import type { ApiDeps } from './deps';
import { parse } from './parse';
import type { NamedBuild } from './parse';
import { malformed } from './problems';
import { requireWithinSettings } from './project-settings';
import { resolveRelease, resolveRepository } from './repository';
import { prepareCommand, sendCommand } from './send-command';
import { refuseWithoutModel } from './start-build';

interface Amendment {
  body: AmendBody;
  sender: Sender;
  key: string | null;
}

export async function amendRequest(deps: ApiDeps, build: NamedBuild, { body, sender, key }: Amendment) {
  const { reason, expected_request: expectedRequest, expected_revision: revision, ...members } = body;
  const changedMembers = AMENDABLE.filter((name) => members[name] !== undefined);
  if (changedMembers.length === 0) throw malformed('(body)', `must give at least one of ${AMENDABLE.join(', ')}`);
  const { card } = await readBuildView(deps, build.workflowId);
  const { document, request } = await makeDocument(deps, { build, digest: card.request, patch: patchOf(members) });
  const wire = {
    request,
    expected_request: expectedRequest ?? card.request,
    changed: changedMembers,
    ...limitsIn(document, request),
    roles: rolesIn(members.roles, deps.roleDefaults),
    reason,
    ...(revision === undefined ? {} : { expected_revision: revision }),
  };
  // A repeated request is recognized by its own body, not by the document that results from it.
  const command = prepareCommand({ name: 'amend', body: body as Wire, wire: { ...wire, ...sender }, key });
  const answer = await sendCommand(deps, build.workflowId, command);
  return {
    ...{ workflow_id: build.workflowId, amended: changedMembers, reason },
    ...{ request, former_request: wire.expected_request, current_state: answer.newState },
    instructions: 'The build waits as before. Where it waits in error, POST request-retry goes on with plan and code.',
    ...{ by: answer.actor, revision: answer.revision, timestamp: answer.at },
  };
}

interface Change {
  build: NamedBuild;
  digest: string;
  patch: JsonObject;
}

/** Stores the amended request in the artifact store; gives its text and its digest. */
async function makeDocument(deps: ApiDeps, { build, digest, patch }: Change) {
  const storedText = (await deps.artifacts.get(digest)).toString('utf8');
  const body = parse(storedBodySchema, patchStartRequest(storedText, digest, patch));
  await requireWithinSettings(deps, build.projectId, body);
  refuseWithoutModel(isObject(patch.roles) ? (body.roles ?? {}) : {}, deps.roleDefaults);
  const isNew = (name: string) => Object.hasOwn(patch, name);
  const repository =
    isNew('repository') && body.repository ? await resolveRepository(body.repository, deps) : body.repository;
  const release = isNew('release') && body.release ? await resolveRelease(body.release, deps) : body.release;
  const ids = { project_id: build.projectId, build_id: build.buildId };
  const document = writeStartRequest({ ...body, repository, release, ...ids });
  const { digest: request } = await deps.artifacts.put(document);
  return { document, request };
}

/** Writes the names of roles in lower case, as the stored document has them. */
function patchOf({ roles, ...given }: Omit<AmendBody, 'reason'>): JsonObject {
  const lowerCaseRoles = isObject(roles)
    ? Object.fromEntries(Object.entries(roles).map(([role, mode]) => [role.toLowerCase(), mode]))
    : roles;
  return Object.fromEntries(
    Object.entries({ ...given, roles: lowerCaseRoles }).filter(([, value]) => value !== undefined),
  );
}

function limitsIn(document: string, request: string) {
  const { retriesPerPhase, coverageFloorPercent } = forWorkflow(readStartRequest(document, request));
  return { retries_per_phase: retriesPerPhase, coverage_floor_percent: coverageFloorPercent };
}

/** Roles that are not named stay as they are; null sets a role to the default of the installation. */
function rolesIn(roles: unknown, defaults: Record<Role, RoleMode>): Partial<Record<Role, RoleMode>> {
  const entries = isObject(roles) ? Object.entries(roles) : [];
  const modes = entries.map(([role, mode]) => {
    const name = ROLES.find((known) => known === role.toLowerCase());
    return name === undefined ? [] : [[name, mode === null ? defaults[name] : String(mode).toLowerCase()]];
  });
  return Object.fromEntries(modes.flat()) as Partial<Record<Role, RoleMode>>;
}
