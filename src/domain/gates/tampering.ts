/**
 * Gate `tampering`: a change leaves alone what it is judged by, or a person has approved exactly what it does there.
 */
import { describeTampering, listTouched } from '../evidence/tampering';
import { isApproved } from '../findings';
import type { Facts } from './facts';
import type { Gate, Judged } from './gate';

const NAME = 'tampering';
const SUMMARY_LIMIT_CHARS = 200;

export const tampering = {
  name: NAME,
  phase: ['testing', 'verification', 'deployment'],
  judges: ['touched_judges'],
  judge,
} as const satisfies Gate<'touched_judges'>;

function judge({ found, digest, formerDigest, approvals, phase }: Facts['touched_judges']): Judged {
  const isLifted = [digest, formerDigest].some((one) => isApproved(approvals, NAME, one));
  if (found.length === 0 || isLifted) return { reasons: [] };
  const touched = `what judges the change was changed: ${listTouched(found)}`;
  const summary = touched.length > SUMMARY_LIMIT_CHARS ? `${touched.slice(0, SUMMARY_LIMIT_CHARS - 1)}…` : touched;
  const after = { onApprove: phase, onReject: 'implementation' } as const;
  return {
    reasons: [describeTampering(found, digest)],
    findings: [{ digest, summary, mender: 'code_writer', ...after }],
  };
}
