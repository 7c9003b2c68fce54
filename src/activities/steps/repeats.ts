/**
 * The same call with the same result, over and over: the model is told, and then its attempt ends.
 */
import { sha256 } from '../../inspect/digest';
import { Failure } from '../../domain/failures';
import type { ToolCall, ToolResult } from '../../ports/model';

/** In as many turns a call may have the same result before the model is told. */
const SAME_RESULTS = 3;

interface Turn {
  calls: ToolCall[];
  results: ToolResult[];
  /** The tree is another one after this turn. */
  isChanged: boolean;
}

/** The counts after the turn, and its results with what the model is told. Throws Failure `Role.StepsExhausted`. */
export function countRepeats(
  before: Record<string, number>,
  { calls, results, isChanged }: Turn,
): { repeats: Record<string, number>; results: ToolResult[] } {
  // After a change the same call may well say the same, and mean something else.
  if (isChanged) return { repeats: {}, results };
  const repeats = { ...before };
  const told = results.map((result) => {
    const call = calls.find(({ id }) => id === result.id);
    if (call === undefined) return result;
    const key = keyOf(call, result);
    const earlier = before[key] ?? 0;
    if (earlier >= SAME_RESULTS)
      throw new Failure(
        'Role.StepsExhausted',
        `the tool ${call.name} was called in ${earlier + 1} turns with the same input and the same result, the last time after the model had been told`,
      );
    // Twice in one turn is one repeat: the model had not seen the first result.
    repeats[key] = earlier + 1;
    return earlier + 1 < SAME_RESULTS ? result : { ...result, output: `${result.output}\n${toldOf(call.name)}` };
  });
  return { repeats, results: told };
}

function toldOf(name: string): string {
  return `[${name} was called ${SAME_RESULTS} times with this input and had this result each time. It will have it again: do something else, or call finish. The next such call ends your work.]`;
}

/** Times and counts of a run differ from one to the next. */
function keyOf({ name, input }: ToolCall, { output }: ToolResult): string {
  const steady = name === 'run' ? output.replace(/\d+/g, '0') : output;
  return sha256(JSON.stringify([name, input, steady])).slice(0, 32);
}
