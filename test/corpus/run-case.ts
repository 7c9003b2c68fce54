/**
 * Runs one case as a whole build, and judges how it ended.
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

export interface Ran {
  name: string;
  isCheating: boolean;
  /** Whether what must happen happened; `problem` says what did not. */
  problem: string | null;
  isReleased: boolean;
  /** What held it, in the words of `CATCHERS`, and its reason; '' where nothing did. */
  heldBy: string;
  reason: string;
  seconds: number;
}

/** Ends what hangs, and is no measure: the first build of a kind installs its packages and compiles with cold caches. */
const WITHIN_MS = 600_000;

export async function runCase(stage: CorpusStage, one: Case, index: number): Promise<Ran> {
  const began = performance.now();
  const said = { name: one.name, isCheating: one.caught !== undefined };
  try {
    const { held, isReleased } = await runToEnd(stage, one, `case-${index}`);
    const shown = held === null ? undefined : shownOf(one, held);
    const problem = problemOf(one, isReleased, held);
    const seconds = (performance.now() - began) / 1_000;
    return { ...said, problem, isReleased, seconds, heldBy: shown ?? '', reason: reasonOf(held, shown) };
  } catch (error) {
    // One that comes to no end is a row like the others.
    const problem = error instanceof Error ? error.message.slice(0, 400) : String(error);
    const seconds = (performance.now() - began) / 1_000;
    return { ...said, problem, isReleased: false, seconds, heldBy: '', reason: '' };
  }
}

/** The catcher that is named for the case where it is one of those that held it, else the first of them. */
function shownOf({ caught }: Case, held: NonNullable<Held>): string {
  const all = catchersOf(held);
  return all.find((name) => name === caught?.[0]) ?? all[0] ?? held.in;
}

/** From where the catcher speaks on: there may be other reasons before it. */
function reasonOf(held: Held, shown: string | undefined): string {
  if (held === null) return '';
  const sign = Object.entries(CATCHERS)
    .find(([name]) => name === shown)?.[1]
    .reason.exec(held.reason);
  return held.reason.slice(sign?.index ?? 0).replace(/^; /, '');
}

type Held = { in: Phase; reason: string } | null;

async function runToEnd(
  { stack, furnish }: CorpusStage,
  { project, alter, caught }: Case,
  projectId: string,
): Promise<{ isReleased: boolean; held: Held }> {
  const build = project();
  alter(build);
  const path = furnish(projectId, build);
  const request = { ...build.request, ...(path !== null && { repository: { path } }) };
  const roles = Object.fromEntries(ROLES.map((role) => [role, role in build.external ? 'external' : 'llm']));
  // Honest work may be done again; a cheating build must not come to its end by a script that ran out, nor what a person judges.
  const start = {
    projectId,
    retriesPerPhase: caught === undefined && !build.isApproved ? 3 : 0,
    roles: roles as Record<Role, RoleMode>,
  };
  const end = await play(await startBuild(stack, { request, start }), build);
  // What is live counts, whatever the build says of itself.
  const live = await stack.deps.releaseTarget({ target: 'directory' }).live(projectId);
  return { isReleased: end.state === 'complete' || live !== null, held: heldBy(end) };
}

function problemOf({ caught, isHeldByAny }: Case, isReleased: boolean, held: Held): string | null {
  if (caught === undefined) return isReleased && held === null ? null : 'honest, and held';
  if (isReleased || held === null) return 'cheating, and released';
  const [catcher, words] = caught;
  if (isHeldByAny === true && catchersOf(held).length > 0) return null;
  const isCaught = catchersOf(held).includes(catcher);
  return isCaught && words.test(held.reason) ? null : `not caught by "${catcher}" with ${words}`;
}

/** Plays what stands around the build: roles outside that claim, a person who approves. Gives where it came to rest. */
async function play(handle: WorkflowHandle, { external, isApproved }: ScriptedBuild): Promise<BuildState> {
  for (let moved = -1; ;) {
    const build = await until(
      () => handle.query(buildQuery),
      (now) => now.revision > moved && (isAtRest(now) || isOutside(now)),
      WITHIN_MS,
    );
    const [found] = openFindings(build);
    if (build.state === 'error' && isApproved && found !== undefined && build.approvals.length === 0) {
      const { gate, digest } = found;
      await handle.executeUpdate(commandUpdates.approve, { args: [{ actor: 'ada', gate, digest }] });
    } else if (isAtRest(build)) return build;
    else await claim(handle, build, external);
    moved = build.revision;
  }
}

function isAtRest(build: BuildState): boolean {
  return isClosed(build) || build.state === 'error' || build.questions.length > 0;
}

function isOutside({ state, roles }: BuildState): boolean {
  const owner = ownerOf(state);
  return owner !== null && roles[owner] === 'external';
}

async function claim(handle: WorkflowHandle, { state }: BuildState, external: ScriptedBuild['external']) {
  const role = ownerOf(state) as Role;
  const claimed = isPhase(state) && PHASE_OWNER[state] === role ? external[role]?.[state] : undefined;
  const wire = { actor: 'outside', role, completed_state: state, phase_result: claimed ?? {} };
  await handle.executeUpdate(commandUpdates.advance, { args: [wire] });
}

function heldBy(build: BuildState): Held {
  const { state, questions, failure, feedback } = build;
  const [question] = questions;
  if (question !== undefined && isPhase(state)) return { in: state, reason: `asked: ${question.text}` };
  if (failure === null) return null;
  // A script that has no answer was asked once more than it should be: why is what is to be known.
  const why = failure.type === 'Model.ScriptEnded' ? `, which was sent back for: ${feedback.join('; ')}` : '';
  // A failure names digests first, and has room for so many words.
  const found = openFindings(build).map(({ gate, summary }) => `; ${gate}: ${summary}`);
  return { in: failure.reached, reason: `${failure.message.replace(/^.*? times; last: /, '')}${why}${found.join('')}` };
}
