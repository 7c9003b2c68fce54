/**
 * Makes builds for tests of the domain, by real commands and outcomes.
 */
import { beginBuild, openFindings } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import type { Finding } from '../../src/domain/findings';
import type { CommandName } from '../../src/domain/commands';
import { execute } from '../../src/domain/build/reduce';
import { ROLES } from '../../src/domain/roles';
import type { Role, RoleMode } from '../../src/domain/roles';
import { ownerOf } from '../../src/domain/states';
import type { State } from '../../src/domain/states';

export const NOW = '2026-11-21T09:00:00.000Z';

export function newBuild(over: { retriesPerPhase?: number; mode?: RoleMode } = {}): BuildState {
  const roles = Object.fromEntries(ROLES.map((role) => [role, over.mode ?? 'external'])) as Record<Role, RoleMode>;
  return beginBuild({
    projectId: 'shop',
    buildId: 'b1',
    userId: 'ada',
    title: 'Build me a dark mode feature',
    request: `sha256:${'0'.repeat(64)}`,
    roles,
    retriesPerPhase: over.retriesPerPhase ?? 3,
    createdAt: NOW,
  });
}

/** Applies a command that must be accepted, and returns the build after it. */
export function apply(build: BuildState, name: CommandName, wire: unknown, now = NOW): BuildState {
  const decision = execute(build, { name, wire, now });
  if (decision.kind === 'refused') throw new Error(`refused: ${decision.refusal.message}`);
  return decision.build;
}

/** The refusal of a command that must be refused. */
export function refusalOf(build: BuildState, name: CommandName, wire: unknown) {
  const decision = execute(build, { name, wire, now: NOW });
  if (decision.kind === 'accepted') throw new Error(`${name} was accepted`);
  return decision.refusal;
}

/** The build with an open finding of `tampering`; `letter` fills its digest. */
export function withFinding(build: BuildState, letter: string, over: Partial<Finding> = {}): BuildState {
  const digest = digestOf(letter);
  const consequences = { onApprove: 'testing', onReject: 'implementation' } as const;
  const mender = 'code_writer' as const;
  const found: Finding = {
    gate: 'tampering',
    digest,
    summary: `found ${letter}`,
    mender,
    ...consequences,
    at: NOW,
    ...over,
  };
  return { ...build, findings: [...openFindings(build), found] };
}

export function digestOf(letter: string): string {
  return `sha256:${letter.repeat(64)}`;
}

/** Advances along the forward edges until the build is in `state`. */
export function buildIn(state: State, start: BuildState = newBuild()): BuildState {
  let build = start;
  if (state === 'error')
    return apply(buildIn('testing', start), 'advance', { ...advanceOf('testing'), next_state: 'error' });
  while (build.state !== state) build = apply(build, 'advance', advanceOf(build.state));
  return build;
}

export function advanceOf(state: State) {
  return { role: ownerOf(state) ?? 'q_assistant', completed_state: state, phase_result: { done: state }, actor: 'ada' };
}

/** The common members of a finished attempt's outcome. */
export const WORKED = {
  kind: 'worked',
  by: 'fake:model',
  usage: { calls: 0, inputTokens: null, outputTokens: null },
  output: { digest: digestOf('f'), bytes: 2 },
  notes: 'done',
} as const;

/** The wire body of a decision by ada on the finding that `withFinding` adds. */
export function decisionOn(letter: string, over: object = {}) {
  return { gate: 'tampering', digest: digestOf(letter), actor: 'ada', ...over };
}
