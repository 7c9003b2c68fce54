/**
 * The table of all problems with which the API answers (RFC 9457): name, HTTP status, title.
 *
 * The name gives the stable `type`: `Command.KeyReused` is `urn:q-orchestrator:problem:command-key-reused`.
 */
import { httpOf, isFailureType, isRetryable } from '../domain/failures';
import type { FailureType } from '../domain/failures';
import { REFUSALS } from '../domain/commands';
import type { RefusalType } from '../domain/commands';
import type { Unreadable } from '../domain/commands/fields';
import type { Refusal } from '../domain/commands/refusals';
import { redactValue } from '../inspect/secrets/redact';

interface Kind {
  status: number;
  title: string;
  /** The value of Retry-After, for problems that may pass by themselves. */
  retryAfterS?: number;
}

const API_PROBLEMS = {
  'Request.Malformed': { status: 400, title: 'The request cannot be read' },
  'Request.ForeignOrigin': { status: 403, title: 'Pages of this origin may not ask here' },
  'Request.UnknownRoute': { status: 404, title: 'There is nothing at this address' },
  'Request.MethodNotAllowed': { status: 405, title: 'This address does not take this method' },
  'Request.TooSlow': { status: 408, title: 'The request took too long to come' },
  'Request.TooLarge': { status: 413, title: 'The body is too large' },
  'Request.UnsupportedMedia': { status: 415, title: 'The body is not JSON' },
  'Request.ForeignHost': { status: 421, title: 'This server has another name' },
  'Request.TooMany': { status: 429, title: 'Too many requests' },
  'Request.HeadersTooLarge': { status: 431, title: 'The headers are too large' },
  'Access.Unauthenticated': { status: 401, title: 'No valid token' },
  'Access.Forbidden': { status: 403, title: 'The token does not allow this' },
  'Access.IssuerAway': { status: 503, title: 'The issuer of the token cannot be reached', retryAfterS: 5 },
  'Build.Unknown': { status: 404, title: 'No such build' },
  'Build.Differs': { status: 422, title: 'The build exists, begun with another body' },
  'Build.Unreadable': { status: 503, title: 'What is kept of the build cannot be read', retryAfterS: 30 },
  'Release.Unknown': { status: 404, title: 'No such release' },
  'Release.NotRestorable': { status: 409, title: 'The release cannot be made live again' },
  'Release.Busy': { status: 409, title: 'Another release is on its way' },
  'Payload.Unreadable': { status: 422, title: 'A payload cannot be decrypted' },
  'Notice.Unknown': { status: 404, title: 'No such notice' },
  'Notice.Pending': { status: 409, title: 'The notice is still tried by itself' },
  'Project.Unknown': { status: 404, title: 'No such project' },
  'Settings.Stale': { status: 409, title: 'The settings of the project have changed' },
  'Project.DiskFull': { status: 507, title: 'The project has no room on disk left' },
  'Project.TooManyBuilds': { status: 429, title: 'The project has too many open builds', retryAfterS: 30 },
  'Push.NotAwaited': { status: 403, title: 'No build waits for a push' },
  'Git.Unavailable': { status: 503, title: 'Git is not served here' },
  'Temporal.Away': { status: 503, title: 'Temporal cannot be reached', retryAfterS: 5 },
  'Worker.Away': { status: 503, title: 'No worker answers', retryAfterS: 5 },
  'Answer.Late': { status: 503, title: 'No answer in time', retryAfterS: 5 },
  'Server.Failed': { status: 500, title: 'The server failed' },
} as const satisfies Record<string, Kind>;

export type ProblemName = keyof typeof API_PROBLEMS | RefusalType | FailureType;

/** An error that the API's error handler turns into an answer. `more` are further members of the body. */
export class Problem extends Error {
  constructor(
    override readonly name: ProblemName,
    message: string,
    readonly more: Record<string, unknown> = {},
  ) {
    super(message);
  }
}

/** Writes the status and the body of the answer. `more`: members that the caller of this function adds, such as the request id. */
export function problemBody(problem: Problem, more: Record<string, unknown> = {}): { status: number; text: string } {
  const { status, title } = kindOf(problem.name);
  const about = { type: typeOf(problem.name), title, status, detail: problem.message };
  return { status, text: JSON.stringify(redactValue({ ...about, ...more, ...problem.more }).value) };
}

export function kindOf(name: ProblemName): Kind {
  if (isRefusalType(name)) return REFUSALS[name];
  return isFailureType(name) ? failureKind(name) : API_PROBLEMS[name];
}

function failureKind(type: FailureType): Kind {
  return { ...httpOf(type), ...(isRetryable(type) ? { retryAfterS: 30 } : {}) };
}

function typeOf(name: ProblemName): string {
  const words = name.replace('.', '').replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`);
  return `urn:q-orchestrator:problem:${words.toLowerCase()}`;
}

export function isRefusalType(name: unknown): name is RefusalType {
  return typeof name === 'string' && Object.hasOwn(REFUSALS, name);
}

export function refusalProblem({ type, message, field, currentState, legal }: Refusal<RefusalType>): Problem {
  const fieldMember = field === undefined ? {} : { field };
  return new Problem(type, message, { ...fieldMember, current_state: currentState, legal });
}

/** The problem of a command that the API refuses before it asks the build. */
export function unreadableCommand({ field, message }: Unreadable): Problem {
  return new Problem('Command.Malformed', `${field} ${message}`, { field });
}

/** Also answered for a build that the caller may not see. */
export function unknownBuild(workflowId: string): Problem {
  return new Problem('Build.Unknown', `no build has the id ${workflowId}`);
}

/** Also answered for a project that the caller may not see, whether or not it exists. */
export function unknownProject(projectId: string): Problem {
  return new Problem('Project.Unknown', `no project has the id ${projectId}`);
}

export function malformed(field: string, message: string): Problem {
  return new Problem('Request.Malformed', `${field} ${message}`, { field });
}
