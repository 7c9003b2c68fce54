/**
 * What a gate is, and what it says: passed or not, why not, what it could not see, and the evidence it judged by.
 *
 * Reasons go to the Code Writer and into history, so they are short, few, and never hold a secret.
 */
import type { FindingDraft } from '../findings';
import { shortened } from './found-files';
import type { Phase } from '../roles';
import type { Facts, Subject } from './facts';

/** One gate: a file with this record, and a line in the list of `gates/index.ts`. */
export interface Gate<S extends Subject = Subject> {
  readonly name: string;
  /** The phases that it can stop. */
  readonly phase: readonly Phase[];
  /** What it judges; a gate over several of them uses what they have in common. */
  readonly judges: readonly S[];
  readonly page: PageTexts;
  judge(facts: Facts[S]): Judged;
}

/** What the page of a gate says whatever it found, one sentence each: what must hold, and what a person or role can do. */
export interface PageTexts {
  readonly expected: string;
  readonly helps: string;
}

/** What a gate finds. Without a reason it passes. */
export interface Judged {
  reasons: string[];
  /** What was not measured; shown to the overseer and to persons. Holds nothing back. */
  notes?: string[];
  /** Digests in the artifact store: logs of what ran. */
  evidence?: string[];
  /** What a person may let pass. Each has a reason, too; the gate's name is added for it. */
  findings?: Array<Omit<FindingDraft, 'gate'>>;
}

export interface GateVerdict {
  gate: string;
  pass: boolean;
  /** Why it does not pass; empty where it does. */
  reasons: string[];
  notes: string[];
  evidence: string[];
  /** Absent where there are none. */
  findings?: NonNullable<Judged['findings']>;
}

const REASON_LIMIT_CHARS = 300;
const REASONS_LIMIT = 30;

export function verdictOf(gate: string, { reasons, notes = [], evidence = [], findings = [] }: Judged): GateVerdict {
  const said = { reasons: boundReasons(reasons), notes: boundReasons(notes), evidence };
  return { gate, pass: reasons.length === 0, ...said, ...(findings.length === 0 ? {} : { findings }) };
}

/** Never more than thirty, each at most 300 characters; what is left out is counted. */
export function boundReasons(reasons: string[]): string[] {
  const clipped = reasons.map((reason) => shortened(reason, REASON_LIMIT_CHARS));
  if (clipped.length <= REASONS_LIMIT) return clipped;
  const kept = clipped.slice(0, REASONS_LIMIT - 1);
  return [...kept, `and ${clipped.length - kept.length} more`];
}

/** The reasons of all gates that do not pass, each with its gate's name; bounded together. */
export function objectionsOf(verdicts: GateVerdict[]): string[] {
  return boundReasons(verdicts.flatMap(({ gate, reasons }) => reasons.map((reason) => `${gate}: ${reason}`)));
}
