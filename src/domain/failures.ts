/**
 * The closed list of failures: each has a name, and says whether trying again by itself can help.
 *
 * The names are the `type` of every Temporal ApplicationFailure and the last part of every
 * problem+json `type`. Text from a provider never stands in a failure; a name and our own words do.
 */

export interface FailureRule {
  /** True: Temporal tries the activity again by itself. False: a person is needed. */
  readonly retryable: boolean;
  /** What the API answers where a request meets it; absent where only a build can. */
  readonly http?: { readonly status: number; readonly title: string };
}

const RETRYABLE = { retryable: true } as const;
const TERMINAL = { retryable: false } as const;

export const FAILURES = {
  'Model.RateLimited': RETRYABLE,
  'Model.Unavailable': RETRYABLE,
  'Model.Timeout': RETRYABLE,
  'Model.EmptyAnswer': RETRYABLE,
  'Model.NotAnAnswer': RETRYABLE,
  /** Several answers to one call broke off, each of them paid. */
  'Model.AnswersLost': TERMINAL,
  'Model.Truncated': TERMINAL,
  'Model.Refused': TERMINAL,
  'Model.TooLarge': TERMINAL,
  'Model.ContextTooLong': TERMINAL,
  'Model.Unauthorized': TERMINAL,
  'Model.BadRequest': TERMINAL,
  'Model.NotConfigured': TERMINAL,
  'Model.ScriptEnded': TERMINAL,
  'Role.OutputInvalid': TERMINAL,
  'Role.StepsExhausted': TERMINAL,
  /** A role of a model objects to the last phase, which no earlier phase can mend. */
  'Role.Objected': TERMINAL,
  /** An external role moved its build to `error`. */
  'Role.GaveUp': TERMINAL,
  'Retries.Exhausted': TERMINAL,
  /** Findings are open that only a person can decide; the build continues when all are approved. */
  'Decision.Needed': TERMINAL,
  /** A person has rejected a finding that no role can mend. */
  'Decision.Rejected': TERMINAL,
  /** What is stored of a start request is not what this version reads. */
  'Request.Unreadable': { retryable: false, http: { status: 500, title: 'The stored start request cannot be read' } },
  'Workspace.RepositoryUnreadable': TERMINAL,
  /** The server of a repository does not answer; after some tries it counts as unreadable. */
  'Workspace.PathRefused': TERMINAL,
  'Workspace.TooLarge': TERMINAL,
  'Workspace.Overtaken': TERMINAL,
  'Workspace.NoTestCommand': TERMINAL,
  'Workspace.SetupFailed': TERMINAL,
  /** What this machine or the repository lacks, found before a role is paid; a person can mend each by the remedy in the message. */
  'Environment.SetupFailed': TERMINAL,
  'Environment.ToolMissing': TERMINAL,
  'Environment.TestsCannotRun': TERMINAL,
  'Environment.RepositoryUnfit': TERMINAL,
  /** The base commit's packages can be installed, those of the change cannot. */
  'Change.SetupFailed': TERMINAL,
  /** A reader of foreign text did not end in time or in the memory that it has: what the text says is not known. */
  'Reading.Unfinished': TERMINAL,
  'Reading.TooLarge': TERMINAL,
  'Sandbox.Unavailable': RETRYABLE,
  'Release.BuildFailed': TERMINAL,
  'Release.SmokeFailed': TERMINAL,
  'Release.Refused': TERMINAL,
  'Release.DeployFailed': TERMINAL,
  'Release.Void': TERMINAL,
  'Release.RestoreFailed': TERMINAL,
  'Release.RollbackFailed': TERMINAL,
  'Undo.Failed': TERMINAL,
  'Artifact.Missing': { retryable: false, http: { status: 404, title: 'No such artifact' } },
  'Storage.Full': { retryable: true, http: { status: 507, title: 'The disk of the server is full' } },
  'Storage.Refused': { retryable: true, http: { status: 503, title: 'The server cannot use its data folder' } },
  // A client can only wait until the file has been put back; a build waits in `error`.
  'Storage.Damaged': { retryable: false, http: { status: 503, title: 'What the server keeps is damaged' } },
  /** The input of a workflow that was started by hand is no build. */
  'Build.Malformed': TERMINAL,
  /** An activity threw something that has no name here; the worker's log has it. */
  'Activity.Unexpected': RETRYABLE,
  /** An activity failed without a name of this list. */
  'Activity.Failed': TERMINAL,
  'Activity.TimedOut': TERMINAL,
} as const satisfies Record<string, FailureRule>;

export type FailureType = keyof typeof FAILURES;

export function isFailureType(value: unknown): value is FailureType {
  return typeof value === 'string' && Object.hasOwn(FAILURES, value);
}

/** True where Temporal may try the activity again by itself. */
export function isRetryable(type: FailureType): boolean {
  return FAILURES[type].retryable;
}

/** Status and title of the answer to a request that met the failure. */
export function httpOf(type: FailureType): NonNullable<FailureRule['http']> {
  const { http, retryable }: FailureRule = FAILURES[type];
  return http ?? { status: retryable ? 503 : 500, title: 'The server could not do it' };
}

const MESSAGE_CHARS = 1_000;
const HEAD_CHARS = 400;

/** As the state of a build carries it: what happened stands at the beginning, and the cause at the end of a log below it. */
export function shortMessage(message: string): string {
  if (message.length <= MESSAGE_CHARS) return message;
  const cut = '\n…\n';
  return `${message.slice(0, HEAD_CHARS)}${cut}${message.slice(HEAD_CHARS + cut.length - MESSAGE_CHARS)}`;
}

/** What else is known of a failure, beside its name and message. */
export interface FailureFacts {
  /** Milliseconds to wait before the next try, where the other side named them. */
  retryAfterMs?: number | undefined;
  /** The other side's own words, cut and without secrets: for the log and for artifacts, never for the state of a build. */
  detail?: string | undefined;
  /** True where the call was paid for although nothing of it can be used. */
  isPaid?: boolean | undefined;
  /** Answers that were paid for before it came to this failure. */
  paidCalls?: number | undefined;
  /** What these used; null: not known. */
  paidTokens?: { inputTokens: number | null; outputTokens: number | null } | undefined;
}

/** A failure as the domain speaks of it; adapters throw it, activities turn it into an ApplicationFailure. */
export class Failure extends Error {
  readonly retryAfterMs?: number;
  readonly detail?: string;
  readonly isPaid?: boolean;
  readonly paidCalls?: number;
  readonly paidTokens?: NonNullable<FailureFacts['paidTokens']>;

  /** A number is `retryAfterMs`. */
  constructor(
    readonly type: FailureType,
    message: string,
    facts: number | FailureFacts = {},
  ) {
    super(message);
    this.name = type;
    const { retryAfterMs, detail, isPaid, paidCalls, paidTokens }: FailureFacts =
      typeof facts === 'number' ? { retryAfterMs: facts } : facts;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (detail !== undefined) this.detail = detail;
    if (isPaid === true) this.isPaid = true;
    if (paidCalls !== undefined) this.paidCalls = paidCalls;
    if (paidTokens !== undefined) this.paidTokens = paidTokens;
  }
}
