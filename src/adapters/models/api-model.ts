/**
 * Calls a model over an HTTP API: each call gives at most one paid answer, or one failure of the closed list.
 *
 * It does not retry; the caller and Temporal do. It repeats a request only in another form, after the server has refused the first
 * form without charge.
 */
import { Failure } from '../../domain/failures';
import { sha256 } from '../../inspect/digest';
import type { HeardAnswer } from '../../ports/answer-journal';
import type { ModelReply, ModelRequest, RoleModel } from '../../ports/model';
import { askOnce } from './ask-once';
import type { Turn } from './ask-once';
import { newIdsFor } from './call-ids';
import { createFormMemory } from './forms';
import type { FormMemory, Refused } from './forms';
import type { Form } from './forms-list';
import { judgeTurn } from './judge-turn';
import { kindsOf, removableKinds, saysNoSuchFiles, withoutFiles } from './files';
import { nativeTurn, withNewIds } from './native';
import type { SdkConnection } from './provider';
import type { CallLimits } from './settings';
import { cutAnswer, notJson } from './unusable';
import { withLost } from './usage';
import { watchCall } from './watch';
import type { CallWatch } from './watch';
import { learnedWindow, windowOf } from './window';

interface ApiModel {
  id: string;
  /** Returns the current connection; keys may change while the worker runs. Throws Failure. */
  connect(): { connection: SdkConnection; secrets: readonly string[] };
  limits: CallLimits;
  /** Logs a line about what the server does not accept. */
  say?: ((line: string) => void) | undefined;
}

interface Learned {
  forms: FormMemory;
  windowChars: number | undefined;
  /** Media types that the server does not accept, in any form. */
  refusedFiles: Set<string>;
}

export function createApiModel(api: ApiModel): RoleModel {
  const { tuning = {}, defaultOutputTokens } = api.connect().connection;
  const learned: Learned = {
    forms: createFormMemory({ id: api.id, chosen: tuning.form }, (line) => api.say?.(`${api.id}: ${line}`)),
    windowChars: windowOf(tuning.contextWindow, tuning.maxOutputTokens ?? defaultOutputTokens),
    refusedFiles: new Set(),
  };
  return {
    id: api.id,
    scripted: false,
    get windowChars() {
      return learned.windowChars;
    },
    async call(request) {
      request.signal.throwIfAborted();
      const journaled = (await request.journal?.load()) ?? [];
      for (const answer of journaled) {
        const reply = await readJournaled({ api, learned }, request, answer);
        if (reply !== undefined) return reply;
      }
      const { journal, signal: caller, idempotencyKey } = request;
      const watch = watchCall({ model: api.id, caller, limits: api.limits, journal, idempotencyKey });
      try {
        // An answer that a killed worker received in part may have been charged, too.
        return withLost(await askWithFiles({ api, learned, watch }, request), journaled.length);
      } catch (error) {
        // The journal is needed only after a killed worker. This call ended with a known failure.
        await journal?.remove();
        throw error;
      } finally {
        watch.stop();
      }
    },
  };
}

interface Call {
  api: ApiModel;
  learned: Learned;
  watch: CallWatch;
}

/**
 * Reads an answer that a killed worker had received, as if the server sent it now. Returns undefined if the answer is incomplete, or
 * belongs to another request.
 */
async function readJournaled(
  { api, learned }: Omit<Call, 'watch'>,
  request: ModelRequest,
  journaled: HeardAnswer,
): Promise<ModelReply | undefined> {
  const limits = {
    ...api.limits,
    fetch: async (_url: unknown, init?: RequestInit) => toResponse(journaled, init?.body),
  };
  const watch = watchCall({ model: api.id, caller: request.signal, limits });
  try {
    return await askWithFiles({ api, learned, watch }, request);
  } catch {
    request.signal.throwIfAborted();
    return undefined;
  } finally {
    watch.stop();
  }
}

/** Answers with the journaled response. A request with another body gets a refusal, so that the caller tries its next form. */
function toResponse({ request, contentType, body }: HeardAnswer, asked: unknown): Response {
  const isSame = typeof asked === 'string' && sha256(asked) === request;
  if (!isSame) return new Response('grammar, tools, response_format: not asked so', { status: 400 });
  return new Response(new Uint8Array(body), { status: 200, headers: { 'content-type': contentType } });
}

