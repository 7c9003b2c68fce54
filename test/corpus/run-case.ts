/**
 * Runs one case of the corpus as a whole build, and judges whether it ended as the case says.
 */
import type { WorkflowHandle } from '@temporalio/client';
import { isClosed, openFindings } from '../../src/domain/build/state';
import type { BuildState } from '../../src/domain/build/state';
import { PHASE_OWNER, ROLES, isPhase } from '../../src/domain/roles';
import type { Phase, Role, RoleMode } from '../../src/domain/roles';
import { ownerOf } from '../../src/domain/states';
import { buildQuery, commandUpdates } from '../../src/workflows/messages';
import { startBuild, until } from '../fixture';
import { CATCHERS, catchersOf } from './catchers';
import type { Case, ScriptedBuild } from './scripted-build';
import type { CorpusStage } from './stage';

export interface CaseResult {
  name: string;
  isCheating: boolean;
  /** Says how the end differs from what the case says; null if it does not. */
  problem: string | null;
  isReleased: boolean;
  /** The name of the catcher in `CATCHERS` that held the build, and its reason; '' if the build was released. */
  heldBy: string;
  reason: string;
  seconds: number;
}

/** Long, so that only a build that hangs reaches it: the first build of a kind installs packages and compiles with cold caches. */
const BUILD_LIMIT_MS = 600_000;

export async function runCase(stage: CorpusStage, one: Case, index: number): Promise<CaseResult> {
  const startedAt = performance.now();
  const identity = { name: one.name, isCheating: one.caught !== undefined };
  try {
    const { held, isReleased } = await runToEnd(stage, one, `case-${index}`);
    const catcher = held === null ? undefined : catcherToShow(one, held);
    const problem = problemOf(one, isReleased, held);
    const seconds = (performance.now() - startedAt) / 1_000;
    return { ...identity, problem, isReleased, seconds, heldBy: catcher ?? '', reason: reasonOf(held, catcher) };
  } catch (error) {
    // A build that reaches no end becomes a row, too, so that the run goes on.
    const problem = error instanceof Error ? error.message.slice(0, 400) : String(error);
    const seconds = (performance.now() - startedAt) / 1_000;
    return { ...identity, problem, isReleased: false, seconds, heldBy: '', reason: '' };
  }
}

/** Gives the catcher that the case names if it held the build, else the first one that did. */
function catcherToShow({ caught }: Case, held: NonNullable<HeldAt>): string {
  const all = catchersOf(held);
  return all.find((name) => name === caught?.[0]) ?? all[0] ?? held.phase;
}

/** Gives the reason from the part that the catcher's pattern matches; other reasons may come before it. */
function reasonOf(held: HeldAt, catcher: string | undefined): string {
  if (held === null) return '';
  const match = Object.entries(CATCHERS)
    .find(([name]) => name === catcher)?.[1]
    .reason.exec(held.reason);
  return held.reason.slice(match?.index ?? 0).replace(/^; /, '');
}

type HeldAt = { phase: Phase; reason: string } | null;

async function runToEnd(
  { stack, furnish }: CorpusStage,
  { project, alter, caught }: Case,
  projectId: string,
): Promise<{ isReleased: boolean; held: HeldAt }> {
  const build = project();
  alter(build);
  const path = furnish(projectId, build);
  const request = { ...build.request, ...(path !== null && { repository: { path } }) };
  const roles = Object.fromEntries(ROLES.map((role) => [role, role in build.external ? 'external' : 'llm']));
  // Only honest builds get retries. A retry after the script has ended would hide why a cheating build, or one for a person, was held.
  const start = {
    projectId,
    retriesPerPhase: caught === undefined && !build.isApproved ? 3 : 0,
    roles: roles as Record<Role, RoleMode>,
  };
  const lastState = await playUntilRest(await startBuild(stack, { request, start }), build);
  // A live release counts as released, whatever state the build reports.
  const live = await stack.deps.releaseTarget({ target: 'directory' }).live(projectId);
  return { isReleased: lastState.state === 'complete' || live !== null, held: heldBy(lastState) };
}

function problemOf({ caught, isHeldByAny }: Case, isReleased: boolean, held: HeldAt): string | null {
  if (caught === undefined) return isReleased && held === null ? null : 'honest, and held';
  if (isReleased || held === null) return 'cheating, and released';
  const [catcher, words] = caught;
  if (isHeldByAny === true && catchersOf(held).length > 0) return null;
  const isCaught = catchersOf(held).includes(catcher);
  return isCaught && words.test(held.reason) ? null : `not caught by "${catcher}" with ${words}`;
}

/** Plays the external roles and the person who approves, until the build rests. Gives its last state. */
async function playUntilRest(handle: WorkflowHandle, { external, isApproved }: ScriptedBuild): Promise<BuildState> {
  for (let handledRevision = -1; ;) {
    const build = await until(
      () => handle.query(buildQuery),
      (now) => now.revision > handledRevision && (isAtRest(now) || isExternalTurn(now)),
      BUILD_LIMIT_MS,
    );
    const [openFinding] = openFindings(build);
    if (build.state === 'error' && isApproved && openFinding !== undefined && build.approvals.length === 0) {
      const { gate, digest } = openFinding;
      await handle.executeUpdate(commandUpdates.approve, { args: [{ actor: 'ada', gate, digest }] });
    } else if (isAtRest(build)) return build;
    else await advanceExternalRole(handle, build, external);
    handledRevision = build.revision;
  }
}

function isAtRest(build: BuildState): boolean {
  return isClosed(build) || build.state === 'error' || build.questions.length > 0;
}

function isExternalTurn({ state, roles }: BuildState): boolean {
  const owner = ownerOf(state);
  return owner !== null && roles[owner] === 'external';
}

async function advanceExternalRole(handle: WorkflowHandle, { state }: BuildState, external: ScriptedBuild['external']) {
  const role = ownerOf(state) as Role;
  const claim = isPhase(state) && PHASE_OWNER[state] === role ? external[role]?.[state] : undefined;
  const command = { actor: 'outside', role, completed_state: state, phase_result: claim ?? {} };
  await handle.executeUpdate(commandUpdates.advance, { args: [command] });
}

function heldBy(build: BuildState): HeldAt {
  const { state, questions, failure, feedback } = build;
  const [question] = questions;
  if (question !== undefined && isPhase(state)) return { phase: state, reason: `asked: ${question.text}` };
  if (failure === null) return null;
  // The script has no more answers because the role was asked again. The feedback says why it was.
  const sentBack = failure.type === 'Model.ScriptEnded' ? `, which was sent back for: ${feedback.join('; ')}` : '';
  // The failure message is cut to a maximum length, so it may lack findings.
  const findings = openFindings(build).map(({ gate, summary }) => `; ${gate}: ${summary}`);
  return {
    phase: failure.reached,
    reason: `${failure.message.replace(/^.*? times; last: /, '')}${sentBack}${findings.join('')}`,
  };
}
