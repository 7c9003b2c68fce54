/**
 * Gate `origins`: the change uses only known safe forms to fetch code, or a person has approved the exact form in a file.
 *
 * There is one finding for each file. The gate judges only texts, before anything is installed, and queries no registry.
 */
import type { OriginsOfFile } from '../origins';
import { describeOrigin } from '../origins';
import type { Facts } from './facts';
import { openFiles } from './file-findings';
import type { Gate, GateResult } from './gate';

const NAME = 'origins';
/** Maximum number of facts of one file in the reasons; the artifact has all. */
const MAX_FACTS_SHOWN = 10;

export const origins = {
  name: NAME,
  phase: ['testing', 'verification', 'deployment'],
  judges: ['origins'],
  page: {
    expected:
      'All code that the change fetches, replaces or runs comes from a known form of origin, or a person has approved exactly that form.',
    helps:
      'Use a package of the registry with its entry in the lock file, or let a person approve the file by its digest.',
  },
  judge,
} as const satisfies Gate<'origins'>;

function judge(facts: Facts['origins']): GateResult {
  const { open, findings } = openFiles(NAME, facts, summaryOf);
  return { reasons: open.flatMap(reasonsOf), findings };
}

/** The digest comes first, so that a cut message still contains what an approval must name. */
function reasonsOf({ path, digest, facts }: OriginsOfFile): string[] {
  const shown = facts.slice(0, MAX_FACTS_SHOWN).map((fact) => `${NAME}: ${describeOrigin(fact)}`);
  const head = `${NAME}: ${path} takes code from an unknown origin (digest ${digest}); use a form that is known, or have it approved (gate ${NAME})`;
  return [
    head,
    ...shown,
    ...(facts.length > MAX_FACTS_SHOWN ? [`${NAME}: and ${facts.length - MAX_FACTS_SHOWN} more in ${path}`] : []),
  ];
}

function summaryOf({ facts }: OriginsOfFile): string {
  return `code of unknown origin: ${facts.map(describeOrigin).join('; ')}`;
}