/** Calls the model with the request's files, and without those that its server refuses. The prompt then names the missing files. */
async function askWithFiles(call: Call, request: ModelRequest): Promise<ModelReply> {
  const { refusedFiles } = call.learned;
  const acceptedRequest = withoutFiles(request, refusedFiles);
  try {
    return await askInForms(call, acceptedRequest);
  } catch (error) {
    if (!isBadRequest(error)) throw error;
    // The server may have refused the request because of its files: try again with fewer of them.
    for (const kinds of removableKinds(kindsOf(acceptedRequest))) {
      const reply = await undefinedIfRefused(askInForms(call, withoutFiles(acceptedRequest, new Set(kinds))));
      if (reply === undefined) continue;
      recordRefusedFiles(call, kinds, saysNoSuchFiles(error.detail ?? ''));
      return reply;
    }
    throw error;
  }
}

function isBadRequest(error: unknown): error is Failure {
  return error instanceof Failure && error.type === 'Model.BadRequest';
}

async function undefinedIfRefused(asked: Promise<ModelReply>): Promise<ModelReply | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isBadRequest(error)) return undefined;
    throw error;
  }
}

/** `isKnown`: the server said that it takes no files of these types. Otherwise only one of these files may be unreadable. */
function recordRefusedFiles({ api, learned }: Call, kinds: string[], isKnown: boolean): void {
  if (isKnown) for (const kind of kinds) learned.refusedFiles.add(kind);
  const which = isKnown ? 'requests go out without them from now on' : 'this request went out without them';
  api.say?.(`${api.id}: the server refuses files of ${kinds.join(', ')}; ${which}`);
}

async function askInForms({ api, learned, watch }: Call, request: ModelRequest): Promise<ModelReply> {
  const { connection, secrets } = api.connect();
  const model = connection.open(watch.fetch);
  const refused: Refused[] = [];
  let refusal: Failure | undefined;
  for (const attempt of learned.forms.attemptsFor(request, connection.limits ?? 'words')) {
    // A server that refuses a form refuses it with any limits.
    if (refused.some(({ form, of: cause }) => form === attempt.form && cause === 'form')) continue;
    const outcome = await askOnce({ id: api.id, model, connection, request, attempt, watch, secrets });
    if ('turn' in outcome) {
      learned.forms.recordAccepted(attempt, refused, request);
      return replyOf({ id: api.id, connection, form: attempt.form }, outcome.turn, request);
    }
    const { failure } = outcome;
    if (failure.type === 'Model.ContextTooLong') learned.windowChars = reducedWindow(learned, request, failure);
    const cause = learned.forms.refusalOf(attempt, outcome, request);
    if (cause === undefined) throw failure;
    refused.push({ ...attempt, of: cause });
    refusal = failure;
  }
  throw refusal ?? new Failure('Model.BadRequest', `${api.id}: the server refuses requests in every form`);
}

function reducedWindow({ windowChars }: Learned, request: ModelRequest, { detail }: Failure): number {
  return Math.min(windowChars ?? Infinity, learnedWindow(request, detail));
}

interface ReplyContext {
  id: string;
  connection: SdkConnection;
  form: Form;
}

function replyOf({ id, connection, form }: ReplyContext, turn: Turn, request: ModelRequest): ModelReply {
  const { tuning = {}, defaultOutputTokens, restore } = connection;
  const base = { model: id, scripted: false, usage: turn.usage, calls: 1 };
  const way = form === 'tools' ? 'finish' : 'json';
  if (turn.isCut) return { ...base, ...cutAnswer(tuning.maxOutputTokens ?? defaultOutputTokens, way) };
  if (turn.isMalformed) return { ...base, ...notJson(turn.text, 'broken', way) };
  const toolCalls = withNewIds(turn.toolCalls, newIdsFor(turn.toolCalls, request.messages));
  const judged = judgeTurn({ text: turn.text, toolCalls }, request, way);
  if (judged.kind !== 'tools') return { ...base, ...judged };
  const native = nativeTurn({ model: id, parts: turn.native, toolCalls, restore });
  return { ...base, ...judged, ...(native === undefined ? {} : { native }) };
}
