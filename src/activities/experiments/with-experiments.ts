/**
 * Measured tests with what experiments found on them: made only where nothing else speaks against the run.
 */
import { judgeTests } from '../../domain/evidence/evidence';
import type { Asked } from '../../domain/evidence/evidence';
import { findingsOf, judgeAll, reasonsOf } from '../../domain/gates';
import type { GateFindings } from '../../domain/findings';
import type { StartRequest } from '../../requests/start-request';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { Measured } from '../testing/measure';
import { experimentsOf } from './run-experiments';

interface Judged {
  measured: Measured;
  objections: string[];
  findings: GateFindings;
}

interface Standing extends Pick<Asked, 'lockedDigest'> {
  keepsAll: boolean;
  request: StartRequest;
}

/** Nothing is found, and nothing is judged, where the run itself does not pass. */
export async function withExperiments(
  deps: Deps,
  task: Pick<PhaseTask, 'approvals' | 'phase' | 'coverageFloorPercent'>,
  { measured, lockedDigest, keepsAll, request }: Standing & { measured: Measured },
): Promise<Judged> {
  const { evidence, candidate } = measured;
  const { coverageFloorPercent, approvals, phase } = task;
  const asked = { commit: evidence.commit, lockedDigest, coverageFloorPercent };
  const nothing = { measured, objections: [], findings: { judged: [], found: [] } };
  // An operator who sets no runs has none made, whatever a build asks for: the gate notes it.
  if (deps.experimentRuns === 0 || !judgeTests(evidence, asked).pass) return nothing;
  const wish = { runs: deps.experimentRuns, ...request.experiments };
  const experiments = await experimentsOf(deps, { ...candidate, keepsAll, wish });
  const seen = { ...evidence, experiments };
  const judged = judgeAll('experiments', { evidence: seen, approvals, phase });
  return {
    measured: { ...measured, evidence: seen },
    objections: reasonsOf(judged),
    findings: findingsOf(judged),
  };
}
