/**
 * Calls to Temporal that always end: an answer, or within seconds a problem that says who did not answer.
 *
 * The client tries again by itself while a server is away; so after a moment of silence it is asked whether it is there.
 */
import { ServiceError, WorkflowUpdateRPCTimeoutOrCancelledError, isGrpcServiceError } from '@temporalio/client';
import { QueryNotRegisteredError } from '@temporalio/client';
import type { ApiDeps } from './deps';
import { Problem } from './problems';

const QUIET_MS = 1_200;
const PROBE_MS = 800;
const WAIT_MS = 8_000;
/** gRPC status codes. */
const DEADLINE_EXCEEDED = 4;
const FAILED_PRECONDITION = 9;
const WORKFLOW_QUEUE = 1;

type Place = Pick<ApiDeps, 'client' | 'taskQueue' | 'log'>;

/** `needsWorker`: the call is answered by a worker, not by the server alone. */
export async function reach<T>(place: Place, call: () => Promise<T>, needsWorker = false): Promise<T> {
  const answer = place.client.connection
    .withDeadline(Date.now() + WAIT_MS, call)
    .catch((error: unknown) => Promise.reject(problemOf(error, place)));
  const inTime = await within(QUIET_MS, answer);
  if (inTime !== LATE) return inTime;
  // What is asked is the other party that may be missing; meanwhile the answer may still come.
  const probed = await Promise.race([answer.then(answered), findMissing(place, needsWorker)]);
  if (probed.kind === 'missing') throw probed.problem;
  if (probed.kind === 'answered') return probed.value;
  const late = await within(WAIT_MS - QUIET_MS, answer);
  if (late === LATE) throw tooLate();
  return late;
}

/** To be asked within `reach`: where the server has not answered yet, this is the call that finds it away. */
export async function searchAttributesKnown({ searchAttributesKnown: known }: ApiDeps): Promise<boolean> {
  return typeof known === 'function' ? known() : known;
}

/** When a worker last asked for work, newest first. Throws a problem where Temporal does not say within `ms`. */
export async function pollTimes(place: Place, ms: number): Promise<Date[]> {
  const { connection, options } = place.client;
  const request = { namespace: options.namespace, taskQueue: { name: place.taskQueue }, taskQueueType: WORKFLOW_QUEUE };
  const answer = connection.withDeadline(Date.now() + ms, () => connection.workflowService.describeTaskQueue(request));
  const told = await within(
    ms,
    answer.catch(() => Promise.reject(temporalAway())),
  );
  if (told === LATE) throw temporalAway();
  return (told.pollers ?? [])
    .map(({ lastAccessTime }) => new Date(Number(lastAccessTime?.seconds ?? 0) * 1_000))
    .sort((a, b) => b.getTime() - a.getTime());
}

/** Throws a problem where Temporal or every worker is away, before something is begun that nobody would carry out. */
export async function requireWorker(place: Place): Promise<void> {
  const found = await findMissing(place, true);
  if (found.kind === 'missing') throw found.problem;
}

/** The answer, or undefined where it has not come within `ms`: what was asked is then left to itself. */
export async function waitFor<T>(place: Place, ms: number, call: () => Promise<T>): Promise<T | undefined> {
  const stop = new AbortController();
  const answer = place.client.connection.withAbortSignal(stop.signal, call);
  const inTime = await within(ms, answer);
  if (inTime !== LATE) return inTime;
  stop.abort();
  return undefined;
}

function answered<T>(value: T): { kind: 'answered'; value: T } {
  return { kind: 'answered', value };
}

type Found = { kind: 'all there' } | { kind: 'missing'; problem: Problem };

async function findMissing(place: Place, needsWorker: boolean): Promise<Found> {
  try {
    const times = await pollTimes(place, PROBE_MS);
    return needsWorker && times.length === 0 ? { kind: 'missing', problem: workerAway() } : { kind: 'all there' };
  } catch (error) {
    return { kind: 'missing', problem: error instanceof Problem ? error : temporalAway() };
  }
}

const LATE = Symbol('late');

async function within<T>(ms: number, answer: Promise<T>): Promise<T | typeof LATE> {
  // It may fail after nobody waits for it any more.
  answer.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = setTimeout(() => resolve(LATE), ms);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

/** Failures of the way become problems; what the build itself answered passes through. */
function problemOf(error: unknown, { log }: Place): unknown {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return tooLate();
  // Some other workflow has an id like a build's.
  if (error instanceof QueryNotRegisteredError) return new Problem('Build.Unknown', 'no build has this id');
  const cause = error instanceof ServiceError ? error.cause : error;
  if (!isGrpcServiceError(cause)) return error;
  log.warn({ code: cause.code, details: cause.details }, 'a call to Temporal failed');
  if (cause.code === FAILED_PRECONDITION) return workerAway();
  return cause.code === DEADLINE_EXCEEDED ? tooLate() : temporalAway();
}

const SAFE = 'repeating the request with the same Idempotency-Key is safe';

function temporalAway(): Problem {
  return new Problem('Temporal.Away', `Temporal does not answer; ${SAFE}`);
}

function workerAway(): Problem {
  return new Problem('Worker.Away', `no worker asks for work; it may be carried out when one comes; ${SAFE}`);
}

function tooLate(): Problem {
  return new Problem('Answer.Late', `there was no answer in time; it may still be carried out; ${SAFE}`);
}
