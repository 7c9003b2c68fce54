/**
 * Gate `delivered`: the delivered code is the tested code, and its text reads as it runs; or a person has approved the exact place
 * where this may not hold.
 *
 * There is one finding for each file, based only on the texts of both commits.
 */
import { describeDelivered } from '../delivered';
import type { DeliveredOfFile } from '../delivered';
import type { ChangeFacts } from './facts';
import { openFiles } from './file-findings';
import type { Gate, GateResult } from './gate';

const NAME = 'delivered';
/** Maximum number of facts of one file in the reasons; the artifact has all. */
const MAX_FACTS_SHOWN = 5;

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

function judge({ delivered: deliveredFacts }: ChangeFacts): GateResult {
  const { open, findings } = openFiles(NAME, deliveredFacts, ({ facts }) => facts.map(describeDelivered).join('; '));
  return { reasons: open.flatMap(reasonsOf), notes: deliveredFacts.notes, findings };
}

/** The digest comes first, so that a cut message still contains it. */
function reasonsOf({ digest, facts }: DeliveredOfFile): string[] {
  const shown = facts.slice(0, MAX_FACTS_SHOWN).map((fact) => `(digest ${digest}) ${describeDelivered(fact)}`);
  return facts.length > MAX_FACTS_SHOWN
    ? [...shown, `(digest ${digest}) and ${facts.length - MAX_FACTS_SHOWN} more`]
    : shown;
}
