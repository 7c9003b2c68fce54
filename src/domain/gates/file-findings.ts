/**
 * Helpers for gates with one finding for each file: selecting the unapproved files, and describing lines. Pure.
 */
import { isApproved } from '../findings';
import type { Approval } from '../findings';
import type { Phase } from '../roles';
import type { GateResult } from './gate';

const SUMMARY_LIMIT_CHARS = 200;
const MAX_LINES_SHOWN = 5;

interface FoundFiles<T> {
  files: T[];
  approvals: Approval[];
  /** The phase in which the gate judges. */
  phase: Phase;
}

/** Returns the unapproved files and their findings: the Code Writer mends them, or a person approves them. */
export function openFiles<T extends { digest: string }>(
  gate: string,
  { files, approvals, phase }: FoundFiles<T>,
  summaryOf: (file: T) => string,
): { open: T[]; findings: NonNullable<GateResult['findings']> } {
  const open = files.filter(({ digest }) => !isApproved(approvals, gate, digest));
  const findings = open.map((file) => ({
    ...{
      digest: file.digest,
      summary: shorten(summaryOf(file), SUMMARY_LIMIT_CHARS),
      mender: 'code_writer' as const,
    },
    ...{ onApprove: phase, onReject: 'implementation' as const },
  }));
  return { open, findings };
}

/** Describes the first lines and counts the rest. `says` completes a sentence: `line 3 runs text as code`. */
export function describeLines(path: string, lines: ReadonlyArray<{ line: number; says: string }>): string {
  const shown = lines.slice(0, MAX_LINES_SHOWN).map(({ line, says }) => `line ${line} ${says}`);
  const more = lines.length > shown.length ? ` and ${lines.length - shown.length} more` : '';
  return `${path}: ${shown.join(', ')}${more}`;
}

/** Limits the length; the last character is then `…`. */
export function shorten(text: string, limitChars: number): string {
  return text.length > limitChars ? `${text.slice(0, limitChars - 1)}…` : text;
}
