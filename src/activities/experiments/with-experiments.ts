/**
 * Adds the results of experiments to the evidence of a test run. Experiments run only if the test run passes all other checks.
 */
import { judgeTests } from '../../domain/evidence/evidence';
import type { TestRequirements } from '../../domain/evidence/evidence';
import { findingsOf, judgeAll, reasonsOf } from '../../domain/gates';
import type { GateFindings } from '../../domain/findings';
import type { StartRequest } from '../../requests/start-request';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { Measured } from '../testing/measure';
import { runExperiments } from './run-experiments';

interface JudgedRun {
  measured: Measured;
  objections: string[];
  findings: GateFindings;
}

interface ExperimentSettings extends Pick<TestRequirements, 'lockedDigest'> {
  keepsAll: boolean;
  request: StartRequest;
}

/** Gives the run unchanged, without findings, where it does not pass or where the operator allows no experiments. */
export async function withExperiments(
  deps: Deps,
  task: Pick<PhaseTask, 'approvals' | 'phase' | 'coverageFloorPercent'>,
  { measured, lockedDigest, keepsAll, request }: ExperimentSettings & { measured: Measured },
): Promise<JudgedRun> {
  const { evidence, candidate } = measured;
  const { coverageFloorPercent, approvals, phase } = task;
  const expected = { commit: evidence.commit, lockedDigest, coverageFloorPercent };
  const unchangedRun = { measured, objections: [], findings: { judged: [], found: [] } };
  // With 0 runs in the operator's settings, no build gets experiments; the gate notes that.
  if (deps.experimentRuns === 0 || !judgeTests(evidence, expected).pass) return unchangedRun;
  const overrides = { runs: deps.experimentRuns, ...request.experiments };
  const experiments = await runExperiments(deps, { ...candidate, keepsAll, overrides });
  const extended = { ...evidence, experiments };
  const judged = judgeAll('experiments', { evidence: extended, approvals, phase });
  return {
    measured: { ...measured, evidence: extended },
    objections: reasonsOf(judged),
    findings: findingsOf(judged),
  };
}
