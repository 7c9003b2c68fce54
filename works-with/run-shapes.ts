/**
 * Runs shapes on one stage, several at a time.
 */
import { inLanes } from './lanes';
import { runShape } from './run-shape';
import type { Ran } from './run-shape';
import type { Shape } from './shape';
import { setStage } from './stage';

export async function runShapes(
  shapes: readonly Shape[],
  { jobs, onRan }: { jobs: number; onRan?: (ran: Ran) => void },
): Promise<Ran[]> {
  const stage = await setStage();
  const ran: Ran[] = [];
  try {
    await inLanes(shapes, jobs, async (shape, index) => {
      const result = await runShape(stage, shape);
      // In the order of the list, whichever ends first.
      ran[index] = result;
      onRan?.(result);
    });
    return ran;
  } finally {
    await stage.stop();
  }
}
