/**
 * Gate `delivered`: what is delivered is what was tested, and its text is read as it runs; or a person has approved exactly the place
 * where that may be otherwise.
 *
 * One finding a file, by the texts of both trees alone.
 */
import { describeDelivered } from '../delivered';
import type { DeliveredOfFile } from '../delivered';
import { isApproved } from '../findings';
import type { ChangeFacts } from './facts';
import type { Gate, Judged } from './gate';

const NAME = 'delivered';
const SUMMARY_LIMIT_CHARS = 200;
/** Of one file in the reasons; the artifact has all. */
const SAID_LIMIT = 5;

export const delivered = {
  name: NAME,
  phase: ['verification', 'deployment'],
  judges: ['change'],
  page: {
    expected:
      'Nothing that the change delivers is left out of what was tested or packed, and all its text can be read; or a person has approved it.',
    helps:
      'Deliver the file that the tests load, and build what is built; or let a person approve the file by its digest.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ delivered: { files, notes, approvals, phase } }: ChangeFacts): Judged {
  const open = files.filter(({ digest }) => !isApproved(approvals, NAME, digest));
  const after = { onApprove: phase, onReject: 'implementation' } as const;
  return {
    reasons: open.flatMap(reasonsOf),
    notes,
    findings: open.map((file) => ({ digest: file.digest, summary: summaryOf(file), mender: 'code_writer', ...after })),
  };
}

/** The digest stands first, so that no cut takes it away. */
function reasonsOf({ digest, facts }: DeliveredOfFile): string[] {
  const shown = facts.slice(0, SAID_LIMIT).map((fact) => `(digest ${digest}) ${describeDelivered(fact)}`);
  return facts.length > SAID_LIMIT ? [...shown, `(digest ${digest}) and ${facts.length - SAID_LIMIT} more`] : shown;
}

function summaryOf({ facts }: DeliveredOfFile): string {
  const all = facts.map(describeDelivered).join('; ');
  return all.length > SUMMARY_LIMIT_CHARS ? `${all.slice(0, SUMMARY_LIMIT_CHARS - 1)}…` : all;
}
