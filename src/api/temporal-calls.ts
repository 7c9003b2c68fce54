/**
 * Makes calls to Temporal that end within seconds: with an answer, or with a problem that names what did not answer.
 *
 * The SDK's client retries silently while a server is away. So after a moment without an answer, a probe checks whether the server
 * and, if needed, a worker are there.
 */
import { ServiceError, WorkflowUpdateRPCTimeoutOrCancelledError, isGrpcServiceError } from '@temporalio/client';
import { QueryNotRegisteredError } from '@temporalio/client';
import type { ApiDeps } from './deps';
import { Problem } from './problems';

const PROBE_AFTER_MS = 1_200;
const PROBE_TIMEOUT_MS = 800;
const WAIT_MS = 8_000;
/** gRPC status codes. */
const DEADLINE_EXCEEDED = 4;
const FAILED_PRECONDITION = 9;
const WORKFLOW_QUEUE = 1;

type Target = Pick<ApiDeps, 'client' | 'taskQueue' | 'log'>;

/** Makes a call. `needsWorker`: a worker must answer it, not only the server. */
export async function callTemporal<T>(target: Target, call: () => Promise<T>, needsWorker = false): Promise<T> {
  const answer = target.client.connection
    .withDeadline(Date.now() + WAIT_MS, call)
    .catch((error: unknown) => Promise.reject(problemOf(error, target)));
  const earlyAnswer = await withTimeout(PROBE_AFTER_MS, answer);
  if (earlyAnswer !== LATE) return earlyAnswer;
  // The probe runs while the answer may still come.
  const result = await Promise.race([answer.then(asAnswered), findMissing(target, needsWorker)]);
  if (result.kind === 'missing') throw result.problem;
  if (result.kind === 'answered') return result.value;
  const lateAnswer = await withTimeout(WAIT_MS - PROBE_AFTER_MS, answer);
  if (lateAnswer === LATE) throw tooLate();
  return lateAnswer;
}

/** Call it within `callTemporal`: it may be the first call to the server, and then finds that the server is away. */
export async function searchAttributesKnown({ searchAttributesKnown: setting }: ApiDeps): Promise<boolean> {
  return typeof setting === 'function' ? setting() : setting;
}

/** Gives the times at which workers last polled for work, newest first. Throws `Temporal.Away` after `ms` without an answer. */
export async function pollTimes(target: Target, ms: number): Promise<Date[]> {
  const { connection, options } = target.client;
  const request = {
    namespace: options.namespace,
    taskQueue: { name: target.taskQueue },
    taskQueueType: WORKFLOW_QUEUE,
  };
  const answer = connection.withDeadline(Date.now() + ms, () => connection.workflowService.describeTaskQueue(request));
  const queue = await withTimeout(
    ms,
    answer.catch(() => Promise.reject(temporalAway())),
  );
  if (queue === LATE) throw temporalAway();
  return (queue.pollers ?? [])
    .map(({ lastAccessTime }) => new Date(Number(lastAccessTime?.seconds ?? 0) * 1_000))
    .sort((a, b) => b.getTime() - a.getTime());
}

/** Throws a problem if Temporal or every worker is away. Call it before starting what only a worker can carry out. */
export async function requireWorker(target: Target): Promise<void> {
  const found = await findMissing(target, true);
  if (found.kind === 'missing') throw found.problem;
}

/** Gives the answer, or undefined after `ms`: the call is then abandoned, but what it waits for goes on in Temporal. */
export async function waitFor<T>(target: Target, ms: number, call: () => Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const answer = target.client.connection.withAbortSignal(stop.signal, call);
  const answerInTime = await withTimeout(ms, answer);
  if (answerInTime !== LATE) return answerInTime;
  stop.abort();
  return undefined;
}

function asAnswered<T>(value: T): { kind: 'answered'; value: T } {
  return { kind: 'answered', value };
}

type ProbeResult = { kind: 'all there' } | { kind: 'missing'; problem: Problem };

async function findMissing(target: Target, needsWorker: boolean): Promise<ProbeResult> {
  try {
    const times = await pollTimes(target, PROBE_TIMEOUT_MS);
    return needsWorker && times.length === 0 ? { kind: 'missing', problem: workerAway() } : { kind: 'all there' };
  } catch (error) {
    return { kind: 'missing', problem: error instanceof Problem ? error : temporalAway() };
  }
}

const LATE = Symbol('late');

async function withTimeout<T>(ms: number, answer: Promise<T>): Promise<T | typeof LATE> {
  // Without this handler a failure after the timeout would be an unhandled rejection.
  answer.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Turns failures of the connection into problems; an answer of the build itself is passed on unchanged. */
function problemOf(error: unknown, { log }: Target): unknown {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return tooLate();
  // A workflow of another kind has this id.
  if (error instanceof QueryNotRegisteredError) return new Problem('Build.Unknown', 'no build has this id');
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause)) return error;
  log.warn({ code: cause.code, details: cause.details }, 'a call to Temporal failed');
  if (cause.code === FAILED_PRECONDITION) return workerAway();
  return cause.code === DEADLINE_EXCEEDED ? tooLate() : temporalAway();
}

const SAFE_TO_REPEAT = 'repeating the request with the same Idempotency-Key is safe';

function temporalAway(): Problem {
  return new Problem('Temporal.Away', `Temporal does not answer; ${SAFE_TO_REPEAT}`);
}

function workerAway(): Problem {
  return new Problem(
    'Worker.Away',
    `no worker polls for work; the request may be carried out when one starts; ${SAFE_TO_REPEAT}`,
  );
}

function tooLate(): Problem {
  return new Problem(
    'Answer.Late',
    `there was no answer in time; the request may still be carried out; ${SAFE_TO_REPEAT}`,
  );
}
