/**
 * `amend`: replaces the start request of a waiting build; its plan and code are kept.
 *
 * PATCH request makes the new document, checks it, stores it in the artifact store and sends its digest in this command.
 */
import { recordEvent } from '../build/record-event';
import type { BuildState } from '../build/state';
import { statusOf } from '../build/status';
import { isObject } from '../json';
import { ROLES, isRoleMode } from '../roles';
import type { Role, RoleMode } from '../roles';
import { accept, defineCommand } from './command';
import { digest, optional, readAs, show, text, unreadable } from './fields';
import type { Field } from './fields';
import { refuse } from './refusals';

/** The members of a start request that may be amended. */
export const AMENDABLE = [
  ...(['commands', 'workdir', 'release', 'retries', 'coverage', 'experiments', 'roles', 'repository'] as const),
] as const;
type Amendable = (typeof AMENDABLE)[number];
/** Members that decide how tests run: if one is amended, earlier measurements become void. */
const AFFECTS_MEASUREMENT: readonly Amendable[] = ['commands', 'workdir', 'experiments'];
const MAX_FORMER_REQUESTS = 50;

const changed: Field<Amendable[]> = {
  read({ field, value }) {
    const isAmendable = (one: unknown): one is Amendable => (AMENDABLE as readonly unknown[]).includes(one);
    if (Array.isArray(value) && value.length > 0 && value.length <= AMENDABLE.length && value.every(isAmendable))
      return readAs([...value]);
    return unreadable(field, `must be a list of ${AMENDABLE.join(', ')}, not ${show(value)}`);
  },
};

const roles: Field<Partial<Record<Role, RoleMode>>> = {
  read({ field, value }) {
    const entries = isObject(value) ? Object.entries(value) : [];
    const areRoles = entries.every(([role, mode]) => (ROLES as readonly string[]).includes(role) && isRoleMode(mode));
    if (isObject(value) && areRoles) return readAs(value as Partial<Record<Role, RoleMode>>);
    return unreadable(field, `must give llm or external for roles, not ${show(value)}`);
  },
};

const count = (most: number): Field<number> => ({
  read: ({ field, value }) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most
      ? readAs(value)
      : unreadable(field, `must be a whole number from 0 to ${most}, not ${show(value)}`),
});

export const amend = defineCommand({
  name: 'amend',
  path: 'request',
  hasOwnRoute: true,
  needs: 'operate',
  description: 'the start request of a waiting build is replaced; its document is in the artifact store',
  fields: {
    request: digest('the amended start request'),
    expected_request: digest('the start request that is amended'),
    changed,
    roles: optional(roles, () => ({})),
    retries_per_phase: optional(count(20), () => null),
    coverage_floor_percent: optional(count(100), () => null),
    reason: text,
  },
  refusals: {
    'Command.NotWaiting': { status: 409, title: 'The build is at work' },
    'Command.NothingAmended': { status: 409, title: 'The request stays as it is' },
    'Command.RepositoryStays': { status: 409, title: 'The repository of this build stays' },
  },
  decide(build, fields, cause) {
    const { request, expected_request: expected, reason } = fields;
    if (build.request !== expected) {
      const message = 'the request was amended meanwhile; read it again and repeat what is still to be changed';
      return refuse(build, { type: 'Command.Stale', message, field: 'expected_request', legal: [build.request] });
    }
    if (request === expected) {
      const message = 'the amended request is the one that the build has; nothing is to be changed';
      return refuse(build, { type: 'Command.NothingAmended', message });
    }
    if (statusOf(build) === 'in_progress') {
      const message =
        'the build is at work; a request is amended while its build waits: in error, for a person, or paused';
      return refuse(build, { type: 'Command.NotWaiting', message, legal: ['pause'] });
    }
    // Once the repository was read, its commit is the permanent base of the build's branch.
    if (fields.changed.includes('repository') && build.failure?.type !== 'Workspace.RepositoryUnreadable') {
      const message =
        'the repository is changed only where it could not be read (Workspace.RepositoryUnreadable); start a new build on the other one';
      return refuse(build, { type: 'Command.RepositoryStays', message, field: 'repository', legal: ['cancel'] });
    }
    const data = { reason, changed: fields.changed.join(', '), former_request: expected, request };
    return accept(recordEvent(applyAmendment(build, fields), cause, { type: 'amended', data }));
  },
});

interface Amendment {
  request: string;
  changed: Amendable[];
  roles: Partial<Record<Role, RoleMode>>;
  retries_per_phase: number | null;
  coverage_floor_percent: number | null;
}

/** Applies the amendment. The repository report must be made again, since it depends on nearly every amendable member. */
function applyAmendment(build: BuildState, fields: Amendment): BuildState {
  const { changed: names, coverage_floor_percent: floor } = fields;
  const { coverageFloorPercent: _, ...rest } = build;
  const voidsMeasurements = names.some((name) => AFFECTS_MEASUREMENT.includes(name));
  return {
    ...(rest as BuildState),
    ...(floor === null ? {} : { coverageFloorPercent: floor }),
    ...(voidsMeasurements ? { evidence: null, checkpoints: withoutEvidence(build.checkpoints) } : {}),
    revision: build.revision + 1,
    request: fields.request,
    formerRequests: [...(build.formerRequests ?? []), { digest: build.request }].slice(-MAX_FORMER_REQUESTS),
    roles: { ...build.roles, ...fields.roles },
    retriesPerPhase: fields.retries_per_phase ?? build.retriesPerPhase,
    survey: null,
  };
}

function withoutEvidence(checkpoints: BuildState['checkpoints']): BuildState['checkpoints'] {
  return Object.fromEntries(Object.entries(checkpoints).map(([phase, one]) => [phase, { ...one, evidence: null }]));
}
