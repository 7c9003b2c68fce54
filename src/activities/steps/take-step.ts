/**
 * Runs one step of a role: at most one model call, then the tool calls or the final output of its answer.
 *
 * This file carries out tools; each phase decides by its `finish` what a final output means.
 */
import { Context } from '@temporalio/activity';
import type { Outcome } from '../../domain/build/outcome';
import { NOTHING_USED } from '../../domain/build/usage';
import { dataBlock } from '../../domain/context-blocks';
import { PHASE_OWNER } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import type { ModelMessage, ModelReply } from '../../ports/model';
import type { StepTask } from '../contract';
import type { Deps } from '../deps';
import { OUTPUT_SCHEMAS } from '../outputs';
import { reportStep } from '../progress';
import { resultsIn, seenIn, toolsFor, useTools } from '../tools';
import type { TreeAt } from '../../ports/workspace';
import { judgeStoredAnswer, keepHeldAnswer } from './adopt';
import { askRole, usageOf } from './ask-role';
import type { RoleReply } from './ask-role';
import { withPaid } from './paid-failures';
import { beginConversation, keepConversation, loadConversation, withMessages, withUsed } from './conversation';
import type { Conversation } from './conversation';
import { linksOf } from './diagnosis';
import type { Answer, PhaseDefinition } from './phase-definition';
import { askingOutcome, questionsLeft, questionsOf, withAnswers, withNotes, withNotesGiven } from './person-messages';
import { countRepeats } from './repeats';
import { askAgain, mayAskAgain } from './unusable';

export type { Answer, Opening, PhaseDefinition, Rejected } from './phase-definition';

export async function takeStep<P extends Phase>(
  deps: Deps,
  task: StepTask & { phase: P },
  definition: PhaseDefinition<P>,
): Promise<Outcome> {
  const context = { deps, task, definition };
  const storedConversation = await loadConversation(deps.artifacts, task.transcript);
  if (storedConversation !== null)
    return callRole(context, withNotes(withAnswers(storedConversation, task.answers), task.notes));
  const opening = await definition.open();
  if ('outcome' in opening) return opening.outcome;
  const { prepared, commit } = opening;
  const conversation = withNotes(beginConversation(opening, prepared), task.notes);
  // Store the measurement first, so that it is not repeated while the provider fails.
  const tree = commit ?? definition.at.commit;
  if (prepared !== undefined)
    return withNotesGiven(await stepOutcome(context, { conversation, tree, reply: null }), task.notes);
  return callRole(context, conversation);
}

export interface StepContext<P extends Phase> {
  deps: Deps;
  task: StepTask & { phase: P };
  definition: PhaseDefinition<P>;
}

async function callRole<P extends Phase>(context: StepContext<P>, conversation: Conversation): Promise<Outcome> {
  const { deps, task } = context;
  const storedOutcome = await judgeStoredAnswer(context, conversation);
  if (storedOutcome !== undefined) return storedOutcome;
  const tools = toolsFor(PHASE_OWNER[task.phase], task.phase);
  const answered = await askRole(deps, task, { conversation, tools });
  try {
    return withNotesGiven(await handleReply(context, answered), task.notes);
  } catch (error) {
    throw withPaid(error, answered.reply);
  }
}

async function handleReply<P extends Phase>(
  context: StepContext<P>,
  { reply, conversation }: RoleReply,
): Promise<Outcome> {
  const { definition } = context;
  switch (reply.kind) {
    case 'tools':
      return carryOutTools(context, conversation, reply);
    case 'unusable':
      return askForBetterAnswer(context, { conversation, reply, ...reply, tree: definition.at.commit });
    case 'output':
      return finish(context, conversation, reply);
  }
}

