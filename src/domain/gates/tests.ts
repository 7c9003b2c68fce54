/**
 * Gate `tests`: the measured test run is of this commit, counted, and green.
 */
import { judgeTests } from '../evidence/evidence';
import type { Asked } from '../evidence/evidence';
import type { ChangeFacts } from './facts';
import { verdict } from './verdict';
import type { GateVerdict } from './verdict';

export function judgeTestRun({ evidence, ...asked }: Asked & Pick<ChangeFacts, 'evidence'>): GateVerdict {
  const judged = judgeTests(evidence, asked);
  const log = evidence === null ? [] : [evidence.logDigest];
  return verdict('tests', judged.pass ? [] : judged.reasons, { evidence: log });
}
