/**
 * From a project to what its runs see: each step is taken from the cache, or carried out once for all that wait for it.
 */
import type { CheckoutInput } from '../../ports/checkouts';
import { sha256 } from '../../inspect/digest';
import { Failure } from '../../domain/failures';
import type { RunPart, Tool } from '../../inspect/packages/install';
import type { DerivedStep } from '../../inspect/project/derive-project';
import { createToolFinder } from './find-tool';
import { runStep } from './install-step';
import type { Step } from './install-step';
import type { CheckoutsOptions } from './options';
import type { Kept, KeptRecord } from './package-cache';
import { readBy } from './read-project';
import type { ReadProject } from './read-project';
import { sameSetup } from './setup-files';
import { createRooms } from './setup-room';
import { createSharedWork } from './shared-work';
import { toolStep } from './tools';

/** What the steps of a project have made. */
export interface Installed {
  kept: Kept[];
  runs: RunPart[];
  /** Folders of brought programs, first on PATH. */
  path: string[];
  notes: string[];
  /** The derived steps that a warm run follows, with their keys. */
  steps: Array<{ step: DerivedStep; key: string }>;
}
/** The commit, and its base where that has the same files for set-up. */
export interface Projects {
  own: ReadProject;
  base: ReadProject;
}

/** Changes where what is kept is laid out in another way. */
const FORMAT = 1;

