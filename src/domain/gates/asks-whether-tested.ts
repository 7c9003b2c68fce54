/**
 * Gate `asks_whether_tested`: no added line checks whether the program is being tested, or a person has approved exactly these
 * lines.
 *
 * Code that detects a test run may work only then, and no test can show the difference.
 */
import type { ChangeFacts, QuestionsOfFile } from './facts';
import { describeLines, openFiles, shorten } from './file-findings';
import type { Gate, GateResult } from './gate';

const NAME = 'asks_whether_tested';
const REASON_CHARS = 140;

export const asksWhetherTested = {
  name: NAME,
  phase: ['verification', 'deployment'],
  judges: ['change'],
  page: {
    expected:
      'No line that the change adds asks whether the program is tested, or a person has approved exactly these lines.',
    helps:
      'Take the question out and pass what differs as a parameter, or let a person approve the lines by their digest.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ questions }: ChangeFacts): GateResult {
  const { open, findings } = openFiles(NAME, questions, describe);
  return {
    // The digest comes first, so that a cut message still contains it.
    reasons: open.map(
      (one) =>
        `code that asks whether it is tested (digest ${one.digest}): ${shorten(describe(one), REASON_CHARS)}; take the question out, or have it approved`,
    ),
    findings,
  };
}

function describe({ path, lines }: QuestionsOfFile): string {
  return describeLines(
    path,
    lines.map(({ line, asks }) => ({ line, says: `asks ${asks}` })),
  );
}

const TEXT_LIMIT_CHARS = 500;

/** The text that a person judges for one file; an approval names its digest. */
export function questionsText({ path, lines }: Omit<QuestionsOfFile, 'digest'>): string {
  const shown = lines.map(({ line, asks, text }) => ({
    line,
    asks: `asks ${asks}`,
    text: text.slice(0, TEXT_LIMIT_CHARS),
  }));
  return JSON.stringify(
    { gate: NAME, about: 'added lines that ask whether the program is tested', path, lines: shown },
    null,
    1,
  );
}
