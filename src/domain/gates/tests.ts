/**
 * Gate `tests`: the measured test run is of this commit, counted, and green.
 */
import { judgeTests } from '../evidence';
import type { ChangeFacts } from './facts';
import { verdict } from './verdict';
import type { GateVerdict } from './verdict';

export function judgeTestRun({
  evidence,
  commit,
  lockedDigest,
}: Pick<ChangeFacts, 'evidence' | 'commit' | 'lockedDigest'>): GateVerdict {
  const judged = judgeTests(evidence, commit, lockedDigest);
  const log = evidence === null ? [] : [evidence.logDigest];
  return verdict('tests', judged.pass ? [] : judged.reasons, { evidence: log });
}
