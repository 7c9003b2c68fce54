/**
 * What a gate says: passed or not, why not, what it could not see, and the evidence it judged by.
 *
 * Reasons go to the Code Writer and into history, so they are short, few, and never hold a secret.
 */
export const GATES = [
  'plan',
  'tests',
  'criteria',
  'types',
  'files',
  'deletions',
  'size',
  'secrets',
  'dependencies',
] as const;
export type GateName = (typeof GATES)[number];

export interface GateVerdict {
  gate: GateName;
  pass: boolean;
  /** Why it does not pass; empty where it does. */
  reasons: string[];
  /** What was not measured, for whoever judges after us. Holds nothing back. */
  notes: string[];
  /** Digests in the artifact store: logs of what ran. */
  evidence: string[];
}

const REASON_LIMIT_CHARS = 300;
const REASONS_LIMIT = 30;

export function verdict(
  gate: GateName,
  reasons: string[],
  more: { notes?: string[]; evidence?: string[] } = {},
): GateVerdict {
  const bounded = boundReasons(reasons);
  const { notes = [], evidence = [] } = more;
  return { gate, pass: reasons.length === 0, reasons: bounded, notes: boundReasons(notes), evidence };
}

/** Never more than thirty, each at most 300 characters; what is left out is counted. */
export function boundReasons(reasons: string[]): string[] {
  const clipped = reasons.map((reason) =>
    reason.length > REASON_LIMIT_CHARS ? `${reason.slice(0, REASON_LIMIT_CHARS - 1)}…` : reason,
  );
  if (clipped.length <= REASONS_LIMIT) return clipped;
  const kept = clipped.slice(0, REASONS_LIMIT - 1);
  return [...kept, `and ${clipped.length - kept.length} more`];
}

/** The reasons of all gates that do not pass, each with its gate's name; bounded together. */
export function objectionsOf(verdicts: GateVerdict[]): string[] {
  return boundReasons(verdicts.flatMap(({ gate, reasons }) => reasons.map((reason) => `${gate}: ${reason}`)));
}
