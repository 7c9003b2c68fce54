/**
 * The proxies by which workflows call activities: each timeout and each retry policy with its reason.
 */
import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/contract';
import { HEARTBEAT, ROLE_RETRY } from '../domain/timings';

/**
 * Longer than the settings allow any activity to take: a test run, a model call and another test run, of a day each. The heartbeat
 * and the timeouts inside an activity notice a hang, so this timeout is never the one that ends it.
 */
const ACTIVITY_TIMEOUT = '3 days';

/**
 * Work of a role: one model call, with its tool calls and test runs. The server retries it for about half an hour, while a provider
 * is down, without events of history. A failure that waiting cannot mend is thrown as non-retryable.
 */
export const roleActivities = proxyActivities<
  Pick<Activities, 'survey' | 'discover' | 'plan' | 'writeCode' | 'auditTests' | 'verify'>
>({
  startToCloseTimeout: ACTIVITY_TIMEOUT,
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  // The workflow does not wait for the end of a cancelled activity, so that an `advance` takes effect at once. The heartbeat
  // carries the cancellation to the running call.
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: {
    initialInterval: ROLE_RETRY.initialIntervalMs,
    backoffCoefficient: ROLE_RETRY.backoffCoefficient,
    maximumInterval: ROLE_RETRY.maximumIntervalMs,
    maximumAttempts: ROLE_RETRY.maximumAttempts,
  },
});

/** A look at a repository for a caller who waits: retried for some minutes only, for example while a git server is down. */
export const checkActivities = proxyActivities<Pick<Activities, 'checkRepository'>>({
  startToCloseTimeout: ACTIVITY_TIMEOUT,
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 10 },
});

/** Effects on production and on the workspace. The workflow waits for the end of a cancelled one, so that it undoes a finished effect. */
export const releaseActivities = proxyActivities<
  Pick<Activities, 'release' | 'releaseHanded' | 'undo' | 'restoreRelease'>
>({
  startToCloseTimeout: ACTIVITY_TIMEOUT,
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // A retry helps if a disk was full or a sandbox was busy. A retry first looks for what its earlier try has done.
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 20 },
});

/** The delivery of a complete build's result: tried for some minutes. If it fails, the build still ends as complete. */
export const deliveryActivities = proxyActivities<Pick<Activities, 'deliver'>>({
  startToCloseTimeout: '20m',
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
});

/**
 * Content for the artifact store. Retried for ever: only this workflow has the content, and a person could do nothing but wait until
 * the disk has room again.
 */
export const artifactActivities = proxyActivities<Pick<Activities, 'keepContent'>>({
  startToCloseTimeout: '1m',
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/**
 * The page of an approval gate: it may have to fetch the repository first. Retried for ever, as content is: the build waits for people
 * anyway, and goes to `error` only for what waiting cannot mend.
 */
export const pageActivities = proxyActivities<Pick<Activities, 'makeApprovalPage'>>({
  startToCloseTimeout: ACTIVITY_TIMEOUT,
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** Records, and reports to the ledger: local activities of a few milliseconds, one event each. Retried for ever: none may be lost. */
export const recordActivities = proxyLocalActivities<
  Pick<Activities, 'reportBuild' | 'proveReports' | 'recordBuild' | 'endRestore' | 'proveNotices'>
>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/**
 * Hands notices of a build over. Not a local activity: two of these at once may end in another order in a replay, and the build hands
 * notices over while its main loop sends a report. Retried for ever: no notice may be lost.
 */
export const handOverActivities = proxyActivities<Pick<Activities, 'handNotices'>>({
  startToCloseTimeout: '1m',
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/**
 * One try to send a notice. Its failure is a result: the workflow tries again by its own timers, for days. A worker that dies during a
 * try is noticed by the heartbeat, and the try is made again with the same id.
 */
export const noticeActivities = proxyActivities<Pick<Activities, 'sendNotice'>>({
  startToCloseTimeout: '2m',
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 5 },
});

/**
 * Grants of a project's money: local activities of a few milliseconds, one event each. Retried for ever: builds wait for what they
 * write. Both are safe to repeat.
 */
export const grantActivities = proxyLocalActivities<Pick<Activities, 'proveMoney' | 'writeGrants'>>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** A look at the builds of a project. Retried for a short time only, since the ledger looks again later. */
export const ledgerActivities = proxyActivities<Pick<Activities, 'lookAtBuilds'>>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 4 },
});
