/**
 * Runs one build whose worker is killed in the third step of each phase, and its model. The worker is the real program in its own
 * process, so that only Temporal and the disk keep its work.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runningOf } from '../../../src/api/running';
import type { BuildState } from '../../../src/domain/build/state';
import type { BuildStart } from '../../../src/domain/build/start';
import { branchNameOf, callKeyOf } from '../../../src/domain/ids';
import type { Phase } from '../../../src/domain/roles';
import { roleDefaults } from '../../../src/programs/wiring';
import { beginProgram } from '../../e2e/a-program';
import type { Program } from '../../e2e/a-program';
import { gitIn, makeProject } from '../../e2e/a-project';
import { startBuild, startStack, until } from '../../fixture';
import type { Stack } from '../../fixture';
import { CHANGES, RUN_MARK, SLOW_NOTES } from './answers';
import type { Moment } from './answers';
import { startModel, THIRD } from './model';
import type { MockModel, Trap } from './model';

const PROJECT = 'shop';

const WITHIN_MS = 240_000;

export interface Kill {
  phase: Phase;
  moment: Moment;
  /** The answer was on disk when the worker was dead. */
  isStored: boolean;
  /** The activity of the third step had not ended when the worker was dead. */
  isUnderWay: boolean;
}

export interface Site {
  stack: Stack;
  model: MockModel;
  /** Kills the worker in the third step of the phase, and starts another. The first kill starts the build, too. */
  kill(phase: Phase): Promise<Kill>;
  handle(): Promise<Handle>;
  /** Runs git in the project's repository, and returns its output. */
  git(...args: string[]): string;
  close(): Promise<void>;
}
export type Handle = Awaited<ReturnType<typeof startBuild>>;

