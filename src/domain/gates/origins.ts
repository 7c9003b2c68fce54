/**
 * Gate `origins`: code comes from where known forms say, or a person has approved exactly the form that a file uses.
 *
 * One finding a file. Judged before anything of the change is installed, and by its texts alone: no registry is asked.
 */
import type { OriginsOfFile } from '../origins';
import { describeOrigin } from '../origins';
import type { Facts } from './facts';
import { openFiles } from './found-files';
import type { Gate, Judged } from './gate';

const NAME = 'origins';
/** Of one file in the reasons; the artifact has all. */
const SAID_LIMIT = 10;

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

function judge(facts: Facts['origins']): Judged {
  const { open, findings } = openFiles(NAME, facts, summaryOf);
  return { reasons: open.flatMap(reasonsOf), findings };
}

/** The digest stands first: wherever the text is cut, what an approval has to name is still there. */
function reasonsOf({ path, digest, facts }: OriginsOfFile): string[] {
  const said = facts.slice(0, SAID_LIMIT).map((fact) => `${NAME}: ${describeOrigin(fact)}`);
  const head = `${NAME}: ${path} takes code from an unknown origin (digest ${digest}); use a form that is known, or have it approved (gate ${NAME})`;
  return [
    head,
    ...said,
    ...(facts.length > SAID_LIMIT ? [`${NAME}: and ${facts.length - SAID_LIMIT} more in ${path}`] : []),
  ];
}

function summaryOf({ facts }: OriginsOfFile): string {
  return `code of unknown origin: ${facts.map(describeOrigin).join('; ')}`;
}
