/**
 * All gates over one set of facts. Pure: the same facts give the same table.
 */
import { judgeCriteria } from './criteria';
import { judgeDeletions } from './deletions';
import { judgeDependencies } from './dependencies';
import type { ChangeFacts } from './facts';
import { judgeFiles } from './files';
import { judgePlan } from './plan';
import { judgeSecrets } from './secrets';
import { judgeSize } from './size';
import { judgeTestRun } from './tests';
import { judgeChecks } from './types';
import type { GateName, GateVerdict } from './verdict';
import { GATES } from './verdict';

const JUDGES: Record<GateName, (facts: ChangeFacts) => GateVerdict> = {
  plan: judgePlan,
  tests: judgeTestRun,
  criteria: judgeCriteria,
  types: judgeChecks,
  files: judgeFiles,
  deletions: judgeDeletions,
  size: (facts) => judgeSize(facts),
  secrets: judgeSecrets,
  dependencies: judgeDependencies,
};

export function judgeChange(facts: ChangeFacts): GateVerdict[] {
  return GATES.map((gate) => JUDGES[gate](facts));
}
