/**
 * The watch over one call: total time, idle time, bytes, and the caller's own cancellation.
 *
 * It sits below the SDK, in `fetch`, because there every byte passes, those of an error page included.
 */
import { Failure } from '../../domain/failures';
import { sha256 } from '../../inspect/digest';
import type { AnswerJournal } from '../../ports/answer-journal';
import type { Fetch } from './provider';
import type { CallLimits } from './settings';

export interface CallWatch {
  /** Aborts with the caller or with the watch. */
  signal: AbortSignal;
  fetch: Fetch;
  /**
   * True as soon as a part of an answer is on the wire. An error overtakes what the SDK has not passed on yet, so its
   * parts do not say whether the call is paid for.
   */
  hasContent(): boolean;
  /** Throws the caller's abort, or the watch's failure. Needed after the stream too: an aborted one may end without an error. */
  throwIfEnded(): void;
  /** Why the watch ended the call, where it did. Throws the caller's abort. */
  failure(): Failure | undefined;
  /** Ends timers and whatever connection is still open. */
  stop(): void;
}

export function watchCall(input: {
  model: string;
  caller: AbortSignal;
  limits: CallLimits;
  journal?: AnswerJournal | undefined;
  /** Of the call: each body that goes out for it has a key of its own. */
  idempotencyKey?: string | undefined;
}): CallWatch {
  const { model, caller, limits, journal } = input;
  const own = new AbortController();
  const after = (ms: number, words: string) =>
    setTimeout(() => own.abort(new Failure('Model.Timeout', `${model}: ${words} ${ms} ms`)), ms);
  const total = after(limits.timeoutMs, 'the call took longer than');
  let idle: NodeJS.Timeout | undefined;
  const heard = () => {
    clearTimeout(idle);
    if (!own.signal.aborted) idle = after(limits.idleTimeoutMs, 'nothing was heard for');
  };
  let bytes = 0;
  let hasContent = false;
  const count = (arrived: Uint8Array, isAnswer: boolean) => {
    bytes += arrived.byteLength;
    hasContent ||= isAnswer && CONTENT.test(Buffer.from(arrived).toString('latin1'));
    if (bytes > limits.maxBytes)
      own.abort(new Failure('Model.TooLarge', `${model}: the answer is larger than ${limits.maxBytes} bytes`));
    heard();
  };
  return {
    signal: AbortSignal.any([caller, own.signal]),
    async fetch(url, init) {
      heard();
      const response = await (limits.fetch ?? fetch)(url, withKey(input, init));
      refuseHtml(model, response);
      return counted(journaled(response, init?.body, journal), count);
    },
    hasContent: () => hasContent,
    throwIfEnded() {
      caller.throwIfAborted();
      own.signal.throwIfAborted();
    },
    failure() {
      caller.throwIfAborted();
      return own.signal.reason instanceof Failure ? own.signal.reason : undefined;
    },
    stop() {
      clearTimeout(total);
      own.abort();
      clearTimeout(idle);
    },
  };
}

/**
 * One call may send several bodies: in other forms, without files, shorter, to other models. A provider that gets one key with two
 * bodies refuses the second, or answers it as the first. Set here, where the body is whole and a signature of the headers is made.
 */
function withKey(
  { model, idempotencyKey: key }: { model: string; idempotencyKey?: string | undefined },
  init: RequestInit | undefined,
): RequestInit | undefined {
  if (key === undefined) return init;
  const headers = new Headers(init?.headers);
  const body = typeof init?.body === 'string' ? init.body : '';
  // Some providers have the model's name in the address only.
  headers.set('Idempotency-Key', `${key}.${sha256(`${model}\n${body}`).slice(0, 12)}`);
  return { ...init, headers: Object.fromEntries(headers) };
}

/** Refusals are no answers. */
function journaled(response: Response, body: unknown, journal: AnswerJournal | undefined): Response {
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

/** A proxy's login or error page with status 200; to the SDK it would be a stream without events. */
function refuseHtml(model: string, response: Response): void {
  if (response.ok && response.headers.get('content-type')?.includes('text/html'))
    throw new Failure('Model.NotAnAnswer', `${model}: a web page came instead of an answer`);
}

/** In the events of each protocol that carry text, reasoning or arguments. */
const CONTENT = /delta|"candidates"|"choices"/i;

function counted(response: Response, count: (bytes: Uint8Array, isAnswer: boolean) => void): Response {
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
