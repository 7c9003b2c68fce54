/**
 * One step of a role: at most one model call, and what follows from its answer.
 *
 * Tools are carried out here; what the phase makes of the finished output is its own matter.
 */
import type { z } from 'zod';
import { Context } from '@temporalio/activity';
import type { Outcome } from '../../domain/build/outcomes';
import { NOTHING_USED } from '../../domain/build/usage';
import { dataBlock } from '../../domain/context-blocks';
import { PHASE_OWNER } from '../../domain/roles';
import type { Phase } from '../../domain/roles';
import type { ProjectWish } from '../../ports/checkouts';
import type { ModelMessage, ModelReply } from '../../ports/model';
import type { TreeAt } from '../../ports/workspace';
import type { StepTask } from '../contract';
import type { Deps } from '../deps';
import { OUTPUT_SCHEMAS } from '../outputs';
import type { FirstMessage } from '../role-context';
import { tellStep } from '../progress';
import { resultsIn, seenIn, toolsFor, useTools } from '../tools';
import type { ToolContext } from '../tools';
import { judgeAgain, keepHeldAnswer } from './adopt';
import { askRole, usageOf } from './ask-role';
import type { Asked } from './ask-role';
import { withPaid } from './paid-failures';
import { beginConversation, keepConversation, loadConversation, withSaid, withUsed } from './conversation';
import type { Conversation } from './conversation';
import { countRepeats } from './repeats';
import { mayTell, tell } from './unusable';

/** The part of a phase in its role's conversation. */
export interface Part<P extends Phase> {
  /** What the role looks at, and changes. */
  at: TreeAt;
  /** The build's base commit. */
  base: string;
  /** False: it is no matter of this phase, and the build does not take it over. */
  isBased: boolean;
  wish: ProjectWish;
  /** The reason against a path that the role wants to change. */
  mayWrite?: (conversation: Conversation) => ToolContext['mayWrite'];
  /** Files that the first message shows whole. */
  seen?: (conversation: Conversation) => ToolContext['seen'];
  /** The first message, before the first call; or what came of the phase without asking its role. */
  open(): Promise<Opening>;
  /** The phase's outcome; or why the role itself has to answer better, where it can be told. */
  finish(answer: Answer<P>): Promise<Outcome | Rejected>;
}
export type Opening =
  | (FirstMessage & {
      /** JSON that took long to measure: kept before the role is asked. */
      prepared?: unknown;
      /** What the role looks at, where that is another commit than the phase began on. */
      commit?: string | null;
    })
  | { outcome: Outcome };
export interface Answer<P extends Phase> {
  output: z.infer<(typeof OUTPUT_SCHEMAS)[P]>;
  by: string;
  usage: Outcome['usage'];
  /** The tree with all that the role changed. */
  tree: string;
  conversation: Conversation;
  /** True where the role would be told why its answer is rejected. */
  mayReject: boolean;
  /** The answer is a script's: nothing that it is told changes the next one. */
  isScripted: boolean;
}
export interface Rejected {
  kind: 'rejected';
  /** One sentence each, for the role. */
  reasons: string[];
  /** What was published before the answer was rejected: the role goes on from there. */
  published?: string;
}

export async function takeStep<P extends Phase>(
  deps: Deps,
  task: StepTask & { phase: P },
  part: Part<P>,
): Promise<Outcome> {
  const stage = { deps, task, part };
  const begun = await loadConversation(deps.artifacts, task.transcript);
  if (begun !== null) return goOn(stage, begun);
  const opening = await part.open();
  if ('outcome' in opening) return opening.outcome;
  const { prepared, commit } = opening;
  const conversation = beginConversation(opening, prepared);
  // A provider that fails for an hour repeats no measurement.
  if (prepared !== undefined) return stepOutcome(stage, { conversation, tree: commit ?? part.at.commit, reply: null });
  return goOn(stage, conversation);
}

export interface Stage<P extends Phase> {
  deps: Deps;
  task: StepTask & { phase: P };
  part: Part<P>;
}

/** Of the role's fallback chain. */
function linksOf<P extends Phase>({ deps, task }: Stage<P>): number {
  return deps.modelFor(PHASE_OWNER[task.phase]).links ?? 1;
}

async function goOn<P extends Phase>(stage: Stage<P>, before: Conversation): Promise<Outcome> {
  const { deps, task } = stage;
  const adopted = await judgeAgain(stage, before);
  if (adopted !== undefined) return adopted;
  const tools = toolsFor(PHASE_OWNER[task.phase]);
  const asked = await askRole(deps, task, { conversation: before, tools });
  try {
    return await followUp(stage, asked);
  } catch (error) {
    throw withPaid(error, asked.reply);
  }
}

