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
import type { Outcome, Question, Turn } from './ask-once';
import { newIdsFor } from './call-ids';
import { createFormMemory } from './forms';
import type { FormMemory, RefusedAttempt } from './forms';
import type { Form } from './forms-list';
import { judgeTurn } from './judge-turn';
import { countFiles, kindsOf, removableKinds, saysNoSuchFiles, withoutFiles } from './files';
import { nativeTurn, withNewIds } from './native';
import { mostOutputTokens, outputLimitOf, smallerLimit } from './output-limit';
import { createPaidRequests } from './paid-requests';
import type { PaidRequests } from './paid-requests';
import type { SdkConnection } from './provider';
import type { Route } from './routing';
import type { CallLimits } from './settings';
import { cutAnswer, notJson } from './unusable';
import { withLostCalls } from './usage';
import { watchCall } from './watch';
import type { CallWatch } from './watch';
import { learnedWindow, windowOf } from './window';

interface ApiModel {
  id: string;
  /** Returns the current connection; keys may change while the worker runs. Throws Failure. */
  connect(): { connection: SdkConnection; secrets: readonly string[] };
  limits: CallLimits;
  /** Holds requests back while the provider is down or its pace is reached. Absent: each request is sent at once. */
  route?: Route | undefined;
  /** Logs a line about what the server does not accept. */
  say?: ((line: string) => void) | undefined;
}

interface ServerKnowledge {
  forms: FormMemory;
  windowChars: number | undefined;
  /** A bound of output tokens that the server takes, after it refused a larger one. */
  outputTokens: number | undefined;
  /** Media types that the server does not accept, in any form. */
  refusedFiles: Set<string>;
}

