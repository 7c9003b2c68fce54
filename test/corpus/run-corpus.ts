/**
 * Runs several cases at a time on one stage (one worker).
 */
import { runCase } from './run-case';
import type { Ran } from './run-case';
import type { Case } from './scripted-build';
import { setCorpusStage } from './stage';

export async function runCorpus(
  cases: readonly Case[],
  { atOnce, onRan }: { atOnce: number; onRan?: (ran: Ran) => void },
): Promise<Ran[]> {
  const stage = await setCorpusStage();
  const ran: Ran[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < cases.length; index = next++) {
      const result = await runCase(stage, cases[index] as Case, index);
      ran.push(result);
      onRan?.(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, cases.length) }, lane));
    return ran;
  } finally {
    await stage.stop();
  }
}