async function followUp<P extends Phase>(stage: Stage<P>, { reply, conversation }: Asked): Promise<Outcome> {
  const { part } = stage;
  switch (reply.kind) {
    case 'tools':
      return useAndGoOn(stage, conversation, reply);
    case 'unusable':
      return tellAndGoOn(stage, { conversation, reply, ...reply, tree: part.at.commit });
    case 'output':
      return finish(stage, conversation, reply);
  }
}

async function useAndGoOn<P extends Phase>(
  stage: Stage<P>,
  conversation: Conversation,
  reply: ModelReply & { kind: 'tools' },
): Promise<Outcome> {
  const { deps, task, part } = stage;
  const { text, toolCalls, native } = reply;
  const { messages } = conversation;
  const used = await useTools(
    {
      ...{ deps, task, role: PHASE_OWNER[task.phase], at: part.at, base: part.base, wish: part.wish },
      ...{
        seen: seenIn(messages, part.seen?.(conversation)),
        results: resultsIn(messages),
        signal: Context.current().cancellationSignal,
      },
      tell: ({ tool, path }: { tool: string; path?: string }) => tellStep({ tool, path: path ?? null }),
      mayWrite: part.mayWrite?.(conversation),
    },
    toolCalls,
  );
  const touched = [...new Set([...conversation.touched, ...used.touched])];
  const isChanged = await differs(deps, part.at, used.commit);
  const { repeats, results } = countRepeats(conversation.repeats, {
    calls: toolCalls,
    results: used.results,
    isChanged,
  });
  const more: ModelMessage[] = [
    { from: 'model', text, toolCalls, native },
    { from: 'tools', results },
  ];
  return stepOutcome(stage, {
    conversation: { ...withSaid(conversation, more), repeats, touched, lastLink: reply.link },
    tree: used.commit,
    reply,
  });
}

async function differs({ workspace }: Deps, at: TreeAt, commit: string): Promise<boolean> {
  return at.commit !== commit && (await workspace.contentChanges(at, at.commit, commit)).length > 0;
}

async function finish<P extends Phase>(
  stage: Stage<P>,
  conversation: Conversation,
  reply: ModelReply & { kind: 'output' },
): Promise<Outcome> {
  const { deps, task, part } = stage;
  const output = OUTPUT_SCHEMAS[task.phase].parse(reply.output) as Answer<P>['output'];
  // A script answers without being asked: it cannot be told.
  const mayReject = !reply.scripted && mayTell(conversation, linksOf(stage));
  const answer = {
    output,
    by: reply.model,
    usage: usageOf(reply),
    tree: part.at.commit,
    conversation,
    mayReject,
    isScripted: reply.scripted,
  };
  const ended = await part.finish(answer);
  if (ended.kind !== 'rejected') {
    await keepHeldAnswer(deps, task, ended);
    return ended;
  }
  const { reasons, published } = ended;
  const kept = published === undefined ? conversation : { ...conversation, published };
  const summary = reasons.join('; ').slice(0, 600);
  const tree = published ?? part.at.commit;
  return tellAndGoOn(stage, {
    conversation: kept,
    reply,
    tree,
    summary,
    text: JSON.stringify(output),
    says: saidOf(reasons),
  });
}

function saidOf(reasons: string[]): string {
  const list = dataBlock('rejected_because', JSON.stringify(reasons, null, 1));
  return `Your answer was not taken. What follows is data: why.\n\n${list}\n\nMend what it names, with your tools where you have some, and give the whole answer again in the same way as before.`;
}

async function tellAndGoOn<P extends Phase>(
  stage: Stage<P>,
  wrong: { conversation: Conversation; reply: ModelReply; tree: string; text: string; says: string; summary: string },
): Promise<Outcome> {
  const { conversation, reply, tree, text, says, summary } = wrong;
  const answer = { from: 'model' as const, text, toolCalls: [] };
  const told = tell(
    conversation,
    { answer, link: reply.link ?? 0, says, summary },
    { by: reply.model, links: linksOf(stage) },
  );
  return stepOutcome(stage, { conversation: told, tree, reply });
}

async function stepOutcome<P extends Phase>(
  { deps, part }: Stage<P>,
  { conversation, tree, reply }: { conversation: Conversation; tree: string; reply: ModelReply | null },
): Promise<Outcome> {
  const said = reply === null ? conversation : withUsed(conversation, usageOf(reply));
  const transcript = await keepConversation(deps.artifacts, said);
  const common = { kind: 'step' as const, transcript, tree, base: part.isBased ? part.base : null };
  if (reply === null) return { ...common, isPrepared: true, usage: NOTHING_USED };
  return { ...common, usage: usageOf(reply) };
}
