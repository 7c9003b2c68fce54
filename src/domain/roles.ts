/**
 * The five roles, the six phases, and which role owns which phase.
 *
 * Rule of this folder (`domain`): pure TypeScript, no imports from other folders, no clock, no randomness.
 */

export const ROLES = [
  'q_assistant',
  'code_writer',
  'test_auditor',
  'verification_overseer',
  'release_manager',
] as const;
export type Role = (typeof ROLES)[number];

export const PHASES = ['discovery', 'planning', 'implementation', 'testing', 'verification', 'deployment'] as const;
export type Phase = (typeof PHASES)[number];

/** How a role is driven: by its model, or by a caller of `advance`. */
export type RoleMode = 'llm' | 'external';

export function isRoleMode(value: unknown): value is RoleMode {
  return value === 'llm' || value === 'external';
}

export const PHASE_OWNER: Readonly<Record<Phase, Role>> = {
  discovery: 'q_assistant',
  planning: 'q_assistant',
  implementation: 'code_writer',
  testing: 'test_auditor',
  verification: 'verification_overseer',
  deployment: 'release_manager',
};

export const ROLE_TITLE: Readonly<Record<Role, string>> = {
  q_assistant: 'Q Assistant',
  code_writer: 'Code Writer',
  test_auditor: 'Test Auditor',
  verification_overseer: 'Verification Overseer',
  release_manager: 'Release Manager',
};

export function isPhase(value: unknown): value is Phase {
  return (PHASES as readonly unknown[]).includes(value);
}
