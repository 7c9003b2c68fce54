/**
 * The type of a gate, and its verdict: passed or not, the reasons, what was not measured, and the evidence.
 *
 * Reasons go to the Code Writer and into history, so they are short and few, and never contain a secret.
 */
import type { FindingDraft } from '../findings';
import { shorten } from './file-findings';
import type { Phase } from '../roles';
import type { Facts, Subject } from './facts';

/** One gate: a file that exports this record, and a line in the list of `gates/index.ts`. */
export interface Gate<S extends Subject = Subject> {
  readonly name: string;
  /** The phases that the gate can stop. */
  readonly phase: readonly Phase[];
  /** The subjects that it judges; a gate with several subjects uses the members that they share. */
  readonly judges: readonly S[];
  readonly page: PageTexts;
  judge(facts: Facts[S]): GateResult;
}

/** The fixed texts on a gate's page, one sentence each: what must hold, and what a person or role can do. */
export interface PageTexts {
  readonly expected: string;
  readonly helps: string;
}

/** The result of a gate. It passes if there are no reasons. */
export interface GateResult {
  reasons: string[];
  /** What was not measured, for the Verification Overseer and for people. Notes stop nothing. */
  notes?: string[];
  /** Digests of logs in the artifact store. */
  evidence?: string[];
  /** Findings that a person may approve. Each also has a reason; the caller adds the gate's name. */
  findings?: Array<Omit<FindingDraft, 'gate'>>;
}

export interface GateVerdict {
  gate: string;
  pass: boolean;
  /** Why it does not pass; empty if it passes. */
  reasons: string[];
  notes: string[];
  evidence: string[];
  /** Absent if there are none. */
  findings?: NonNullable<GateResult['findings']>;
}

const REASON_LIMIT_CHARS = 300;
const REASONS_LIMIT = 30;

export function verdictOf(
  gate: string,
  { reasons, notes = [], evidence = [], findings = [] }: GateResult,
): GateVerdict {
  const bounded = { reasons: boundReasons(reasons), notes: boundReasons(notes), evidence };
  return { gate, pass: reasons.length === 0, ...bounded, ...(findings.length === 0 ? {} : { findings }) };
}

/** Limits reasons to thirty of at most 300 characters; the last one counts those left out. */
export function boundReasons(reasons: string[]): string[] {
  const clipped = reasons.map((reason) => shorten(reason, REASON_LIMIT_CHARS));
  if (clipped.length <= REASONS_LIMIT) return clipped;
  const shownReasons = clipped.slice(0, REASONS_LIMIT - 1);
  return [...shownReasons, `and ${clipped.length - shownReasons.length} more`];
}

/** Returns the reasons of all failed gates, each with its gate's name, limited together. */
export function objectionsOf(verdicts: GateVerdict[]): string[] {
  return boundReasons(verdicts.flatMap(({ gate, reasons }) => reasons.map((reason) => `${gate}: ${reason}`)));
}
