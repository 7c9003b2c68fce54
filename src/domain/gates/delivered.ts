/**
 * Gate `delivered`: what is delivered is what was tested, and its text is read as it runs; or a person has approved exactly the place
 * where that may be otherwise.
 *
 * One finding a file, by the texts of both trees alone.
 */
import { describeDelivered } from '../delivered';
import type { DeliveredOfFile } from '../delivered';
import type { ChangeFacts } from './facts';
import { openFiles } from './found-files';
import type { Gate, Judged } from './gate';

const NAME = 'delivered';
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

function judge({ delivered: found }: ChangeFacts): Judged {
  const { open, findings } = openFiles(NAME, found, ({ facts }) => facts.map(describeDelivered).join('; '));
  return { reasons: open.flatMap(reasonsOf), notes: found.notes, findings };
}

/** The digest stands first, so that no cut takes it away. */
function reasonsOf({ digest, facts }: DeliveredOfFile): string[] {
  const shown = facts.slice(0, SAID_LIMIT).map((fact) => `(digest ${digest}) ${describeDelivered(fact)}`);
  return facts.length > SAID_LIMIT ? [...shown, `(digest ${digest}) and ${facts.length - SAID_LIMIT} more`] : shown;
}
