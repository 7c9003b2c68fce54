/**
 * Gate `tests`: the measured test run is of this commit, counted its tests, and has no new failure.
 */
import { judgeTests } from '../evidence/evidence';
import type { Facts } from './facts';
import type { Gate, GateResult } from './gate';

export const tests = {
  name: 'tests',
  phase: ['testing', 'verification'],
  judges: ['change', 'state'],
  page: {
    expected:
      'The tests ran on this very commit, were counted, and are green but for those that fail without the change, too.',
    helps:
      'Read the log and what the failing tests said, then mend the code or the test; where no test was counted, set `commands.test`.',
  },
  judge,
} as const satisfies Gate<'change' | 'state'>;

function judge({ evidence, ...requirements }: Facts['change'] | Facts['state']): GateResult {
  const verdict = judgeTests(evidence, requirements);
  return { reasons: verdict.pass ? [] : verdict.reasons, evidence: evidence === null ? [] : [evidence.logDigest] };
}
