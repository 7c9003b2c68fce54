/**
 * Gate `tampering`: a change leaves alone what it is judged by, or a person has approved exactly what it does there.
 */
import { describeTampering, listTouched } from '../evidence/tampering';
import { isApproved } from '../findings';
import type { Facts, ReplacedTests } from './facts';
import { shortened } from './found-files';
import type { Gate, Judged } from './gate';

const NAME = 'tampering';
const SUMMARY_LIMIT_CHARS = 200;

export const tampering = {
  name: NAME,
  phase: ['testing', 'verification', 'deployment'],
  judges: ['touched_judges'],
  page: {
    expected:
      'The change leaves alone the tests, settings and programs that it is judged by, or a person has approved exactly what it does there.',
    helps: 'Put the named files back, or let a person read the diff behind the digest and approve it.',
  },
  judge,
} as const satisfies Gate<'touched_judges'>;

function judge({ found, digest, formerDigest, approvals, phase, replaced }: Facts['touched_judges']): Judged {
  const isLifted = [digest, formerDigest].some((one) => isApproved(approvals, NAME, one));
  if (found.length === 0 || isLifted) return { reasons: [] };
  if (replaced !== undefined) {
    // The Test Auditor means it: sent back, it would say the same again.
    const said = shortened(describeReplaced(replaced), SUMMARY_LIMIT_CHARS);
    return {
      reasons: [`a person approves or rejects it (gate tampering, digest ${digest}): ${said}`],
      findings: [{ digest, summary: said, mender: 'person', onApprove: phase, onReject: 'testing' }],
    };
  }
  const summary = shortened(`what judges the change was changed: ${listTouched(found)}`, SUMMARY_LIMIT_CHARS);
  const after = { onApprove: phase, onReject: 'implementation' } as const;
  return {
    reasons: [describeTampering(found, digest)],
    findings: [{ digest, summary, mender: 'code_writer', ...after }],
  };
}

function describeReplaced({ lost, rewritten }: ReplacedTests): string {
  return [
    ...(lost.length === 0
      ? []
      : [
          `the Test Auditor drops or renames ${lost.length} tests that were there before the change: ${lost.join(', ')}`,
        ]),
    ...(rewritten.length === 0
      ? []
      : [`the Test Auditor changes tests that the change did not turn red: ${rewritten.join(', ')}`]),
  ].join('; ');
}
