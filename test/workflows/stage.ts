/**
 * Starts a worker and a server for the tests of one file, and runs builds on them, each with its own answers of models.
 */
import { randomUUID } from 'node:crypto';
import { ApplicationFailure, WorkflowUpdateFailedError } from '@temporalio/client';
import type { ModelRequest } from '../../src/ports/model';
import type { BuildState } from '../../src/domain/build/state';
import type { BuildStart } from '../../src/domain/build/start';
import type { CommandName } from '../../src/domain/commands';
import type { Refusal } from '../../src/domain/commands/refusals';
import { ROLES } from '../../src/domain/roles';
import type { Role, RoleMode } from '../../src/domain/roles';
import { ownerOf } from '../../src/domain/states';
import type { State } from '../../src/domain/states';
import { buildQuery, commandSignals, commandUpdates } from '../../src/workflows/messages';
import { startBuild, startStack, until } from '../fixture';
import type { Stack, StackOptions } from '../fixture';
import { TEST_COMMAND, buildOf, fakeModel } from './fake-models';
import type { Answers } from './fake-models';

export interface Scene {
  answers?: Answers;
  /** All alike, or some named and the rest `llm`. */
  roles?: RoleMode | Partial<Record<Role, RoleMode>>;
  request?: object;
  start?: Partial<BuildStart>;
}
export type Stage = Awaited<ReturnType<typeof openStage>>;
export type Run = Awaited<ReturnType<Stage['begin']>>;

export async function openStage({ scripted, ...options }: StackOptions & { scripted?: boolean } = {}) {
  const answersOf = new Map<string, Answers>();
  const calls: ModelRequest[] = [];
  const model = fakeModel((buildId) => answersOf.get(buildId) ?? {}, calls, { scripted });
  const stack: Stack = await startStack({ ...options, deps: { modelFor: () => model, ...options.deps } });
  return {
    stack,
    async begin(scene: Scene = {}) {
      const buildId = scene.start?.buildId ?? randomUUID();
      answersOf.set(buildId, scene.answers ?? {});
      const request = { commands: { test: TEST_COMMAND }, ...scene.request };
      const start = { buildId, roles: rolesOf(scene.roles ?? 'llm'), ...scene.start };
      const handle = await startBuild(stack, { request, start });
      return { buildId, calls: () => calls.filter((call) => buildOf(call) === buildId), ...talkTo(handle) };
    },
    stop: () => stack.stop(),
  };
}

/** What a role was sent, call by call. */
export function promptsOf(run: Run, phase: string): string[] {
  const calls = run.calls().filter((call) => call.phase === phase);
  return calls.map((call) => JSON.stringify(call.messages));
}

/** The page as it stands on the build's branch. */
export async function pageOf(stage: Stage, run: Run): Promise<string> {
  const { projectId, buildId, commit } = await run.state();
  return stage.stack.deps.workspace.read({ projectId, buildId, commit: commit ?? '' }, 'index.html');
}

export type Handle = Awaited<ReturnType<typeof startBuild>>;

/** How a test speaks with a build. */
export function talkTo(handle: Handle) {
  const state = () => handle.query(buildQuery);
  const send = (name: CommandName, wire: unknown, updateId: string = randomUUID()) =>
    handle.executeUpdate(commandUpdates[name], { args: [wire], updateId });
  return {
    handle,
    state,
    send,
    signal: (name: CommandName, wire: unknown) => handle.signal(commandSignals[name], wire),
    /** The refusal of an update that must be refused. */
    refusal: (name: CommandName, wire: unknown, updateId?: string) => refusalOf(send(name, wire, updateId)),
    reach: (to: State | ((build: BuildState) => boolean), withinMs = 120_000) =>
      until(state, (build) => (typeof to === 'function' ? to(build) : build.state === to), withinMs),
    events: async () => (await handle.describe()).historyLength,
  };
}

export function advanceOf(state: State, over: object = {}) {
  return { role: ownerOf(state), completed_state: state, phase_result: { done: state }, actor: 'ada', ...over };
}

async function refusalOf(update: Promise<unknown>): Promise<Refusal> {
  const error = await update.then(
    () => new Error('it was accepted'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure) {
    return error.cause.details?.[0] as Refusal;
  }
  throw error;
}

function rolesOf(roles: NonNullable<Scene['roles']>): Record<Role, RoleMode> {
  const modes = ROLES.map((role) => [role, typeof roles === 'string' ? roles : (roles[role] ?? 'llm')]);
  return Object.fromEntries(modes) as Record<Role, RoleMode>;
}
