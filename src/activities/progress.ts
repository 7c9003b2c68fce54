/**
 * What a running activity says of itself: carried by its heartbeat, so that `status` can show it.
 *
 * The heartbeat goes out at once when something new is told; the SDK holds back what comes within its throttle interval, and
 * sends the newest of it at the end.
 */
import { Context } from '@temporalio/activity';
import type { Budget } from '../domain/experiments/budget';
import type { Progress, StepProgress } from '../domain/progress';
import { cutText } from '../domain/text';

/** A model's words: a heartbeat is no place for long ones. */
const TOOL_LIMIT_CHARS = 60;
const PATH_LIMIT_CHARS = 300;
const FIRST_STEP: Omit<StepProgress, 'since'> = {
  ...{ number: 1, tool: null, path: null, calls: 0 },
  ...{ input_tokens: null, output_tokens: null, model: null },
};

const told = new WeakMap<Context, Progress>();

export function progressOf(context: Context): Progress | undefined {
  return told.get(context);
}

/** Members that are left out stay as they were told last. Call it before the model is asked and before each tool. */
export function tellStep(now: Partial<Omit<StepProgress, 'since'>>): void {
  const context = Context.current();
  const before = told.get(context);
  const { tool, path, ...rest } = { ...FIRST_STEP, ...before?.step, ...now };
  const shown = { tool: shorten(tool, TOOL_LIMIT_CHARS), path: shorten(path, PATH_LIMIT_CHARS) };
  tell(context, { ...before, step: { ...rest, ...shown, since: new Date().toISOString() } });
}

/** Counts the answered runs of the experiments, beside the step. */
export function createProgress({ runs }: Budget): { add(): void } {
  const context = Context.current();
  let answered = 0;
  const count = (): void =>
    tell(context, { ...told.get(context), experiments: { answered, at_most: Math.max(runs, answered) } });
  count();
  return {
    add: () => {
      answered += 1;
      count();
    },
  };
}

function tell(context: Context, progress: Progress): void {
  told.set(context, progress);
  context.heartbeat(progress);
}

/** Without half a character at the cut or anywhere else: a heartbeat is JSON in UTF-8. */
function shorten(text: string | null, limitChars: number): string | null {
  if (text === null || text.length <= limitChars) return text?.toWellFormed() ?? null;
  return `${cutText(text, limitChars).toWellFormed()}…`;
}
