/**
 * Reports the progress of a running activity by its heartbeat, so that `status` can show it.
 *
 * New progress is sent at once. Where more comes within the SDK's throttle interval, the SDK sends the newest one at the end of the
 * interval.
 */
import { Context } from '@temporalio/activity';
import type { Budget } from '../domain/experiments/budget';
import type { Progress, StepProgress } from '../domain/progress';
import { cutText } from '../domain/text';

/** A model chooses these texts, so they may be long; heartbeats must stay short. */
const TOOL_LIMIT_CHARS = 60;
const PATH_LIMIT_CHARS = 300;
const FIRST_STEP: Omit<StepProgress, 'since'> = {
  ...{ number: 1, tool: null, path: null, calls: 0 },
  ...{ input_tokens: null, output_tokens: null, model: null },
};

const progressByContext = new WeakMap<Context, Progress>();

export function progressOf(context: Context): Progress | undefined {
  return progressByContext.get(context);
}

/** Reports the current step. Absent members keep their last value. Call it before each model call and before each tool call. */
export function reportStep(now: Partial<Omit<StepProgress, 'since'>>): void {
  const context = Context.current();
  const lastProgress = progressByContext.get(context);
  const { tool, path, ...rest } = { ...FIRST_STEP, ...lastProgress?.step, ...now };
  const shortTexts = { tool: shorten(tool, TOOL_LIMIT_CHARS), path: shorten(path, PATH_LIMIT_CHARS) };
  send(context, { ...lastProgress, step: { ...rest, ...shortTexts, since: new Date().toISOString() } });
}

/** Gives a counter of the experiments that have a result; its count is reported together with the step. */
export function createProgress({ runs }: Budget): { add(): void } {
  const context = Context.current();
  let answered = 0;
  const report = (): void =>
    send(context, { ...progressByContext.get(context), experiments: { answered, at_most: Math.max(runs, answered) } });
  report();
  return {
    add: () => {
      answered += 1;
      report();
    },
  };
}

function send(context: Context, progress: Progress): void {
  progressByContext.set(context, progress);
  context.heartbeat(progress);
}

/** Cuts the text and replaces lone surrogates: a heartbeat is JSON in UTF-8, which cannot hold half of a character. */
function shorten(text: string | null, limitChars: number): string | null {
  if (text === null || text.length <= limitChars) return text?.toWellFormed() ?? null;
  return `${cutText(text, limitChars).toWellFormed()}…`;
}
