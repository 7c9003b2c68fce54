/**
 * Gate `experiments`: tests fail when the change is broken, and each new test fails when its expectation is changed.
 *
 * A person may approve each finding, for example if a break changes nothing that matters.
 */
import { isApproved } from '../findings';
import type { Facts } from './facts';
import type { Gate, GateResult } from './gate';

const NAME = 'experiments';
const SUMMARY_LIMIT_CHARS = 200;

export const experiments = {
  name: NAME,
  phase: ['testing', 'verification'],
  judges: ['experiments', 'change'],
  page: {
    expected:
      'The tests turn red where the change is broken, and each new or changed test where its expectation is changed.',
    helps:
      'Add an assertion that needs the named line, remove code that no test needs, or let a person approve an equivalent break by its digest.',
  },
  judge,
} as const satisfies Gate<'experiments' | 'change'>;

function judge({ evidence, approvals, phase }: Facts['experiments'] | Facts['change']): GateResult {
  const summary = evidence?.experiments;
  if (summary === undefined) return { reasons: [], notes: ['no experiments were made on this commit'] };
  const open = summary.findings.filter(({ digest }) => !isApproved(approvals, NAME, digest));
  const { units, sharePercent, tests, notes } = summary;
  const share =
    sharePercent === null
      ? 'no line of the change was broken'
      : `${units.noticed} of ${units.asked} breaks of the change were noticed (${sharePercent} %), ${units.found} were found`;
  return {
    reasons: open.map(({ path, line, says }) => `${path}:${line} ${says}`),
    notes: [
      `${share}; ${tests.red} of ${tests.asked} new or changed tests turned red with another expectation`,
      ...notes,
    ],
    evidence: [summary.reportDigest],
    findings: open.map(({ path, line, says, digest, mender }) => ({
      ...{ digest, mender, onApprove: phase, onReject: 'implementation' as const },
      summary: `${path}:${line} ${says}`.slice(0, SUMMARY_LIMIT_CHARS),
    })),
  };
}
