/**
 * The activities as the workflows see them: each time-out and each retry policy with its reason.
 */
import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/contract';
import { HEARTBEAT } from '../domain/timings';

/**
 * Above what the settings allow: a test run, a model call and a test run of a day each. A hang is noticed by the
 * heartbeat and by the time-outs inside, so nothing waits for this one.
 */
const LONGEST = '3 days';

/**
 * Work of a role: one model call, and what belongs to it. Retried by the server for about half an hour (a provider's
 * bad spell), without an event of history; what cannot get better by waiting is thrown as non-retryable.
 */
export const work = proxyActivities<
  Pick<Activities, 'survey' | 'discover' | 'plan' | 'writeCode' | 'auditTests' | 'verify'>
>({
  startToCloseTimeout: LONGEST,
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  // An `advance` from outside wins at once; the heartbeat carries the cancellation to the running call.
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '2m', maximumAttempts: 20 },
});

/** A look at a repository for a person who waits: a server that is away is tried for some seconds, as in a build. */
export const checking = proxyActivities<Pick<Activities, 'checkRepository'>>({
  startToCloseTimeout: LONGEST,
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  cancellationType: ActivityCancellationType.TRY_CANCEL,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 10 },
});

/** Effects on production and on the workspace: waited for to the end, so that nothing is undone while it is being done. */
export const effects = proxyActivities<Pick<Activities, 'release' | 'releaseHanded' | 'undo' | 'restoreRelease'>>({
  startToCloseTimeout: LONGEST,
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  // A disk that is full or a sandbox that is busy comes back; each of these looks first and adopts what it did.
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 20 },
});

/** The result of a build that is complete: tried for some minutes, and then the build ends without it and says so. */
export const results = proxyActivities<Pick<Activities, 'deliver'>>({
  startToCloseTimeout: '20m',
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s', maximumAttempts: 5 },
});

/**
 * Content into the artifact store. Never given up: only this run has it, and no person could decide anything better
 * than to wait until the disk has room again.
 */
export const keeping = proxyActivities<Pick<Activities, 'keepContent'>>({
  startToCloseTimeout: '1m',
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30s' },
});

/** Records and reports to the ledger: local activities of a few milliseconds, one event each. Retried without an end: none may be lost. */
export const records = proxyLocalActivities<
  Pick<Activities, 'reportBuild' | 'proveReports' | 'recordBuild' | 'endRestore'>
>({
  startToCloseTimeout: '10s',
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
});

/** A look at the builds of a project. One that cannot be had is made up for by the next, so it is not tried for long. */
export const looks = proxyActivities<Pick<Activities, 'lookAtBuilds'>>({
  startToCloseTimeout: '10m',
  heartbeatTimeout: HEARTBEAT.timeoutMs,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '10s', maximumAttempts: 4 },
});
