/**
 * Runs one step of a role: at most one model call, then the tool calls or the final output of its answer.
 *
 * This file carries out tools; each phase decides by its `finish` what a final output means.
 */
import type { z } from 'zod';
import { Context } from '@temporalio/activity';
import type { Outcome } from '../../domain/build/outcome';
import { NOTHING_USED } from '../../domain/build/usage';
import { dataBlock } from '../../domain/context-blocks';
import { PHASE_OWNER } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import type { ProjectOverrides } from '../../ports/checkouts';
import type { ModelMessage, ModelReply } from '../../ports/model';
import type { TreeAt } from '../../ports/workspace';
import type { StepTask } from '../contract';
import type { Deps } from '../deps';
import { OUTPUT_SCHEMAS } from '../outputs';
import type { FirstMessage } from '../role-context';
import { reportStep } from '../progress';
import { resultsIn, seenIn, toolsFor, useTools } from '../tools';
import type { ToolContext } from '../tools';
import { judgeStoredAnswer, keepHeldAnswer } from './adopt';
import { askRole, usageOf } from './ask-role';
import type { RoleReply } from './ask-role';
import { withPaid } from './paid-failures';
import { beginConversation, keepConversation, loadConversation, withMessages, withUsed } from './conversation';
import type { Conversation } from './conversation';
import { linksOf } from './diagnosis';
import { countRepeats } from './repeats';
import { askAgain, mayAskAgain } from './unusable';

/** The part of a role's conversation that each phase defines. */
export interface PhaseDefinition<P extends Phase> {
  /** The commit that the role reads and changes. */
  at: TreeAt;
  /** The build's base commit. */
  base: string;
  /** True if the outcome of this phase sets the build's base commit. */
  setsBase: boolean;
  overrides: ProjectOverrides;
  /** Gives the rule that refuses paths which the role must not change. */
  mayWrite?: (conversation: Conversation) => ToolContext['mayWrite'];
  /** Gives the files that the first message shows whole. */
  seen?: (conversation: Conversation) => ToolContext['seen'];
  /** Gives the first message; or an outcome, where the phase ends without a model call. */
  open(): Promise<Opening>;
  /** Gives the phase's outcome; or, where `mayReject` is true, the reasons for which the role must answer again. */
  finish(answer: Answer<P>): Promise<Outcome | Rejected>;
}
export type Opening =
  | (FirstMessage & {
      /** JSON that took long to measure: stored before the model call. */
      prepared?: unknown;
      /** The commit that the role works on, if it differs from the one at which the phase began. */
      commit?: string | null;
    })
  | { outcome: Outcome };
export interface Answer<P extends Phase> {
  output: z.infer<(typeof OUTPUT_SCHEMAS)[P]>;
  by: string;
  usage: Outcome['usage'];
  /** The draft commit with all changes of the role. */
  tree: string;
  conversation: Conversation;
  /** True where the role can still be asked for a better answer. */
  mayReject: boolean;
  /** True for the answer of a script, which gives the same answer again. */
  isScripted: boolean;
}
export interface Rejected {
  kind: 'rejected';
  /** One sentence each, for the role. */
  reasons: string[];
  /** The commit that was published before the answer was rejected. The role continues from this commit. */
  published?: string;
}

export async function takeStep<P extends Phase>(
  deps: Deps,
  task: StepTask & { phase: P },
  definition: PhaseDefinition<P>,
): Promise<Outcome> {
  const context = { deps, task, definition };
  const storedConversation = await loadConversation(deps.artifacts, task.transcript);
  if (storedConversation !== null) return callRole(context, storedConversation);
  const opening = await definition.open();
  if ('outcome' in opening) return opening.outcome;
  const { prepared, commit } = opening;
  const conversation = beginConversation(opening, prepared);
  // Store the measurement first, so that it is not repeated while the provider fails.
  const tree = commit ?? definition.at.commit;
  if (prepared !== undefined) return stepOutcome(context, { conversation, tree, reply: null });
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
  const tools = toolsFor(PHASE_OWNER[task.phase]);
  const answered = await askRole(deps, task, { conversation, tools });
  try {
    return await handleReply(context, answered);
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
      ...{ deps, task, role: PHASE_OWNER[task.phase], at, base, overrides },
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
  return stepOutcome(context, {
    conversation: { ...withMessages(conversation, more), repeats, touched, lastLink: reply.link },
    tree: toolResults.commit,
    reply,
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

async function stepOutcome<P extends Phase>(
  { deps, definition }: StepContext<P>,
  { conversation, tree, reply }: { conversation: Conversation; tree: string; reply: ModelReply | null },
): Promise<Outcome> {
  const updated = reply === null ? conversation : withUsed(conversation, usageOf(reply));
  const transcript = await keepConversation(deps.artifacts, updated);
  const common = { kind: 'step' as const, transcript, tree, base: definition.setsBase ? definition.base : null };
  if (reply === null) return { ...common, isPrepared: true, usage: NOTHING_USED };
  return { ...common, usage: usageOf(reply) };
}
