/**
 * Gate `tests`: the measured test run is of this commit, counted, and green.
 */
import { judgeTests } from '../evidence/evidence';
import type { Facts } from './facts';
import type { Gate, Judged } from './gate';

export const tests = {
  name: 'tests',
  phase: ['testing', 'verification'],
  judges: ['change', 'state'],
  judge,
} as const satisfies Gate<'change' | 'state'>;

function judge({ evidence, ...asked }: Facts['change'] | Facts['state']): Judged {
  const judged = judgeTests(evidence, asked);
  return { reasons: judged.pass ? [] : judged.reasons, evidence: evidence === null ? [] : [evidence.logDigest] };
}
