/**
 * Runs several shapes at a time on one stage (one API and one worker).
 */
import { runLimited } from './run-limited';
import { runShape } from './run-shape';
import type { ShapeResult } from './run-shape';
import type { Shape } from './shape';
import { setStage } from './stage';

export async function runShapes(
  shapes: readonly Shape[],
  { jobs, onResult }: { jobs: number; onResult?: (ran: ShapeResult) => void },
): Promise<ShapeResult[]> {
  const stage = await setStage();
  const results: ShapeResult[] = [];
  try {
    await runLimited(shapes, jobs, async (shape, index) => {
      const result = await runShape(stage, shape);
      // Results stay in the order of the list.
      results[index] = result;
      onResult?.(result);
    });
    return results;
  } finally {
    await stage.stop();
  }
}
