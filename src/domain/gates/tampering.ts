/**
 * Gate `tampering`: the change does not alter what judges it, or a person has approved the exact change. There is one finding for each file.
 */
import { describeTampering, describeTouched } from '../evidence/tampering';
import type { ReplacedTests } from '../evidence/tampering';
import { isApproved } from '../findings';
import type { Facts } from './facts';
import { openFiles } from './file-findings';
import type { Gate, GateResult } from './gate';

const NAME = 'tampering';

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

function judge({ found, wholeDigests, approvals, phase, replaced }: Facts['touched_judges']): GateResult {
  if (wholeDigests.some((one) => isApproved(approvals, NAME, one))) return { reasons: [] };
  const { open, findings } = openFiles(NAME, { files: found, approvals, phase }, (file) =>
    replaced === undefined
      ? `what judges the change was changed: ${describeTouched(file)}`
      : [describeTouched(file), ...replaced.filter(({ path }) => path === file.path).flatMap(describeReplaced)].join(
          '; ',
        ),
  );
  if (replaced === undefined) return { reasons: open.map(describeTampering), findings };
  return {
    reasons: findings.map(
      ({ digest, summary }) => `a person approves or rejects it (gate tampering, digest ${digest}): ${summary}`,
    ),
    // The Test Auditor made this change on purpose, so sending it back would not help.
    findings: findings.map((one) => ({ ...one, mender: 'person', onReject: 'testing' })),
  };
}

function describeReplaced({ lost, isRewritten }: ReplacedTests): string[] {
  return [
    ...(lost.length === 0
      ? []
      : [
          `the Test Auditor drops or renames ${lost.length} tests that were there before the change: ${lost.join(', ')}`,
        ]),
    ...(isRewritten ? ['the Test Auditor changes tests in it that the change did not turn red'] : []),
  ];
}