export function createApiModel(api: ApiModel): RoleModel {
  const { tuning = {}, defaultOutputTokens } = api.connect().connection;
  const knowledge: ServerKnowledge = {
    forms: createFormMemory({ id: api.id, fixedForm: tuning.form }, (line) => api.say?.(`${api.id}: ${line}`)),
    windowChars: windowOf(tuning.contextWindow, tuning.maxOutputTokens ?? defaultOutputTokens),
    outputTokens: undefined,
    refusedFiles: new Set(),
  };
  return {
    id: api.id,
    scripted: false,
    get windowChars() {
      return knowledge.windowChars;
    },
    async call(request) {
      request.signal.throwIfAborted();
      const journaled = (await request.journal?.load()) ?? [];
      for (const answer of journaled) {
        const reply = await readJournaled({ api, knowledge }, request, answer);
        if (reply === undefined) continue;
        await request.purse?.settleEarlier(answer.request, reply.usage);
        return reply;
      }
      const { journal, signal: caller, idempotencyKey } = request;
      const paid = createPaidRequests(request.purse, () => factsOf({ api, knowledge }, request));
      const watch = watchCall({ model: api.id, caller, limits: api.limits, journal, paid, idempotencyKey });
      try {
        // An answer that a killed worker received in part may have been charged, too.
        return withLostCalls(await askWithFiles({ api, knowledge, watch, paid }, request), journaled.length);
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
  knowledge: ServerKnowledge;
  watch: CallWatch;
  paid: PaidRequests;
}

/** What the cost of a request depends on, beside its body. */
function factsOf({ api, knowledge }: Pick<Call, 'api' | 'knowledge'>, request: ModelRequest) {
  const { connection } = api.connect();
  const limit = outputLimitOf(connection, request, knowledge.outputTokens);
  const outputTokens = mostOutputTokens(connection, limit);
  return { model: api.id, files: countFiles(request), outputTokens, timeoutMs: api.limits.timeoutMs };
}

/**
 * Reads an answer that a killed worker had received, as if the server sent it now. Returns undefined if the answer is incomplete, or
 * belongs to another request.
 */
async function readJournaled(
  { api, knowledge }: Omit<Call, 'watch' | 'paid'>,
  request: ModelRequest,
  journaled: HeardAnswer,
): Promise<ModelReply | undefined> {
  const limits = {
    ...api.limits,
    fetch: async (_url: unknown, init?: RequestInit) => toResponse(journaled, init?.body),
  };
  const watch = watchCall({ model: api.id, caller: request.signal, limits });
  try {
    // No request is sent: nothing is paid, the server refuses no bound, and neither breaker nor pace counts it.
    const paid = createPaidRequests(undefined, () => factsOf({ api, knowledge }, request));
    return await askWithFiles({ api: { ...api, route: undefined }, knowledge: { ...knowledge }, watch, paid }, request);
  } catch {
    request.signal.throwIfAborted();
    return undefined;
  } finally {
    watch.stop();
  }
}

/** Answers with the journaled response. A request with another body gets a refusal, so that the caller tries its next form. */
function toResponse({ request, contentType, body }: HeardAnswer, requestBody: unknown): Response {
  const isSame = typeof requestBody === 'string' && sha256(requestBody) === request;
  if (!isSame) return new Response('grammar, tools, response_format, max_tokens: not asked so', { status: 400 });
  return new Response(new Uint8Array(body), { status: 200, headers: { 'content-type': contentType } });
}

/** Calls the model with the request's files, and without those that its server refuses. The prompt then names the missing files. */
async function askWithFiles(call: Call, request: ModelRequest): Promise<ModelReply> {
  const { refusedFiles } = call.knowledge;
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

async function undefinedIfRefused(pendingReply: Promise<ModelReply>): Promise<ModelReply | undefined> {
  try {
    return await pendingReply;
  } catch (error) {
    if (isBadRequest(error)) return undefined;
    throw error;
  }
}

/** `isKnown`: the server said that it takes no files of these types. Otherwise only one of these files may be unreadable. */
function recordRefusedFiles({ api, knowledge }: Call, kinds: string[], isKnown: boolean): void {
  if (isKnown) for (const kind of kinds) knowledge.refusedFiles.add(kind);
  const consequence = isKnown ? 'requests go out without them from now on' : 'this request went out without them';
  api.say?.(`${api.id}: the server refuses files of ${kinds.join(', ')}; ${consequence}`);
}

async function askInForms(call: Call, request: ModelRequest): Promise<ModelReply> {
  const { api, knowledge, watch, paid } = call;
  const { connection, secrets } = api.connect();
  const model = connection.open(watch.fetch);
  const refusedAttempts: RefusedAttempt[] = [];
  let refusal: Failure | undefined;
  for (const attempt of knowledge.forms.attemptsFor(request, connection.limits ?? 'words')) {
    // A server that refuses a form refuses it with any limits.
    if (refusedAttempts.some(({ form, cause }) => form === attempt.form && cause === 'form')) continue;
    const question = { id: api.id, model, connection, request, attempt, watch, paid, secrets };
    const outcome = await askWithinOutput(call, question);
    if ('turn' in outcome) {
      knowledge.forms.recordAccepted(attempt, refusedAttempts, request);
      const { tokens } = outputLimitOf(connection, request, knowledge.outputTokens);
      return replyOf({ id: api.id, connection, form: attempt.form, outputTokens: tokens }, outcome.turn, request);
    }
    const { failure } = outcome;
    if (failure.type === 'Model.ContextTooLong') knowledge.windowChars = reducedWindow(knowledge, request, failure);
    const cause = knowledge.forms.refusalOf(attempt, outcome, request);
    if (cause === undefined) throw failure;
    refusedAttempts.push({ ...attempt, cause });
    refusal = failure;
  }
  throw refusal ?? new Failure('Model.BadRequest', `${api.id}: the server refuses requests in every form`);
}

/** Asks with a bound of output tokens that the server takes: a refusal of a larger one costs nothing. */
async function askWithinOutput(
  { api, knowledge }: Pick<Call, 'api' | 'knowledge'>,
  question: Omit<Question, 'maxOutputTokens'>,
): Promise<Outcome> {
  for (;;) {
    const limit = outputLimitOf(question.connection, question.request, knowledge.outputTokens);
    const ask = () => askOnce({ ...question, maxOutputTokens: limit.tokens });
    const outcome = await (api.route === undefined ? ask() : api.route.send(question.request, ask));
    const smaller = 'failure' in outcome ? smallerLimit(limit, outcome.failure) : undefined;
    if (smaller === undefined) return outcome;
    knowledge.outputTokens = smaller;
    api.say?.(`${api.id}: the server refuses ${limit.tokens} output tokens; requests name ${smaller} from now on`);
  }
}

function reducedWindow({ windowChars }: ServerKnowledge, request: ModelRequest, { detail }: Failure): number {
  return Math.min(windowChars ?? Infinity, learnedWindow(request, detail));
}

interface ReplyContext {
  id: string;
  connection: SdkConnection;
  form: Form;
  outputTokens: number | undefined;
}

function replyOf({ id, connection, form, outputTokens }: ReplyContext, turn: Turn, request: ModelRequest): ModelReply {
  const { restore } = connection;
  const common = { model: id, scripted: false, usage: turn.usage, calls: 1 };
  const way = form === 'tools' ? 'finish' : 'json';
  if (turn.isCut) return { ...common, ...cutAnswer(outputTokens, way) };
  if (turn.isMalformed) return { ...common, ...notJson(turn.text, 'broken', way) };
  const toolCalls = withNewIds(turn.toolCalls, newIdsFor(turn.toolCalls, request.messages));
  const judgement = judgeTurn({ text: turn.text, toolCalls }, request, way);
  if (judgement.kind !== 'tools') return { ...common, ...judgement };
  const native = nativeTurn({ model: id, parts: turn.native, toolCalls, restore });
  return { ...common, ...judgement, ...(native === undefined ? {} : { native }) };
}
