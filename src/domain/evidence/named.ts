/**
 * The evidence of an output: a list of what the orchestrator measured for it, each piece by name, in the order it was measured.
 *
 * A new measurement is one more name here. The record reads these lists.
 */
import { firstMember, isObject } from '../json';
import type { Evidence } from './evidence';

/** `tests_before`: the run on the commit before the Test Auditor's own tests were added. */
export const EVIDENCE_NAMES = ['tests_before', 'tests', 'syntax', 'types', 'build'] as const;
export type EvidenceName = (typeof EVIDENCE_NAMES)[number];
export interface NamedEvidence extends Evidence {
  name: EvidenceName;
}

/** The command as people are shown it: a program that was passed as text would hide what it was for. */
export function commandText({ command, shown }: Pick<Evidence, 'command' | 'shown'>): string {
  return shown ?? command.join(' ');
}

/** An output as a role is shown it: of evidence with a form for display, that in the place of the command. */
export function displayed(output: unknown): unknown {
  const evidence = firstMember(output, 'evidence');
  if (!isObject(output) || !Array.isArray(evidence)) return output;
  return { ...output, evidence: evidence.map((one: unknown) => (isObject(one) ? withShown(one) : one)) };
}

function withShown({ shown, ...evidence }: Record<string, unknown>): object {
  return shown === undefined ? evidence : { ...evidence, command: shown };
}
