/**
 * The system prompts of the roles.
 */
import type { Phase } from '../domain/roles';

/** The system prompt of each phase, and the digest that is its version. */
export interface Prompts {
  of(phase: Phase): { text: string; digest: string };
}
