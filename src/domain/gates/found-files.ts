/**
 * Findings by file, for the gates that judge texts: which files no person has approved, and how a file's lines are shown. Pure.
 */
import { isApproved } from '../findings';
import type { Approval } from '../findings';
import type { Phase } from '../roles';
import type { Judged } from './gate';

const SUMMARY_LIMIT_CHARS = 200;
const LINES_SHOWN = 5;

interface FoundFiles<T> {
  files: T[];
  approvals: Approval[];
  /** The phase that looks. */
  phase: Phase;
}

/** Files that are not approved, with their findings: the Code Writer mends them, or a person lets them pass. */
export function openFiles<T extends { digest: string }>(
  gate: string,
  { files, approvals, phase }: FoundFiles<T>,
  summaryOf: (file: T) => string,
): { open: T[]; findings: NonNullable<Judged['findings']> } {
  const open = files.filter(({ digest }) => !isApproved(approvals, gate, digest));
  const findings = open.map((file) => ({
    ...{
      digest: file.digest,
      summary: shortened(summaryOf(file), SUMMARY_LIMIT_CHARS),
      mender: 'code_writer' as const,
    },
    ...{ onApprove: phase, onReject: 'implementation' as const },
  }));
  return { open, findings };
}

/** `says` ends a sentence: `line 3 runs text as code`. The first lines, and how many more there are. */
export function describeLines(path: string, lines: ReadonlyArray<{ line: number; says: string }>): string {
  const shown = lines.slice(0, LINES_SHOWN).map(({ line, says }) => `line ${line} ${says}`);
  const more = lines.length > shown.length ? ` and ${lines.length - shown.length} more` : '';
  return `${path}: ${shown.join(', ')}${more}`;
}

/** At most so many characters, the last of them a sign that there was more. */
export function shortened(text: string, limitChars: number): string {
  return text.length > limitChars ? `${text.slice(0, limitChars - 1)}…` : text;
}