async function carryOutTools<P extends Phase>(
  context: StepContext<P>,
  conversation: Conversation,
  reply: ModelReply & { kind: 'tools' },
): Promise<Outcome> {
  const { deps, task, definition } = context;
  const { text, toolCalls, native } = reply;
  const { at, base, overrides } = definition;
  const toolResults = await useTools(
    {
      ...{ deps, task, role: PHASE_OWNER[task.phase], phase: task.phase, at, base, overrides },
      questionsLeft: questionsLeft(conversation),
      ...{
        seen: seenIn(conversation.messages, definition.seen?.(conversation)),
        results: resultsIn(conversation.messages),
        signal: Context.current().cancellationSignal,
      },
      onCall: ({ tool, path }: { tool: string; path?: string }) => reportStep({ tool, path: path ?? null }),
      mayWrite: definition.mayWrite?.(conversation),
    },
    toolCalls,
  );
  const touched = [...new Set([...conversation.touched, ...toolResults.touched])];
  const isChanged = await hasOtherContent(deps, at, toolResults.commit);
  const { repeats, results } = countRepeats(conversation.repeats, {
    calls: toolCalls,
    results: toolResults.results,
    isChanged,
    limit: task.stuck?.after,
  });
  const more: ModelMessage[] = [
    { from: 'model', text, toolCalls, native },
    { from: 'tools', results },
  ];
  const questions = questionsOf(task, toolResults.questions, reply.model);
  const asked = [...(conversation.asked ?? []), ...questions.map(({ id, callId }) => ({ id, callId }))];
  const asking = questions.length === 0 ? {} : { asked };
  return stepOutcome(context, {
    conversation: { ...withMessages(conversation, more), repeats, touched, lastLink: reply.link, ...asking },
    ...{ tree: toolResults.commit, reply, questions },
  });
}

async function hasOtherContent({ workspace }: Deps, at: TreeAt, commit: string): Promise<boolean> {
  return at.commit !== commit && (await workspace.contentChanges(at, at.commit, commit)).length > 0;
}

async function finish<P extends Phase>(
  context: StepContext<P>,
  conversation: Conversation,
  reply: ModelReply & { kind: 'output' },
): Promise<Outcome> {
  const { deps, task, definition } = context;
  const output = OUTPUT_SCHEMAS[task.phase].parse(reply.output) as Answer<P>['output'];
  // A script cannot give a better answer.
  const mayReject = !reply.scripted && mayAskAgain(conversation, linksOf(context.deps, context.task));
  const answer = {
    output,
    by: reply.model,
    usage: usageOf(reply),
    tree: definition.at.commit,
    conversation,
    mayReject,
    isScripted: reply.scripted,
  };
  const outcome = await definition.finish(answer);
  if (outcome.kind !== 'rejected') {
    await keepHeldAnswer(deps, task, outcome);
    return outcome;
  }
  const { reasons, published } = outcome;
  const conversationWithCommit = published === undefined ? conversation : { ...conversation, published };
  const summary = reasons.join('; ').slice(0, 600);
  const tree = published ?? definition.at.commit;
  return askForBetterAnswer(context, {
    conversation: conversationWithCommit,
    reply,
    tree,
    summary,
    text: JSON.stringify(output),
    says: rejectionText(reasons),
  });
}

function rejectionText(reasons: string[]): string {
  const list = dataBlock('rejected_because', JSON.stringify(reasons, null, 1));
  return `Your answer was rejected. The following data gives the reasons.\n\n${list}\n\nMend what they name, with your tools if you have some, and give the whole answer again in the same way as before.`;
}

async function askForBetterAnswer<P extends Phase>(
  context: StepContext<P>,
  unusable: {
    conversation: Conversation;
    reply: ModelReply;
    tree: string;
    text: string;
    says: string;
    summary: string;
  },
): Promise<Outcome> {
  const { conversation, reply, tree, text, says, summary } = unusable;
  const answer = { from: 'model' as const, text, toolCalls: [] };
  const extended = askAgain(
    conversation,
    { answer, link: reply.link ?? 0, says, summary },
    { by: reply.model, links: linksOf(context.deps, context.task) },
  );
  return stepOutcome(context, { conversation: extended, tree, reply });
}

/** `questions`: what the role asked a person in this step. */
interface StepResult {
  conversation: Conversation;
  tree: string;
  reply: ModelReply | null;
  questions?: ReturnType<typeof questionsOf>;
}

async function stepOutcome<P extends Phase>(
  { deps, task, definition }: StepContext<P>,
  { conversation, tree, reply, questions = [] }: StepResult,
): Promise<Outcome> {
  const updated = reply === null ? conversation : withUsed(conversation, usageOf(reply));
  const transcript = await keepConversation(deps.artifacts, updated);
  const common = { kind: 'step' as const, transcript, tree, base: definition.setsBase ? definition.base : null };
  if (reply === null) return { ...common, isPrepared: true, usage: NOTHING_USED };
  if (questions.length > 0)
    return askingOutcome(task, questions, { ...common, by: reply.model, usage: usageOf(reply) });
  return { ...common, usage: usageOf(reply) };
}
