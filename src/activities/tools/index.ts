/**
 * Lists the tools of each role and carries out tool calls. A tool that changes files makes a new commit; no work tree is shared.
 *
 * A wrong call never fails the activity: its result is a text that begins with `error:`, so that the model can correct the call.
 */
import { z } from 'zod';
import { cutText } from '../../domain/text';
import { Failure } from '../../domain/failures';
import type { Phase, Role } from '../../domain/roles';
import type { ToolCall, ToolOffer, ToolResult } from '../../ports/model';
import { pathIn, refused } from './tool-context';
import type { ToolContext, SeenFiles, Tool, ToolOutcome } from './tool-context';
import { ASKING_PHASES, askPerson } from './ask-person';
import { append, deleteFile, edit, mode, move, write } from './change';
import { diff } from './diff';
import { list, read, result } from './look';
import { run } from './run';
import { blame, log, search } from './search';
import { seenAfter } from './seen';
import { bothEnds, count, LIMIT_CHARS } from '../../inspect/tool-texts/show';

export type { ToolContext, SeenFiles } from './tool-context';
export { resultsIn, seenIn } from './seen';

const READ_TOOLS = { list, read, search, diff, log, blame, result };
const ALL_TOOLS = { ...READ_TOOLS, edit, write, append, move, delete: deleteFile, mode, run };
const TOOLS: Record<Role, Record<string, Tool>> = {
  q_assistant: READ_TOOLS,
  code_writer: ALL_TOOLS,
  test_auditor: ALL_TOOLS,
  verification_overseer: READ_TOOLS,
  release_manager: READ_TOOLS,
};

/** Gives the tools of a role for a model request, without `finish`, which the model's adapter adds. */
export function toolsFor(role: Role, phase?: Phase): Record<string, ToolOffer> {
  return Object.fromEntries(
    Object.entries(toolsIn(role, phase)).map(([name, { description, input }]) => [name, { description, input }]),
  );
}

/** In some phases the role may also ask a person. */
function toolsIn(role: Role, phase: Phase | undefined): Record<string, Tool> {
  const mayAsk = phase !== undefined && ASKING_PHASES.includes(phase);
  return mayAsk ? { ...TOOLS[role], ask_person: askPerson } : TOOLS[role];
}

/** Limits of one turn: a model may ask for hundreds of calls, and the next request contains all of their results. */
const TURN_LIMITS = { calls: 30, chars: 200_000 };
const NOT_CARRIED_OUT = refused(
  `not carried out: at most ${count(TURN_LIMITS.calls)} calls (${count(TURN_LIMITS.chars)} characters of results) a turn; call it again`,
).output;

export interface ToolResults {
  results: ToolResult[];
  /** The commit after the last call. */
  commit: string;
  /** The paths that the calls wrote. */
  touched: string[];
  /** The questions that the calls asked a person. */
  questions: Array<{ callId: string; text: string }>;
}

/**
 * Carries out the calls in their order, up to the limits of a turn. Gives their results, the commit after the last call, and the
 * paths that the calls wrote.
 */
export async function useTools(context: ToolContext, calls: ToolCall[]): Promise<ToolResults> {
  const results: ToolResult[] = [];
  const touched = new Set<string>();
  const questions: ToolResults['questions'] = [];
  let { commit } = context.at;
  let seen: SeenFiles = context.seen;
  let chars = 0;
  for (const [index, call] of calls.entries()) {
    context.signal.throwIfAborted();
    // After a call that was not carried out, no later call is carried out: it may depend on the earlier one.
    if (index >= TURN_LIMITS.calls || chars + LIMIT_CHARS > TURN_LIMITS.chars) {
      results.push({ id: call.id, name: call.name, output: NOT_CARRIED_OUT });
      continue;
    }
    context.onCall?.(progressOfCall(call));
    const outcome = await useTool(
      {
        ...context,
        seen,
        at: { ...context.at, commit },
        questionsLeft: (context.questionsLeft ?? 0) - questions.length,
      },
      call,
    );
    commit = outcome.commit ?? commit;
    for (const path of outcome.touched ?? []) touched.add(path);
    seen = seenAfter(seen, call, outcome.output);
    if (outcome.question !== undefined) questions.push({ callId: call.id, text: outcome.question });
    const { digest } = outcome;
    // Some outputs quote the model's arguments, which may hold lone surrogates.
    const output = bothEnds(outcome.output.toWellFormed(), LIMIT_CHARS);
    chars += output.length;
    results.push({ id: call.id, name: call.name, output, ...(digest === undefined ? {} : { digest }) });
  }
  return { results, commit, touched: [...touched], questions };
}

function progressOfCall({ name, input }: ToolCall): { tool: string; path?: string } {
  const { path, to } = (input ?? {}) as { path?: unknown; to?: unknown };
  const place = typeof path === 'string' ? path : to;
  return { tool: cutText(name, 60), ...(typeof place === 'string' ? { path: cutText(pathIn(place), 400) } : {}) };
}

async function useTool(context: ToolContext, call: ToolCall): Promise<ToolOutcome> {
  const tools = toolsIn(context.role, context.phase);
  const name = cutText(call.name, 60);
  if (call.broken !== undefined)
    return refused(`the arguments of ${name} could not be read: ${cutText(call.broken, 1_000)}; nothing was done`);
  if (call.name === 'finish')
    return refused(
      'finish was called beside other tools; nothing is finished: look at their results, then call finish alone',
    );
  const chosenTool = Object.hasOwn(tools, call.name) ? tools[call.name] : undefined;
  if (chosenTool === undefined)
    return refused(`there is no tool ${JSON.stringify(name)}; there are ${Object.keys(tools).join(', ')} and finish`);
  const input = chosenTool.input.safeParse(call.input ?? {});
  if (!input.success)
    return refused(
      `the arguments of ${name} do not fit: ${cutText(z.prettifyError(input.error), 2_000)}; nothing was done`,
    );
  try {
    return await chosenTool.carryOut({ ...context, callId: call.id }, input.data);
  } catch (error) {
    // These failures are mistakes of the model: a refused path, or a change that makes the packages impossible to install.
    if (error instanceof Failure && /^(Workspace|Environment|Change)\./.test(error.type))
      return refused(bothEnds(error.message, LIMIT_CHARS - 100));
    throw error;
  }
}
