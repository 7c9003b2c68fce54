/**
 * From a project to what its runs see: each step is taken from the cache, or carried out once for all that wait for it.
 */
import type { CheckoutInput } from '../../ports/checkouts';
import { sha256 } from '../../inspect/digest';
import { Failure } from '../../domain/failures';
import type { Language, RunPart, Tool } from '../../inspect/packages/install';
import type { DerivedStep } from '../../inspect/project/derive-project';
import { createToolFinder } from './find-tool';
import { runStep } from './install-step';
import type { Step } from './install-step';
import type { CheckoutsOptions } from './options';
import type { Kept, KeptRecord } from './package-cache';
import { blamed } from './blamed';
import { readBy } from './read-project';
import type { ReadProject } from './read-project';
import { copiesOf, isTool } from './setup-copies';
import { sameSetup } from './setup-files';
import { createRooms } from './setup-room';
import type { Rooms } from './setup-room';
import { createSharedWork } from './shared-work';
import { createToolVersions, LANGUAGES } from './tool-versions';
import { toolStep } from './tools';

/** What the steps of a project have made. */
export interface Installed {
  kept: Kept[];
  runs: RunPart[];
  /** Folders of brought programs, first on PATH. */
  path: string[];
  notes: string[];
  /** The derived steps, with their keys. */
  steps: Array<{ step: DerivedStep; key: string }>;
}
export interface StepInput extends Pick<CheckoutInput, 'signal'> {
  /** The commit that is made ready. */
  own: ReadProject;
  base: ReadProject;
  /** True: a derived step that fails is noted, since `commands.setup` may do its work. */
  mayFail: boolean;
  /** The git folder of a commit, to be shown. */
  gitOf(project: ReadProject): Promise<{ from: string; to: string }>;
}

/** What all steps share. */
interface Works {
  options: CheckoutsOptions;
  rooms: Rooms;
  keyOf(parts: unknown[]): Promise<string>;
  /** Kept under the key; made where nothing is. */
  once(key: string, make: (aside: string) => Promise<KeptRecord>): Promise<Kept>;
  hasTool(name: string): Promise<boolean>;
  versionOf(language: Language): Promise<string>;
  /** Why and when an optional step failed, by key. */
  failed: Map<string, { why: string; atMs: number }>;
}

/** Changes where what is kept is laid out in another way. */
const FORMAT = 4;

/** For so long a step that may fail is not tried again: each run of a build would wait for it. */
const FORGET_MS = 3 * 60_000;

export function createInstaller(options: CheckoutsOptions) {
  const rooms = createRooms(options);
  const share = createSharedWork<Kept>();
  const works: Works = {
    ...{ options, rooms, failed: new Map<string, { why: string; atMs: number }>() },
    versionOf: createToolVersions(options),
    hasTool: createToolFinder(options.setup.worker.env),
    keyOf: async (parts) => sha256(JSON.stringify([FORMAT, process.arch, await rooms.digest(), parts])),
    once: async (key, make) => (await options.cache.find(key)) ?? share(key, () => options.cache.keep(key, make)),
  };
  return {
    keyOf: works.keyOf,
    once: works.once,
    /** The derived steps. */
    installAll: (input: StepInput) => installAll(works, input),
    /** `commands.setup`, over the whole tree, after the derived steps. */
    runOwn: (input: StepInput, setup: string[], before: Installed) => runOwn(works, input, { setup, before }),
  };
}

async function installAll(works: Works, input: StepInput): Promise<Installed> {
  const found: Installed = { kept: [], runs: [], path: [], notes: [...input.own.notes], steps: [] };
  for (const [index, step] of input.own.steps.entries()) {
    const made = await installOne(works, input, { step, index });
    if (typeof made === 'string') {
      found.notes.push(`${step.manager} is left out: ${made}`);
      continue;
    }
    found.kept.push(...made.brought.map(({ kept }) => kept), made.kept);
    found.path.push(...made.brought.flatMap(({ path }) => path));
    found.notes.push(...made.kept.record.notes);
    found.runs.push(step.plan.runs);
    found.steps.push({ step, key: made.key });
  }
  return found;
}

interface Brought {
  kept: Kept;
  path: string[];
}

/** Why it is left out, as text, where it may be. */
async function installOne(
  works: Works,
  input: StepInput,
  { step, index }: { step: DerivedStep; index: number },
): Promise<{ brought: Brought[]; kept: Kept; key: string } | string> {
  const { own, base } = input;
  const { plan, folder, manager } = step;
  // The base's own tree serves each commit with the same files for set-up; another one is installed from its own tree.
  const isAsBase = own.inputs[index] === base.inputs[base.steps.findIndex((one) => one.manager === manager)];
  const from = isAsBase ? base : own;
  const whole = plan.wholeTree === true ? from.at.commit : null;
  const version = await works.versionOf(step.language);
  const key = await works.keyOf([manager, folder, plan.attempts, plan.tools, version, own.inputs[index], whole]);
  const known = works.failed.get(key);
  if (known !== undefined && Date.now() - known.atMs < FORGET_MS) return known.why;
  try {
    const { brought, work } = await prepare(works, input, { step, from });
    return { brought, kept: await works.once(key, (aside) => runStep(works, work, aside)), key };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (plan.optional !== true && !input.mayFail)
      throw isAsBase ? error : await blamed(error, { tryBase: tryBaseStep(works, input, manager) });
    const why = error.message.split('\n')[0] ?? '';
    works.failed.set(key, { why, atMs: Date.now() });
    return why;
  }
}

