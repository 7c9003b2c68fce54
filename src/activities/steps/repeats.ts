/**
 * Stops a model that repeats the same tool call with the same result: first it gets a warning, then its attempt fails.
 */
import { sha256 } from '../../inspect/digest';
import { Failure } from '../../domain/failures';
import { SIGN_SAYS_CHARS } from '../../domain/stuck/signs';
import type { Sign } from '../../domain/stuck/signs';
import type { ToolCall, ToolResult } from '../../ports/model';

/** The number of turns with the same call and result after which the model is warned, if the build sets no other. */
const MAX_SAME_RESULTS = 3;

interface Turn {
  calls: ToolCall[];
  results: ToolResult[];
  /** True where this turn changed the tree. */
  isChanged: boolean;
  /** After so many turns the model is warned. */
  limit?: number | undefined;
}

/**
 * Gives the counts after the turn, and its results, with a warning after too many equal results. Throws Failure `Role.StepsExhausted` if
 * the model repeats a call after the warning.
 */
export function countRepeats(
  previous: Record<string, number>,
  { calls, results, isChanged, limit = MAX_SAME_RESULTS }: Turn,
): { repeats: Record<string, number>; results: ToolResult[] } {
  // After a change of the tree, repeating a call makes sense, also where its result is the same.
  if (isChanged) return { repeats: {}, results };
  const repeats = { ...previous };
  const withWarnings = results.map((result) => {
    const call = calls.find(({ id }) => id === result.id);
    if (call === undefined) return result;
    const key = keyOf(call, result);
    const earlierTurns = previous[key] ?? 0;
    if (earlierTurns >= limit)
      throw new Failure(
        'Role.StepsExhausted',
        `the tool ${call.name} was called in ${earlierTurns + 1} turns with the same input and the same result, the last time after a warning`,
        { measured: { signs: [signOf(call, key, earlierTurns + 1)], stronger: [] } },
      );
    // Two equal calls in one turn count once: the model had not seen the first result.
    repeats[key] = earlierTurns + 1;
    return earlierTurns + 1 < limit
      ? result
      : { ...result, output: `${result.output}\n${warningFor(call.name, limit)}` };
  });
  return { repeats, results: withWarnings };
}

function signOf({ name, input }: ToolCall, digest: string, times: number): Sign {
  return { kind: 'tool_call', digest, says: `${name} ${JSON.stringify(input)}`.slice(0, SIGN_SAYS_CHARS), times };
}

function warningFor(name: string, limit: number): string {
  return `[${name} was called ${limit} times with this input and gave this result each time. It will give the same again: do something else, or call finish. The next such call ends your work.]`;
}

/** The key of a call and its result. Numbers in the output of `run`, such as durations, differ each time and do not count. */
function keyOf({ name, input }: ToolCall, { output }: ToolResult): string {
  const stable = name === 'run' ? output.replace(/\d+/g, '0') : output;
  return sha256(JSON.stringify([name, input, stable])).slice(0, 32);
}
