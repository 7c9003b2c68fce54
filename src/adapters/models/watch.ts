/**
 * Limits one model call: total time, idle time and bytes. It also passes on the caller's cancellation.
 *
 * It works below the SDK, in `fetch`, because every byte passes there, those of an error page included.
 */
import { Failure } from '../../domain/failures';
import { sha256 } from '../../inspect/digest';
import type { AnswerJournal } from '../../ports/answer-journal';
import type { PaidRequests } from './paid-requests';
import type { Fetch } from './provider';
import type { CallLimits } from './settings';

export interface CallWatch {
  /** Aborts with the caller or with the watch. */
  signal: AbortSignal;
  fetch: Fetch;
  /**
   * True once a part of an answer has arrived, so that the call is paid for. The SDK's parts do not show this: an error can overtake
   * parts that the SDK has not passed on yet.
   */
  hasContent(): boolean;
  /** Throws the caller's abort reason, or the watch's failure. Call it after the stream, too: an aborted stream may end without an error. */
  throwIfEnded(): void;
  /** The failure with which the watch ended the call, if it did. Throws the caller's abort reason. */
  failure(): Failure | undefined;
  /** Stops the timers and closes open connections. */
  stop(): void;
}

export function watchCall(input: {
  model: string;
  caller: AbortSignal;
  limits: CallLimits;
  journal?: AnswerJournal | undefined;
  /** Reserves the cost of each request. The time of a reservation, which may wait for money, does not count. */
  paid?: PaidRequests | undefined;
  /** Key of the whole call. The key of each HTTP request is derived from it and from the request's body. */
  idempotencyKey?: string | undefined;
}): CallWatch {
  const { model, caller, limits, journal, paid } = input;
  const controller = new AbortController();
  const timers = startTimers(model, limits, controller);
  let bytes = 0;
  let hasContent = false;
  const countBytes = (chunk: Uint8Array, isAnswer: boolean) => {
    bytes += chunk.byteLength;
    hasContent ||= isAnswer && CONTENT_EVENT.test(Buffer.from(chunk).toString('latin1'));
    if (bytes > limits.maxBytes)
      controller.abort(new Failure('Model.TooLarge', `${model}: the answer is larger than ${limits.maxBytes} bytes`));
    timers.restartIdle();
  };
  const send: Fetch = async (url, init) => {
    try {
      return await (limits.fetch ?? fetch)(url, init);
    } catch (error) {
      paid?.onError(error);
      throw error;
    }
  };
  return {
    signal: AbortSignal.any([caller, controller.signal]),
    async fetch(url, init) {
      if (paid !== undefined) await timers.exclude(paid.reserve(init?.body));
      // The call may have ended during the reservation; the request is not sent then.
      if (caller.aborted || controller.signal.aborted) await paid?.drop();
      caller.throwIfAborted();
      controller.signal.throwIfAborted();
      timers.restartIdle();
      const response = await send(url, withKey(input, init));
      paid?.onResponse(isHtml(response) ? undefined : response);
      refuseHtml(model, response);
      return withByteCount(withJournal(response, init?.body, journal), countBytes);
    },
    hasContent: () => hasContent,
    throwIfEnded() {
      caller.throwIfAborted();
      controller.signal.throwIfAborted();
    },
    failure() {
      caller.throwIfAborted();
      return controller.signal.reason instanceof Failure ? controller.signal.reason : undefined;
    },
    stop() {
      controller.abort();
      timers.stop();
    },
  };
}

/** Starts the timers of a call: when its time is over, or no byte arrives for too long, the controller aborts with a failure. */
function startTimers(model: string, { timeoutMs, idleTimeoutMs }: CallLimits, controller: AbortController) {
  const abortAfter = (ms: number, failure: Failure) => setTimeout(() => controller.abort(failure), ms);
  const tooLong = new Failure('Model.Timeout', `${model}: the call took longer than ${timeoutMs} ms`);
  const tooSilent = new Failure('Model.Timeout', `${model}: no byte arrived for ${idleTimeoutMs} ms`);
  let deadline = Date.now() + timeoutMs;
  let total = abortAfter(timeoutMs, tooLong);
  let idle: NodeJS.Timeout | undefined;
  const stop = () => {
    clearTimeout(total);
    clearTimeout(idle);
  };
  return {
    stop,
    restartIdle() {
      clearTimeout(idle);
      if (!controller.signal.aborted) idle = abortAfter(idleTimeoutMs, tooSilent);
    },
    /** Waits for something whose time does not count. */
    async exclude(pending: Promise<void>) {
      stop();
      const begin = Date.now();
      await pending;
      deadline += Date.now() - begin;
      if (controller.signal.aborted) return;
      total = abortAfter(Math.max(1, deadline - Date.now()), tooLong);
    },
  };
}

/**
 * Sets the idempotency key of a request. One call may send several bodies: other forms, without files, shortened, to other models. A
 * provider that gets one key with two bodies refuses the second, or repeats the answer to the first. The key is set here because the
 * body is final here, and the headers are not signed yet.
 */
function withKey(
  { model, idempotencyKey: key }: { model: string; idempotencyKey?: string | undefined },
  init: RequestInit | undefined,
): RequestInit | undefined {
  if (key === undefined) return init;
  const headers = new Headers(init?.headers);
  const body = typeof init?.body === 'string' ? init.body : '';
  // The model's name is hashed, too, because some providers have it in the URL only.
  headers.set('Idempotency-Key', `${key}.${sha256(`${model}\n${body}`).slice(0, 12)}`);
  return { ...init, headers: Object.fromEntries(headers) };
}

/** Writes the bytes of an answer to the journal. Refusals are not answers and are not written. */
function withJournal(response: Response, body: unknown, journal: AnswerJournal | undefined): Response {
  if (journal === undefined || !response.ok || response.body === null || typeof body !== 'string') return response;
  const contentType = response.headers.get('content-type') ?? '';
  const write = journal.begin({ request: sha256(body), contentType });
  const writer = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      write(chunk);
      controller.enqueue(chunk);
    },
    flush: () => write(new Uint8Array()),
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(writer), { status, statusText, headers });
}

/** True for a proxy's login or error page with status 200. */
function isHtml(response: Response): boolean {
  return response.ok && response.headers.get('content-type')?.includes('text/html') === true;
}

/** Refuses a web page. The SDK would take it for a stream without events. */
function refuseHtml(model: string, response: Response): void {
  if (isHtml(response)) throw new Failure('Model.NotAnAnswer', `${model}: a web page came instead of an answer`);
}

/** Matches the stream events that carry text, reasoning or arguments, in every protocol. */
const CONTENT_EVENT = /delta|"candidates"|"choices"/i;

function withByteCount(response: Response, count: (bytes: Uint8Array, isAnswer: boolean) => void): Response {
  if (response.body === null) return response;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      count(chunk, response.ok);
      controller.enqueue(chunk);
    },
  });
  const { status, statusText, headers } = response;
  return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
}