export async function openSite(
  moments: Record<Phase, Moment>,
  roles: Partial<BuildStart['roles']> = {},
): Promise<Site> {
  const buildId = randomUUID();
  const repository = makeProject();
  writeFileSync(join(repository, 'notes.txt'), SLOW_NOTES);
  gitIn(repository, 'add', 'notes.txt');
  gitIn(repository, '-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'Notes');
  let calls = '';
  const callFile = (key: string) => join(calls, `${key}.json`);
  const model = await startModel({ moments, isStored: (key) => existsSync(callFile(key)) });
  const env = { MODEL: 'compatible:mock', COMPATIBLE_BASE_URL: model.url, REPOSITORY_ROOTS: tmpdir() };
  const stack = await startStack({ worker: false, env });
  const { dataDir } = stack.config;
  calls = join(dataDir, 'documents/calls');
  const gitDir = join(dataDir, 'repositories', `${PROJECT}.git`);
  let worker = await startWorker(stack, env);
  let startedBuild: Promise<Handle> | undefined;
  const start: Partial<BuildStart> = {
    ...{ projectId: PROJECT, buildId },
    roles: { ...roleDefaults(stack.config), ...roles },
  };
  const handle = () => (startedBuild ??= startBuild(stack, { request: { repository: { path: repository } }, start }));
  return {
    ...{ stack, model, handle },
    async kill(phase) {
      const [victim, moment] = [worker, moments[phase]];
      const trap: Trap = { phase, isSprung: false, spring: () => victim.child.kill('SIGKILL') };
      model.trap = trap;
      const build = await handle();
      const { requestKey } = await build.query<BuildState>('build');
      const line = { projectId: PROJECT, buildId, requestKey };
      const answer = callFile(callKeyOf({ ...line, phase, generation: 1, attempt: 1, step: THIRD }));
      const effects: Effects = {
        isStored: () => existsSync(answer),
        branch: () => readText(join(gitDir, 'refs/heads', branchNameOf(line))),
        isLive: () => existsSync(join(dataDir, 'releases', PROJECT, 'current')),
      };
      await waitUntilSprung({ build, model, trap, moment, effects });
      await victim.exitCode;
      model.trap = null;
      await until(
        async () => commandsOf(RUN_MARK),
        (left) => left.length === 0,
        15_000,
      );
      const kill = { phase, moment, isStored: effects.isStored(), isUnderWay: await isInThird(build, phase) };
      worker = await startWorker(stack, env);
      return kill;
    },
    git: (...args) => gitIn(gitDir, ...args),
    async close() {
      worker.child.kill('SIGKILL');
      await worker.exitCode;
      await model.close();
      await stack.stop();
      await rm(repository, { recursive: true, force: true });
    },
  };
}

async function startWorker({ config }: Stack, env: Record<string, string>): Promise<Program> {
  const { temporal, dataDir } = config;
  const settings = {
    TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS,
    TEMPORAL_TASK_QUEUE: temporal.taskQueue,
    DATA_DIR: dataDir,
  };
  // Experiments run the tests many times, and make no model calls.
  const worker = beginProgram({ name: 'worker', folder: dataDir, env: { ...env, ...settings, EXPERIMENT_RUNS: '0' } });
  await worker.waitFor(/^ready worker/m);
  return worker;
}

interface Effects {
  isStored(): boolean;
  /** Returns the commit of the build's branch, or '' if there is none. */
  branch(): string;
  isLive(): boolean;
}
interface KillInput {
  build: Handle;
  model: MockModel;
  trap: Trap;
  moment: Moment;
  effects: Effects;
}

/** Waits until the trap is sprung. The model springs it during a request; this function springs it after an answer. */
async function waitUntilSprung({ build, model, trap, moment, effects }: KillInput): Promise<void> {
  const { phase } = trap;
  const isAnswered = () => model.calls.some((call) => isThirdStep(call, phase) && call.isAnswered);
  const isTriggered = () => trap.isSprung || isAnswered();
  const before = () => effects.branch();
  try {
    await until(async () => isTriggered(), Boolean, WITHIN_MS, 1);
    if (moment === 'tool')
      await until(
        () => toolOf(build),
        (tool) => tool === slowTool(phase),
        60_000,
        5,
      );
    else if (moment === 'finish') await waitForEffect(phase, effects, before());
    else return;
    trap.isSprung = true;
    trap.spring();
  } catch (error) {
    const { state, failure, feedback } = await build.query<BuildState>('build');
    const stateText = JSON.stringify({ state, failure, feedback }).slice(0, 2_000);
    throw new Error(`the worker was not killed in ${phase} (${moment}): ${stateText}`, { cause: error });
  }
}

/** Checks as often as it can, because only some milliseconds are between the answer and the end of the activity. */
async function waitForEffect(phase: Phase, effects: Effects, branchBefore: string): Promise<void> {
  const beginningOf: Partial<Record<Phase, () => boolean>> = {
    implementation: () => effects.branch() !== branchBefore,
    testing: () => effects.branch() !== branchBefore,
    deployment: effects.isLive,
  };
  const hasBegun = beginningOf[phase] ?? effects.isStored;
  const deadline = Date.now() + 60_000;
  while (!hasBegun()) {
    if (Date.now() > deadline) throw new Error('the answer had no effect within 60 s');
    await new Promise(setImmediate);
  }
}

export function isThirdStep(call: { phase: Phase; step: number }, phase: Phase): boolean {
  return call.phase === phase && call.step === THIRD;
}

function slowTool(phase: Phase): string {
  return CHANGES[phase] === undefined ? 'search' : 'run';
}

async function toolOf(build: Handle): Promise<string | null> {
  const { doing } = runningOf((await build.describe()).raw.pendingActivities ?? []);
  return doing?.step === THIRD ? doing.tool : null;
}

/** Returns whether the build still has the activity of this phase; the next phase has another activity. */
async function isInThird(build: Handle, phase: Phase): Promise<boolean> {
  const [pending] = (await build.describe()).raw.pendingActivities ?? [];
  return pending?.activityType?.name === ACTIVITIES[phase];
}
const ACTIVITIES: Record<Phase, string> = {
  discovery: 'discover',
  planning: 'plan',
  implementation: 'writeCode',
  testing: 'auditTests',
  verification: 'verify',
  deployment: 'release',
};

/** Returns the processes of the slow command, which must end with the sandbox of the dead worker. */
function commandsOf(mark: string): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && readText(`/proc/${name}/cmdline`).includes(mark));
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
