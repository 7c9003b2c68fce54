/**
 * A model behind an HTTP API: one call, at most one paid answer, or one failure of the closed list.
 *
 * It never tries again by itself (the caller and Temporal do), but for another form where the server refused one unpaid.
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
import { kindsOf, leavable, saysNoSuchFiles, withoutFiles } from './files';
import { nativeTurn, renamed } from './native';
import type { SdkConnection } from './provider';
import type { CallLimits } from './settings';
import { cutAnswer, notJson } from './unusable';
import { withLost } from './usage';
import { watchCall } from './watch';
import type { CallWatch } from './watch';
import { learnedWindow, windowOf } from './window';

interface ApiModel {
  id: string;
  /** As it is now: keys change while the worker runs. Throws Failure. */
  connect(): { connection: SdkConnection; secrets: readonly string[] };
  limits: CallLimits;
  /** Is told what was learned of the server. */
  say?: ((line: string) => void) | undefined;
}

interface Learned {
  forms: FormMemory;
  windowChars: number | undefined;
  /** Kinds of files that the server refused as such, with every form. */
  refusedFiles: Set<string>;
}

export function createApiModel(api: ApiModel): RoleModel {
  const { tuning = {}, leastOutputTokens } = api.connect().connection;
  const learned: Learned = {
    forms: createFormMemory({ id: api.id, chosen: tuning.form }, (line) => api.say?.(`${api.id}: ${line}`)),
    windowChars: windowOf(tuning.contextWindow, tuning.maxOutputTokens ?? leastOutputTokens),
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
      const heard = (await request.journal?.load()) ?? [];
      for (const answer of heard) {
        const reply = await readHeard({ api, learned }, request, answer);
        if (reply !== undefined) return reply;
      }
      const { journal, signal: caller, idempotencyKey } = request;
      const watch = watchCall({ model: api.id, caller, limits: api.limits, journal, idempotencyKey });
      try {
        // Answers that a killed worker had heard in part may have been paid, too.
        return withLost(await askWithFiles({ api, learned, watch }, request), heard.length);
      } catch (error) {
        // It is known what became of this answer; only a killed worker leaves that open.
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

/** An answer that a killed worker had heard whole is read as if it came now; undefined where it is not whole, or is another's. */
async function readHeard(
  { api, learned }: Omit<Call, 'watch'>,
  request: ModelRequest,
  heard: HeardAnswer,
): Promise<ModelReply | undefined> {
  const limits = { ...api.limits, fetch: async (_url: unknown, init?: RequestInit) => answerOf(heard, init?.body) };
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

/** In a form or with limits that were not asked in, it is a refusal: the next attempt is tried. */
function answerOf({ request, contentType, body }: HeardAnswer, asked: unknown): Response {
  const isSame = typeof asked === 'string' && sha256(asked) === request;
  if (!isSame) return new Response('grammar, tools, response_format: not asked so', { status: 400 });
  return new Response(new Uint8Array(body), { status: 200, headers: { 'content-type': contentType } });
}

/** A model that takes no images works from the words alone, and is told what it is not shown. */
async function askWithFiles(call: Call, request: ModelRequest): Promise<ModelReply> {
  const { refusedFiles } = call.learned;
  const asked = withoutFiles(request, refusedFiles);
  try {
    return await askInForms(call, asked);
  } catch (error) {
    if (!isBadRequest(error)) throw error;
    // The same request without some of them shows whether it was refused for them.
    for (const kinds of leavable(kindsOf(asked))) {
      const reply = await unlessRefused(askInForms(call, withoutFiles(asked, new Set(kinds))));
      if (reply === undefined) continue;
      tellRefused(call, kinds, saysNoSuchFiles(error.detail ?? ''));
      return reply;
    }
    throw error;
  }
}

function isBadRequest(error: unknown): error is Failure {
  return error instanceof Failure && error.type === 'Model.BadRequest';
}

async function unlessRefused(asked: Promise<ModelReply>): Promise<ModelReply | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isBadRequest(error)) return undefined;
    throw error;
  }
}

/** `isKnown`: the server's words say that it takes no such files; else one of these files may be wrong, and others are not. */
function tellRefused({ api, learned }: Call, kinds: string[], isKnown: boolean): void {
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
    // A form that is refused as such is refused with other limits, too.
    if (refused.some(({ form, of }) => form === attempt.form && of === 'form')) continue;
    const outcome = await askOnce({ id: api.id, model, connection, request, attempt, watch, secrets });
    if ('turn' in outcome) {
      learned.forms.took(attempt, refused, request);
      return replyOf({ id: api.id, connection, form: attempt.form }, outcome.turn, request);
    }
    const { failure } = outcome;
    if (failure.type === 'Model.ContextTooLong') learned.windowChars = shorter(learned, request, failure);
    const of = learned.forms.refusalOf(attempt, outcome, request);
    if (of === undefined) throw failure;
    refused.push({ ...attempt, of });
    refusal = failure;
  }
  throw refusal ?? new Failure('Model.BadRequest', `${api.id}: the server takes requests in no form`);
}

function shorter({ windowChars }: Learned, request: ModelRequest, { detail }: Failure): number {
  return Math.min(windowChars ?? Infinity, learnedWindow(request, detail));
}

interface Answered {
  id: string;
  connection: SdkConnection;
  form: Form;
}

function replyOf({ id, connection, form }: Answered, turn: Turn, request: ModelRequest): ModelReply {
  const { tuning = {}, leastOutputTokens, restore } = connection;
  const base = { model: id, scripted: false, usage: turn.usage, calls: 1 };
  const way = form === 'tools' ? 'finish' : 'json';
  if (turn.isCut) return { ...base, ...cutAnswer(tuning.maxOutputTokens ?? leastOutputTokens, way) };
  if (turn.isMalformed) return { ...base, ...notJson(turn.text, 'broken', way) };
  const toolCalls = renamed(turn.toolCalls, newIdsFor(turn.toolCalls, request.messages));
  const judged = judgeTurn({ text: turn.text, toolCalls }, request, way);
  if (judged.kind !== 'tools') return { ...base, ...judged };
  const native = nativeTurn({ model: id, parts: turn.native, toolCalls, restore });
  return { ...base, ...judged, ...(native === undefined ? {} : { native }) };
}
