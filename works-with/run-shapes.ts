/**
 * Runs several shapes at a time on one stage (one API and one worker).
 */
import { runLimited } from './run-limited';
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
    await runLimited(shapes, jobs, async (shape, index) => {
      const result = await runShape(stage, shape);
      // Results stay in the order of the list.
      ran[index] = result;
      onRan?.(result);
    });
    return ran;
  } finally {
    await stage.stop();
  }
}
