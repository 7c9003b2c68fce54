/**
 * Runs several cases at a time on one stage (one worker).
 */
import { runCase } from './run-case';
import type { CaseResult } from './run-case';
import type { Case } from './scripted-build';
import { setCorpusStage } from './stage';

export async function runCorpus(
  cases: readonly Case[],
  { atOnce, onResult }: { atOnce: number; onResult?: (ran: CaseResult) => void },
): Promise<CaseResult[]> {
  const stage = await setCorpusStage();
  const results: CaseResult[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < cases.length; index = next++) {
      const result = await runCase(stage, cases[index] as Case, index);
      results.push(result);
      onResult?.(result);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, cases.length) }, lane));
    return results;
  } finally {
    await stage.stop();
  }
}
