/**
 * Makes one model call of a role and stores its answer at once, so that a retry of the activity finds the answer.
 */
import { Context } from '@temporalio/activity';
import { DEPTH_LIMIT, isTooDeep } from '../../domain/canonical';
import { Failure } from '../../domain/failures';
import { callKeyOf } from '../../domain/ids';
import { PHASE_OWNER } from '../../domain/roles';
import type { StoredCall } from '../../ports/documents';
import type { ModelReply, ModelRequest, RoleModel } from '../../ports/model';
import { fileLoader } from '../attachments';
import type { StepTask } from '../contract';
import type { Deps } from '../deps';
import { OUTPUT_SCHEMAS } from '../outputs';
import { reportStep } from '../progress';
import type { Caller } from './calls-in-flight';
import type { Conversation } from './conversation';
import { modelOf } from './diagnosis';
import { WINDOW_CHARS, fitWindow, halve } from './fit-window';
import { keepPaidFailure, paidIncompleteAnswers, logProviderError } from './paid-failures';

export interface Question {
  conversation: Conversation;
  tools: NonNullable<ModelRequest['tools']>;
}
export interface RoleReply {
  reply: ModelReply;
  /** The conversation as it was sent: shortened if the model's context was full. */
  conversation: Conversation;
}

/** Calls the role's model. A call that was answered before, even by a worker that died, is loaded by its key and not paid again. */
export async function askRole(deps: Deps, task: StepTask, question: Question): Promise<RoleReply> {
  const key = callKeyOf(task);
  const { calls = 0, inputTokens = null, outputTokens = null } = question.conversation.used ?? {};
  const used = { calls, input_tokens: inputTokens, output_tokens: outputTokens };
  const storedReply = await loadReply(deps, key, question);
  reportStep({ number: task.step, tool: null, path: null, model: storedReply?.reply.model ?? null, ...used });
  if (storedReply !== undefined) return storedReply;
  const model = modelOf(deps, task);
  reportStep({ model: model.id });
  return deps.modelCalls.join(key, callerOf(deps), {
    // Another try may have stored its answer since this one looked.
    ask: async (signal) =>
      (await loadReply(deps, key, question)) ?? sendUntilItFits(deps, task, { model, key, question, signal }),
    store: (answered) => storeReply(deps, task, answered),
  });
}

function callerOf({ builds }: Deps): Caller {
  const context = Context.current();
  const workflowId = context.info.workflowExecution?.workflowId ?? '';
  return {
    cancellationSignal: context.cancellationSignal,
    get cancellationDetails() {
      return context.cancellationDetails;
    },
    isWanted: async () => (await builds.see(workflowId))?.isRunning === true,
  };
}

async function loadReply(deps: Deps, key: string, { conversation }: Question): Promise<RoleReply | undefined> {
  const call = await deps.documents.load('calls', key);
  if (call?.paid !== undefined) deps.purse?.adopt(call.paid);
  return call && { reply: call.reply, conversation: await fitConversation(deps, conversation) };
}

async function storeReply(deps: Deps, task: StepTask, answered: RoleReply): Promise<RoleReply> {
  const key = callKeyOf(task);
  const prompt = deps.prompts.of(task.phase);
  const reply = markTooDeepCalls(await withPaidFailures(deps, key, answered.reply));
  // `guides` is the stored name of the files for agents that the first message shows.
  const { guides } = answered.conversation;
  const shownGuides = guides === undefined ? {} : { guides };
  const paid = await deps.purse?.paid();
  const cost = paid === undefined ? {} : { paid };
  const at = new Date().toISOString();
  const call: StoredCall = { reply, promptDigest: prompt.digest, ...shownGuides, ...cost, at };
  const { reply: firstReply } = await deps.documents.keepFirst('calls', key, call);
  await deps.journals.of(key).remove();
  return { reply: firstReply, conversation: answered.conversation };
}

interface Call {
  model: RoleModel;
  key: string;
  question: Question;
  signal: AbortSignal;
}

/** Sends the request, and shortens it if the model refuses it as too long. Such a refusal costs nothing. */
async function sendUntilItFits(deps: Deps, task: StepTask, call: Call): Promise<RoleReply> {
  const { model, key, question } = call;
  let conversation = await fitConversation(deps, question.conversation, model.windowChars);
  for (;;) {
    try {
      return { reply: await send(deps, task, { ...call, question: { ...question, conversation } }), conversation };
    } catch (error) {
      const shorterMessages = isTooLong(error) ? await halve(deps.artifacts, conversation.messages) : undefined;
      // An earlier model of the fallback chain may have been paid for an incomplete answer.
      const failure = await keepPaidFailure(deps, key, error);
      if (shorterMessages === undefined || !isTooLong(failure)) throw failure;
      conversation = { ...conversation, messages: shorterMessages, repeats: {} };
    }
  }
}

async function send(deps: Deps, task: StepTask, { model, key, question, signal }: Call): Promise<ModelReply> {
  const { phase, generation, attempt, step } = task;
  const { conversation, tools } = question;
  try {
    return await model.call({
      ...{ role: PHASE_OWNER[phase], phase, generation, attempt, step, tools },
      // A link is the index of a model in the fallback chain. Stored conversations have these names.
      ...{ messages: conversation.messages, link: conversation.link, lastLink: conversation.lastLink },
      system: deps.prompts.of(phase).text,
      schema: OUTPUT_SCHEMAS[phase],
      loadFile: fileLoader(deps),
      journal: deps.journals.of(key),
      purse: deps.purse,
      signal,
      idempotencyKey: key,
    });
  } catch (error) {
    await logProviderError(deps, key, error);
    throw error;
  }
}

async function fitConversation(
  deps: Deps,
  conversation: Conversation,
  windowChars = WINDOW_CHARS,
): Promise<Conversation> {
  const messages = await fitWindow(deps.artifacts, conversation.messages, windowChars);
  // The model may call a tool again for a result that was left out, so the counts of repeated calls start again.
  return messages === undefined ? conversation : { ...conversation, messages, repeats: {} };
}

function isTooLong(error: unknown): boolean {
  return error instanceof Failure && error.type === 'Model.ContextTooLong';
}

/** Marks a tool call as broken if its arguments are nested too deep to be stored; it is then not carried out. */
function markTooDeepCalls(reply: ModelReply): ModelReply {
  if (reply.kind !== 'tools' || !reply.toolCalls.some(({ input }) => isTooDeep(input))) return reply;
  const { native: _, ...rest } = reply;
  const toolCalls = reply.toolCalls.map((call) =>
    isTooDeep(call.input) ? { ...call, input: {}, broken: `they are nested deeper than ${DEPTH_LIMIT} levels` } : call,
  );
  return { ...rest, toolCalls };
}

/** Adds the earlier incomplete answers of this call to the reply's count: they were paid, and their tokens are not known. */
async function withPaidFailures(deps: Deps, key: string, reply: ModelReply): Promise<ModelReply> {
  const incompleteAnswers = await paidIncompleteAnswers(deps, key);
  if (incompleteAnswers === 0) return reply;
  const unknownCalls = (reply.usage.unknownCalls ?? 0) + incompleteAnswers;
  return { ...reply, calls: reply.calls + incompleteAnswers, usage: { ...reply.usage, unknownCalls } };
}

export function usageOf({ calls, usage }: ModelReply) {
  return { calls, ...usage };
}
