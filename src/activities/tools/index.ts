/**
 * The tools of the roles: which there are, who may use which, and how calls are carried out. They work from commit to commit, never
 * on a shared tree.
 *
 * What a model asks for wrongly is answered in words that begin with `error:`, so that it can do better; it never fails the activity.
 */
import { z } from 'zod';
import { cutText } from '../../domain/text';
import { Failure } from '../../domain/failures';
import type { Role } from '../../domain/roles';
import type { ToolCall, ToolOffer, ToolResult } from '../../ports/model';
import { pathIn, refused } from './tool-context';
import type { ToolContext, SeenFiles, Tool, Used } from './tool-context';
import { append, deleteFile, edit, mode, move, write } from './change';
import { diff } from './diff';
import { list, read, result } from './look';
import { run } from './run';
import { blame, log, search } from './search';
import { seenAfter } from './seen';
import { bothEnds, count, LIMIT_CHARS } from '../../inspect/tool-texts/show';

export type { ToolContext, SeenFiles } from './tool-context';
export { resultsIn, seenIn } from './seen';

const LOOKING = { list, read, search, diff, log, blame, result };
const WORKING = { ...LOOKING, edit, write, append, move, delete: deleteFile, mode, run };
const TOOLS: Record<Role, Record<string, Tool>> = {
  q_assistant: LOOKING,
  code_writer: WORKING,
  test_auditor: WORKING,
  verification_overseer: LOOKING,
  release_manager: LOOKING,
};

/** As a model request offers them. `finish` is not among them: the model's adapter adds it. */
export function toolsFor(role: Role): Record<string, ToolOffer> {
  return Object.fromEntries(
    Object.entries(TOOLS[role]).map(([name, { description, input }]) => [name, { description, input }]),
  );
}

/** Of one turn: a model that repeats itself may ask for hundreds, and all of their results stand in its next request. */
const TURN = { calls: 30, chars: 200_000 };
const NOT_CARRIED_OUT = refused(
  `not carried out: at most ${count(TURN.calls)} calls (${count(TURN.chars)} characters of results) a turn; call it again`,
).output;

/**
 * Carries out the calls in their order, as far as the bounds of a turn go. Gives their results, the commit after the last one, and the paths that were written by
 * calls that were carried out.
 */
export async function useTools(
  context: ToolContext,
  calls: ToolCall[],
): Promise<{ results: ToolResult[]; commit: string; touched: string[] }> {
  const results: ToolResult[] = [];
  const touched = new Set<string>();
  let { commit } = context.at;
  let seen: SeenFiles = context.seen;
  let chars = 0;
  for (const [index, call] of calls.entries()) {
    context.signal.throwIfAborted();
    // Where one has no room, none after it is carried out: it may build on it.
    if (index >= TURN.calls || chars + LIMIT_CHARS > TURN.chars) {
      results.push({ id: call.id, name: call.name, output: NOT_CARRIED_OUT });
      continue;
    }
    context.tell?.(nowOf(call));
    const used = await useTool({ ...context, seen, at: { ...context.at, commit } }, call);
    commit = used.commit ?? commit;
    for (const path of used.touched ?? []) touched.add(path);
    seen = seenAfter(seen, call, used.output);
    const { digest } = used;
    // What a model gave is quoted in some answers, half characters and all.
    const output = bothEnds(used.output.toWellFormed(), LIMIT_CHARS);
    chars += output.length;
    results.push({ id: call.id, name: call.name, output, ...(digest === undefined ? {} : { digest }) });
  }
  return { results, commit, touched: [...touched] };
}

function nowOf({ name, input }: ToolCall): { tool: string; path?: string } {
  const { path, to } = (input ?? {}) as { path?: unknown; to?: unknown };
  const place = typeof path === 'string' ? path : to;
  return { tool: cutText(name, 60), ...(typeof place === 'string' ? { path: cutText(pathIn(place), 400) } : {}) };
}

async function useTool(context: ToolContext, call: ToolCall): Promise<Used> {
  const tools = TOOLS[context.role];
  const name = cutText(call.name, 60);
  if (call.broken !== undefined)
    return refused(`the arguments of ${name} could not be read: ${cutText(call.broken, 1_000)}; nothing was done`);
  if (call.name === 'finish')
    return refused(
      'finish was called beside other tools; nothing is finished: look at their results, then call finish alone',
    );
  const chosen = Object.hasOwn(tools, call.name) ? tools[call.name] : undefined;
  if (chosen === undefined)
    return refused(`there is no tool ${JSON.stringify(name)}; there are ${Object.keys(tools).join(', ')} and finish`);
  const input = chosen.input.safeParse(call.input ?? {});
  if (!input.success)
    return refused(
      `the arguments of ${name} do not fit: ${cutText(z.prettifyError(input.error), 2_000)}; nothing was done`,
    );
  try {
    return await chosen.carryOut({ ...context, callId: call.id }, input.data);
  } catch (error) {
    // A path that is refused, or packages that its own change keeps from being installed, are the model's mistake.
    if (error instanceof Failure && /^(Workspace|Environment|Change)\./.test(error.type))
      return refused(bothEnds(error.message, LIMIT_CHARS - 100));
    throw error;
  }
}
