/**
 * Gate `harmful_lines`: no line that the change adds or takes away can do harm whatever its tests say, or a person has approved exactly these lines.
 *
 * What they do shows in no test: text that is run, checks that are off, data that goes, rights, hosts that are called.
 */
import type { HarmOfFile } from '../harm';
import type { ChangeFacts } from './facts';
import { describeLines, openFiles, shortened } from './found-files';
import type { Gate, Judged } from './gate';

const NAME = 'harmful_lines';
const SAID_LIMIT_CHARS = 140;

export const harmfulLines = {
  name: NAME,
  phase: ['verification', 'deployment'],
  judges: ['change'],
  page: {
    expected:
      'No added line runs text, turns off checks, changes the process, destroys data, widens rights, calls a new host, logs a secret or weakens a protection, or a person has approved exactly these lines.',
    helps: 'Write the line in a safe way, name the host in the request, or let a person approve the lines.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ harm }: ChangeFacts): Judged {
  const { open, findings } = openFiles(NAME, harm, describe);
  return {
    // The digest stands first, so that no cut takes it away.
    reasons: open.map(
      (one) =>
        `code that can do harm (digest ${one.digest}): ${shortened(describe(one), SAID_LIMIT_CHARS)}; write it otherwise, or have it approved`,
    ),
    notes: harm.notes,
    findings,
  };
}

function describe({ path, lines }: HarmOfFile): string {
  return describeLines(
    path,
    lines.map(({ line, does }) => ({ line, says: does })),
  );
}

const TEXT_LIMIT_CHARS = 500;

/** All that a person judges of a file, and nothing else: its digest is what an approval names. */
export function harmText({ path, lines }: Omit<HarmOfFile, 'digest'>): string {
  const shown = lines.map(({ line, does, why, text }) => ({ line, does, why, text: text.slice(0, TEXT_LIMIT_CHARS) }));
  return JSON.stringify(
    { gate: NAME, about: 'added lines that can do harm whatever tests say', path, lines: shown },
    null,
    1,
  );
}