/** The work of a derived step, and the tools that were brought for it. */
async function prepare(
  works: Works,
  input: StepInput,
  { step, from }: { step: DerivedStep; from: ReadProject },
): Promise<{ brought: Brought[]; work: Step }> {
  const { plan } = step;
  const brought: Brought[] = [];
  for (const tool of plan.tools) brought.push(...(await bring(works, tool, input)));
  const history = plan.wholeTree === true ? [await input.gitOf(from)] : [];
  return { brought, work: stepOf(input, step, { from, brought, history }) };
}

/** Installs the base's packages again, from nothing, and keeps nothing of it; undefined where the base has no such step. */
function tryBaseStep(works: Works, input: StepInput, manager: string): (() => Promise<void>) | undefined {
  const { base } = input;
  const step = base.steps.find((one) => one.manager === manager);
  if (step === undefined) return undefined;
  return async () => {
    const { work } = await prepare(works, { ...input, own: base }, { step, from: base });
    const key = await works.keyOf(['again', manager]);
    await works.options.cache.tryOut(key, (aside) => runStep(works, work, aside));
  };
}

function stepOf(
  { own, signal }: StepInput,
  { plan, folder }: DerivedStep,
  { from, brought, history }: { from: ReadProject; brought: Brought[]; history: Array<{ from: string; to: string }> },
): Step {
  const seen = new Set(readBy({ plan, folder }, own.entries).map(({ path }) => path));
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = (test: (path: string) => boolean) => (path: string) =>
    path.startsWith(prefix) && test(path.slice(prefix.length));
  return {
    ...{ attempts: plan.attempts, folder, at: from.at, keeps: plan.keeps, lends: plan.lends ?? [], signal },
    ...{ env: plan.env, tracked: new Set(from.entries.map(({ path }) => path)), carries: below(plan.carries) },
    sees: plan.wholeTree === true ? undefined : (path) => seen.has(path),
    ...(plan.outline === undefined ? {} : { outlines: below(plan.outline) }),
    path: [...plan.runs.path, ...brought.flatMap((tool) => tool.path)],
    readOnly: [...brought.flatMap(({ kept }) => shownOf(kept)), ...history],
    reservesMemory: plan.runs.reservesMemory === true,
  };
}

/** None where the worker has the program. */
async function bring(works: Works, tool: Tool, { own, signal }: StepInput): Promise<Brought[]> {
  if (tool.onPath && tool.version === undefined && (await works.hasTool(tool.name))) return [];
  const { attempts, place, path } = toolStep(tool);
  const step: Step = {
    ...{ attempts, folder: '', at: own.at, sees: () => false, keeps: [place], lends: [], carries: () => false },
    ...{ env: {}, path: [], readOnly: [], tracked: new Set<string>(), signal },
  };
  const version = await works.versionOf(tool.by === 'pip' ? 'python' : 'javascript');
  const kept = await works.once(await works.keyOf(['tool', tool, version]), (aside) => runStep(works, step, aside));
  return [{ kept, path }];
}

async function runOwn(
  works: Works,
  input: StepInput,
  { setup, before }: { setup: string[]; before: Installed },
): Promise<Kept> {
  const { own, base, signal } = input;
  const isAsBase = own.inputs.join() === base.inputs.join() && sameSetup(own, base, setup);
  const from = isAsBase ? base : own;
  const derived = before.steps.map((one) => one.key);
  const versions = await Promise.all(LANGUAGES.map(works.versionOf));
  const key = await works.keyOf(['commands.setup', setup, own.workdir, from.at.commit, derived, versions]);
  const tools = before.kept.flatMap(shownOf).filter(({ to }) => isTool(to));
  const stepFrom = async (project: ReadProject): Promise<Step> => ({
    ...{ attempts: [{ commands: [setup] }], folder: own.workdir, at: project.at, keeps: [], lends: [], signal },
    ...{ carries: () => true, env: envOf(before.runs, 'online'), path: pathOf(before) },
    readOnly: [...tools, await input.gitOf(project)],
    copies: copiesOf(before.kept),
    tracked: new Set(project.entries.map(({ path }) => path)),
    reservesMemory: before.runs.some((run) => run.reservesMemory),
  });
  const step = await stepFrom(from);
  try {
    return await works.once(key, (aside) => runStep(works, step, aside));
  } catch (error) {
    if (!(error instanceof Failure) || isAsBase) throw error;
    const tryBase = async () => {
      const again = await stepFrom(base);
      await works.options.cache.tryOut(key, (aside) => runStep(works, again, aside));
    };
    throw await blamed(error, { tryBase });
  }
}

export function shownOf({ folder, record }: Kept): Array<{ from: string; to: string }> {
  return record.mounts.map(({ name, to }) => ({ from: `${folder}/${name}`, to }));
}

/** Without network, unless the run is `online`. */
export function envOf(runs: RunPart[], network: 'offline' | 'online' = 'offline'): Record<string, string> {
  const parts = runs.map(({ env, offline = {} }) => (network === 'online' ? env : { ...env, ...offline }));
  return Object.assign({}, ...parts) as Record<string, string>;
}

export function pathOf({ runs, path }: Pick<Installed, 'runs' | 'path'>): string[] {
  return [...runs.flatMap((run) => run.path), ...path];
}
