/**
 * Gate `harmful_lines`: no added or removed line is of a kind that can do harm although all tests pass, or a person has approved exactly these lines.
 *
 * Tests do not show such effects: executed text, disabled checks, deleted data, wider permissions, calls of new hosts.
 */
import type { HarmOfFile } from '../harm';
import type { ChangeFacts } from './facts';
import { describeLines, openFiles, shorten } from './file-findings';
import type { Gate, GateResult } from './gate';

const NAME = 'harmful_lines';
const REASON_CHARS = 140;

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

function judge({ harm }: ChangeFacts): GateResult {
  const { open, findings } = openFiles(NAME, harm, describe);
  return {
    // The digest comes first, so that a cut message still contains it.
    reasons: open.map(
      (one) =>
        `code that can do harm (digest ${one.digest}): ${shorten(describe(one), REASON_CHARS)}; write it otherwise, or have it approved`,
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

/** The text that a person judges for one file; an approval names its digest. */
export function harmText({ path, lines }: Omit<HarmOfFile, 'digest'>): string {
  const shown = lines.map(({ line, does, why, text }) => ({ line, does, why, text: text.slice(0, TEXT_LIMIT_CHARS) }));
  return JSON.stringify(
    { gate: NAME, about: 'added lines that can do harm whatever tests say', path, lines: shown },
    null,
    1,
  );
}
