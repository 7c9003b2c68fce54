/**
 * How far the experiments of a running activity are: carried by its heartbeat, so that `status` can show it.
 */
import { Context } from '@temporalio/activity';
import type { Budget } from '../../domain/experiments/budget';
import type { Progress } from '../../domain/experiments/progress';

const told = new WeakMap<Context, Progress>();

export function progressOf(context: Context): Progress | undefined {
  return told.get(context);
}

export function createProgress({ runs }: Budget): { add(): void } {
  const context = Context.current();
  let answered = 0;
  told.set(context, { experiments: { answered, at_most: runs } });
  return {
    add: () => {
      answered += 1;
      told.set(context, { experiments: { answered, at_most: Math.max(runs, answered) } });
    },
  };
}
