/**
 * The closed list of failures: each has a name, whether trying again can help, and its HTTP status.
 *
 * The names are the `type` of every Temporal ApplicationFailure and the last part of every
 * problem+json `type`. Text from a provider never stands in a failure; a name and our own words do.
 */

export interface FailureRule {
  /** `retry`: Temporal tries again. `wait`: as retry, but after the time the provider named. `repair`: asked again with what was wrong. `terminal`: a person is needed. */
  readonly action: 'retry' | 'wait' | 'repair' | 'terminal';
  /** What the API answers with where a request meets it. */
  readonly httpStatus: number;
}

export const FAILURES = {
  'Model.RateLimited': { action: 'wait', httpStatus: 503 },
  'Model.Unavailable': { action: 'retry', httpStatus: 503 },
  'Model.Timeout': { action: 'retry', httpStatus: 503 },
  'Model.EmptyAnswer': { action: 'retry', httpStatus: 503 },
  'Model.NotAnAnswer': { action: 'retry', httpStatus: 503 },
  'Model.Truncated': { action: 'terminal', httpStatus: 422 },
  'Model.Refused': { action: 'terminal', httpStatus: 422 },
  'Model.TooLarge': { action: 'terminal', httpStatus: 422 },
  'Model.ContextTooLong': { action: 'terminal', httpStatus: 422 },
  'Model.Unauthorized': { action: 'terminal', httpStatus: 401 },
  'Model.BadRequest': { action: 'terminal', httpStatus: 422 },
  'Model.NotConfigured': { action: 'terminal', httpStatus: 422 },
  'Model.ScriptEnded': { action: 'terminal', httpStatus: 422 },
  'Role.OutputInvalid': { action: 'repair', httpStatus: 422 },
  'Role.StepsExhausted': { action: 'terminal', httpStatus: 422 },
  'Workspace.RepositoryUnreadable': { action: 'terminal', httpStatus: 422 },
  'Workspace.PathRefused': { action: 'repair', httpStatus: 422 },
  'Workspace.TooLarge': { action: 'terminal', httpStatus: 422 },
  'Workspace.Overtaken': { action: 'terminal', httpStatus: 409 },
  'Workspace.NoTestCommand': { action: 'terminal', httpStatus: 422 },
  'Workspace.SetupFailed': { action: 'terminal', httpStatus: 422 },
  'Sandbox.Unavailable': { action: 'retry', httpStatus: 503 },
  'Release.BuildFailed': { action: 'terminal', httpStatus: 422 },
  'Release.SmokeFailed': { action: 'terminal', httpStatus: 422 },
  'Release.Refused': { action: 'terminal', httpStatus: 422 },
  'Release.DeployFailed': { action: 'terminal', httpStatus: 422 },
  'Release.Void': { action: 'terminal', httpStatus: 409 },
  'Release.RestoreFailed': { action: 'terminal', httpStatus: 500 },
  'Release.RollbackFailed': { action: 'terminal', httpStatus: 500 },
  'Request.Unreadable': { action: 'terminal', httpStatus: 500 },
  'Artifact.Missing': { action: 'terminal', httpStatus: 404 },
  'Storage.Full': { action: 'retry', httpStatus: 507 },
  'Storage.Refused': { action: 'retry', httpStatus: 503 },
  // A client can only wait until somebody has put the file back; a build waits in `error`.
  'Storage.Damaged': { action: 'terminal', httpStatus: 503 },
} as const satisfies Record<string, FailureRule>;

export type FailureType = keyof typeof FAILURES;

/** True where Temporal may try the activity again by itself. */
export function isRetryable(type: FailureType): boolean {
  const { action } = FAILURES[type];
  return action === 'retry' || action === 'wait';
}

/** A failure as the domain speaks of it; adapters throw it, activities turn it into an ApplicationFailure. */
export class Failure extends Error {
  constructor(
    readonly type: FailureType,
    message: string,
    /** Milliseconds to wait before the next try, where the other side named them. */
    readonly retryAfterMs?: number,
  ) {
    super(message);
    this.name = type;
  }
}