export function createInstaller(options: CheckoutsOptions) {
  const rooms = createRooms(options);
  const share = createSharedWork<Kept>();
  const hasTool = createToolFinder(options.setup.worker.env);
  const failedOptional = new Map<string, string>();

  /** Kept under the key; made where nothing is. */
  const once = async (key: string, make: (aside: string) => Promise<KeptRecord>): Promise<Kept> =>
    (await options.cache.find(key)) ?? share(key, () => options.cache.keep(key, make));

  async function keyOf(parts: unknown[]): Promise<string> {
    return sha256(JSON.stringify([FORMAT, process.arch, process.versions.modules, await rooms.digest(), parts]));
  }

  async function bring(tool: Tool, { own, signal }: StepInput): Promise<{ kept: Kept; path: string[] } | undefined> {
    if (tool.onPath && tool.version === undefined && (await hasTool(tool.name))) return undefined;
    const { attempts, place, path } = toolStep(tool);
    const step: Step = {
      ...{ attempts, folder: '', at: own.at, sees: () => false, keeps: [place], lends: [], carries: () => false },
      ...{ env: {}, path: [], readOnly: [], tracked: new Set<string>(), signal },
    };
    const kept = await once(await keyOf(['tool', tool]), (aside) => runStep({ options, rooms }, step, aside));
    return { kept, path };
  }

  async function install(
    input: StepInput,
    index: number,
    before: Installed,
  ): Promise<{ kept: Kept; path: string[]; key: string }[]> {
    const { own, base, signal } = input;
    const step = own.steps[index];
    if (step === undefined) return [];
    const { plan, folder, manager } = step;
    const tools = [];
    for (const tool of plan.tools) tools.push(await bring(tool, input));
    const brought = tools.filter((tool) => tool !== undefined);
    const isWhole = plan.wholeTree === true;
    // The base's own tree serves each commit with the same files for set-up; another one is installed from its own tree.
    const isAsBase = own.inputs[index] === base.inputs[base.steps.findIndex((one) => one.manager === manager)];
    const from = isAsBase ? base : own;
    const key = await keyOf([
      manager,
      folder,
      plan.command,
      plan.tools,
      own.inputs[index],
      isWhole ? from.at.commit : null,
    ]);
    const known = failedOptional.get(key);
    if (known !== undefined) return skip(before, known);
    const seen = new Set(readBy(step, own.entries).map(({ path }) => path));
    const prefix = folder === '' ? '' : `${folder}/`;
    const below = (test: (path: string) => boolean) => (path: string) =>
      path.startsWith(prefix) && test(path.slice(prefix.length));
    const history = isWhole ? [await input.gitOf(from)] : [];
    const work: Step = {
      ...{ attempts: plan.attempts, folder, at: from.at, keeps: plan.keeps, lends: plan.lends ?? [], signal },
      ...{ env: plan.env, tracked: new Set(from.entries.map(({ path }) => path)), carries: below(plan.carries) },
      sees: isWhole ? undefined : (path) => seen.has(path),
      ...(plan.outline === undefined ? {} : { outlines: below(plan.outline) }),
      path: [...plan.runs.path, ...brought.flatMap((tool) => tool.path)],
      readOnly: [...brought.flatMap(({ kept }) => shownOf(kept)), ...history],
    };
    try {
      const kept = await once(key, (aside) => runStep({ options, rooms }, work, aside));
      return [...brought.map((tool) => ({ ...tool, key: '' })), { kept, path: [], key }];
    } catch (error) {
      if (!(error instanceof Failure) || (plan.optional !== true && !input.mayFail)) throw error;
      failedOptional.set(key, error.message.split('\n')[0] ?? '');
      return skip(before, error.message.split('\n')[0] ?? '');
    }
  }

  return {
    keyOf,
    once,
    rooms,
    /** The steps without `commands.setup`. */
    async installAll(input: StepInput): Promise<Installed> {
      const found: Installed = { kept: [], runs: [], path: [], notes: [...input.own.notes], steps: [] };
      for (const [index, step] of input.own.steps.entries()) {
        const made = await install(input, index, found);
        if (made.length === 0) continue;
        found.kept.push(...made.map(({ kept }) => kept));
        found.path.push(...made.flatMap(({ path }) => path));
        found.notes.push(...made.flatMap(({ kept }) => kept.record.notes));
        found.runs.push(step.plan.runs);
        found.steps.push({ step, key: made.at(-1)?.key ?? '' });
      }
      return found;
    },
    /** `commands.setup`, over the whole tree, after the steps before it. */
    async runOwn(input: StepInput, setup: string[], before: Installed): Promise<Kept> {
      const { own, base, signal } = input;
      const isAsBase = JSON.stringify(own.inputs) === JSON.stringify(base.inputs) && sameSetup(own, base, setup);
      const from = isAsBase ? base : own;
      const key = await keyOf([
        'commands.setup',
        setup,
        own.workdir,
        from.at.commit,
        before.steps.map((one) => one.key),
      ]);
      const shown = before.kept.flatMap(shownOf);
      const step: Step = {
        ...{ attempts: [{ commands: [setup] }], folder: own.workdir, at: from.at, keeps: [], lends: [], signal },
        ...{ carries: () => true, env: envOf(before.runs), path: pathOf(before) },
        readOnly: [...shown, await input.gitOf(from)],
        tracked: new Set([...from.entries.map(({ path }) => path), ...shown.map(({ to }) => to)]),
      };
      return once(key, (aside) => runStep({ options, rooms }, step, aside));
    },
  };
}

export interface StepInput extends Projects, Pick<CheckoutInput, 'signal'> {
  /** True: a derived step that fails is noted, since `commands.setup` may do its work. */
  mayFail: boolean;
  /** The git folder of a commit, to be shown. */
  gitOf(project: ReadProject): Promise<{ from: string; to: string }>;
}

function skip(found: Installed, why: string): [] {
  found.notes.push(`left out: ${why}`);
  return [];
}

export function shownOf({ folder, record }: Kept): Array<{ from: string; to: string }> {
  return record.mounts.map(({ name, to }) => ({ from: `${folder}/${name}`, to }));
}

export function envOf(runs: RunPart[]): Record<string, string> {
  return Object.assign({}, ...runs.map(({ env }) => env)) as Record<string, string>;
}

export function pathOf({ runs, path }: Pick<Installed, 'runs' | 'path'>): string[] {
  return [...runs.flatMap((run) => run.path), ...path];
}
