/**
 * The closed list of failure types: for each, whether Temporal may retry, and how the API answers.
 *
 * The names are the `type` of each Temporal ApplicationFailure and the last part of each problem+json `type`. A failure's message
 * never contains text from a provider.
 */
import type { ReportedSpend } from './build/spend';
import type { CapReached } from './money/budget';
import type { AttemptSigns } from './build/stuck';

export interface FailureRule {
  /** True: Temporal retries the activity. False: a person is needed. */
  readonly retryable: boolean;
  /** The API's answer if a request meets the failure; absent if only builds can. */
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
  /** Several answers to one call broke off, and each was paid for. */
  'Model.AnswersLost': TERMINAL,
  'Model.Truncated': TERMINAL,
  'Model.Refused': TERMINAL,
  'Model.TooLarge': TERMINAL,
  'Model.ContextTooLong': TERMINAL,
  'Model.Unauthorized': TERMINAL,
  'Model.BadRequest': TERMINAL,
  'Model.NotConfigured': TERMINAL,
  'Model.ScriptEnded': TERMINAL,
  /** A budget does not allow the next model call. The build waits at a gate, and does not go to `error`. */
  'Budget.Reached': TERMINAL,
  'Role.OutputInvalid': TERMINAL,
  'Role.StepsExhausted': TERMINAL,
  /** The same came out again and again, and everything that the orchestrator tries by itself was tried. */
  'Role.Stuck': TERMINAL,
  /** A role with a model objected in the last phase, and no earlier phase can mend that. */
  'Role.Objected': TERMINAL,
  /** An external role moved its build to `error`. */
  'Role.GaveUp': TERMINAL,
  'Retries.Exhausted': TERMINAL,
  /** Only a person can decide the open findings; the build continues when all are approved. */
  'Decision.Needed': TERMINAL,
  /** A person has rejected a finding that no role can mend. */
  'Decision.Rejected': TERMINAL,
  /** This version cannot read the stored start request. */
  'Request.Unreadable': { retryable: false, http: { status: 500, title: 'The stored start request cannot be read' } },
  'Workspace.RepositoryUnreadable': TERMINAL,
  /** A role named a path that does not exist in the commit or is not allowed. */
  'Workspace.PathRefused': TERMINAL,
  'Workspace.TooLarge': TERMINAL,
  'Workspace.Overtaken': TERMINAL,
  'Workspace.NoTestCommand': TERMINAL,
  'Workspace.SetupFailed': TERMINAL,
  /** The machine or the repository lacks something, found before a role is paid for. The message names the remedy. */
  'Environment.SetupFailed': TERMINAL,
  'Environment.ToolMissing': TERMINAL,
  'Environment.TestsCannotRun': TERMINAL,
  'Environment.RepositoryUnfit': TERMINAL,
  /** The packages of the base commit can be installed, those of the change cannot. */
  'Change.SetupFailed': TERMINAL,
  /** A reader did not finish in its time or memory, so the content of the text is unknown. */
  'Reading.Unfinished': TERMINAL,
  'Reading.TooLarge': TERMINAL,
  /** The ledger of the project did not say in time what the build may spend. */
  'Ledger.Unavailable': RETRYABLE,
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
  /** A workflow was started by hand, and its input is not a build. */
  'Build.Malformed': TERMINAL,
  /** An activity threw an error without a failure type; the worker's log has it. */
  'Activity.Unexpected': RETRYABLE,
  /** An activity failed with a type that is not in this list. */
  'Activity.Failed': TERMINAL,
  'Activity.TimedOut': TERMINAL,
} as const satisfies Record<string, FailureRule>;

export type FailureType = keyof typeof FAILURES;

export function isFailureType(value: unknown): value is FailureType {
  return typeof value === 'string' && Object.hasOwn(FAILURES, value);
}

/** True if Temporal may retry the activity. */
export function isRetryable(type: FailureType): boolean {
  return FAILURES[type].retryable;
}

/** HTTP status and title of the answer to a request that met the failure. */
export function httpOf(type: FailureType): NonNullable<FailureRule['http']> {
  const { http, retryable }: FailureRule = FAILURES[type];
  return http ?? { status: retryable ? 503 : 500, title: 'The server could not do it' };
}

const MESSAGE_CHARS = 1_000;
const HEAD_CHARS = 400;

/** Cuts a message for the state of a build. Keeps the beginning, which says what happened, and the end, where a log names the cause. */
export function shortMessage(message: string): string {
  if (message.length <= MESSAGE_CHARS) return message;
  const cut = '\n…\n';
  return `${message.slice(0, HEAD_CHARS)}${cut}${message.slice(HEAD_CHARS + cut.length - MESSAGE_CHARS)}`;
}

/** Optional facts about a failure. */
export interface FailureFacts {
  /** Milliseconds to wait before the next try, if the provider or server gave them. */
  retryAfterMs?: number | undefined;
  /** The request was not sent: breaker or pace of its provider hold it back for `retryAfterMs`. */
  isHeld?: boolean | undefined;
  /** The provider's or server's text, cut and without secrets: for the log and for artifacts, never for the state of a build. */
  detail?: string | undefined;
  /** True if the call was paid for although its answer cannot be used. */
  isPaid?: boolean | undefined;
  /** Number of paid answers before this failure. */
  paidCalls?: number | undefined;
  /** What was measured of an attempt that repeated itself. */
  measured?: AttemptSigns | undefined;
  /** Tokens of these answers; null: not known. */
  paidTokens?: { inputTokens: number | null; outputTokens: number | null } | undefined;
  /** The cap that does not allow the next call; only for `Budget.Reached`. */
  capReached?: CapReached | undefined;
  /** What the activity's call has cost, and the costs of earlier calls that it found. */
  spend?: ReportedSpend | undefined;
}

/** A failure with a type of the list. Adapters throw it; activities turn it into an ApplicationFailure. */
export class Failure extends Error {
  readonly retryAfterMs?: number;
  readonly isHeld?: boolean;
  readonly detail?: string;
  readonly isPaid?: boolean;
  readonly paidCalls?: number;
  readonly paidTokens?: NonNullable<FailureFacts['paidTokens']>;
  readonly capReached?: CapReached;
  readonly spend?: ReportedSpend;
  readonly measured?: AttemptSigns;

  /** `facts` may be a number, which means `retryAfterMs`. */
  constructor(
    readonly type: FailureType,
    message: string,
    facts: number | FailureFacts = {},
  ) {
    super(message);
    this.name = type;
    const { retryAfterMs, isHeld, detail, isPaid, paidCalls, paidTokens, capReached, spend, measured }: FailureFacts =
      typeof facts === 'number' ? { retryAfterMs: facts } : facts;
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (isHeld === true) this.isHeld = true;
    if (detail !== undefined) this.detail = detail;
    if (isPaid === true) this.isPaid = true;
    if (paidCalls !== undefined) this.paidCalls = paidCalls;
    if (paidTokens !== undefined) this.paidTokens = paidTokens;
    if (capReached !== undefined) this.capReached = capReached;
    if (spend !== undefined) this.spend = spend;
    if (measured !== undefined) this.measured = measured;
  }

  /** A copy with other facts in addition. */
  with(facts: FailureFacts): Failure {
    const { retryAfterMs, isHeld, detail, isPaid, paidCalls, paidTokens, capReached, spend, measured } = this;
    return new Failure(this.type, this.message, {
      ...{ retryAfterMs, isHeld, detail, isPaid, paidCalls, paidTokens, capReached, spend, measured },
      ...facts,
    });
  }
}
