/**
 * Named evidence in a phase's output: a list of what the orchestrator measured, each with a name, in the order of measurement.
 *
 * A new kind of measurement needs a new name here. The record reads these lists.
 */
import { firstMember, isObject } from '../json';
import type { Evidence } from './evidence';

/** `tests_before`: the test run on the commit before the Test Auditor added tests. */
export const EVIDENCE_NAMES = ['tests_before', 'tests', 'syntax', 'types', 'build'] as const;
export type EvidenceName = (typeof EVIDENCE_NAMES)[number];
export interface NamedEvidence extends Evidence {
  name: EvidenceName;
}

/** Returns the command for people: the short form, if an argument is a whole program. */
export function commandText({ command, shown }: Pick<Evidence, 'command' | 'shown'>): string {
  return shown ?? command.join(' ');
}

/** Returns an output for a role's context: the short form replaces each command that has one. */
export function forDisplay(output: unknown): unknown {
  const evidence = firstMember(output, 'evidence');
  if (!isObject(output) || !Array.isArray(evidence)) return output;
  return { ...output, evidence: evidence.map((one: unknown) => (isObject(one) ? withShownCommand(one) : one)) };
}

function withShownCommand({ shown, ...evidence }: Record<string, unknown>): object {
  return shown === undefined ? evidence : { ...evidence, command: shown };
}
