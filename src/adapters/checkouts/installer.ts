/**
 * Installs a project's packages: takes the result of each setup step from the cache, or runs the step once for all builds that wait
 * for it.
 */
import type { CheckoutInput } from '../../ports/checkouts';
import { sha256 } from '../../inspect/digest';
import { Failure } from '../../domain/failures';
import type { Language, RunPart, Tool } from '../../inspect/packages/install';
import type { DerivedStep } from '../../inspect/project/derive-project';
import { createToolFinder } from './find-tool';
import { runStep } from './setup-step';
import type { Step } from './setup-step';
import type { CheckoutsOptions } from './options';
import type { CachedResult, ResultRecord } from './package-cache';
import { attributeSetupFailure } from './attribute-setup-failure';
import { filesReadBy } from './read-project';
import type { ReadProject } from './read-project';
import { copiesOf, isTool } from './setup-copies';
import { sameSetup } from './setup-files';
import { createStepSandboxes } from './step-sandbox';
import type { StepSandboxes } from './step-sandbox';
import { createSharedWork } from './shared-work';
import { createToolVersions, LANGUAGES } from './tool-versions';
import { toolStep } from './tool-step';

/** The results of a project's setup steps. */
export interface Installed {
  kept: CachedResult[];
  runs: RunPart[];
  /** Folders of installed tools that come first on PATH. */
  path: string[];
  notes: string[];
  /** The derived steps, with their keys. */
  steps: Array<{ step: DerivedStep; key: string }>;
}
export interface StepInput extends Pick<CheckoutInput, 'signal'> {
  /** The commit that is prepared. */
  target: ReadProject;
  base: ReadProject;
  /** True: a failed derived step becomes a note, because `commands.setup` may do its work. */
  isOptional: boolean;
  /** Returns the git folder of a commit, for a read-only mount. */
  gitOf(project: ReadProject): Promise<{ from: string; to: string }>;
}

/** The dependencies that all steps share. */
interface InstallerContext {
  options: CheckoutsOptions;
  sandboxes: StepSandboxes;
  keyOf(parts: unknown[]): Promise<string>;
  /** Returns the cached result of the key, or makes it. */
  findOrMake(key: string, make: (resultFolder: string) => Promise<ResultRecord>): Promise<CachedResult>;
  hasTool(name: string): Promise<boolean>;
  versionOf(language: Language): Promise<string>;
  /** Reason and time of the failure of an optional step, by key. */
  failed: Map<string, { why: string; atMs: number }>;
}

/** Version of the layout of cached results; raise it when the layout changes. */
const FORMAT = 4;

/** A failed optional step is not repeated within this time, because each run of a build would wait for it. */
const OPTIONAL_RETRY_MS = 3 * 60_000;

export function createInstaller(options: CheckoutsOptions) {
  const sandboxes = createStepSandboxes(options);
  const share = createSharedWork<CachedResult>();
  const context: InstallerContext = {
    ...{ options, sandboxes, failed: new Map<string, { why: string; atMs: number }>() },
    versionOf: createToolVersions(options),
    hasTool: createToolFinder(options.setup.worker.env),
    keyOf: async (parts) => sha256(JSON.stringify([FORMAT, process.arch, await sandboxes.digest(), parts])),
    findOrMake: async (key, make) => (await options.cache.find(key)) ?? share(key, () => options.cache.keep(key, make)),
  };
  return {
    keyOf: context.keyOf,
    findOrMake: context.findOrMake,
    /** Installs by the derived steps. */
    installAll: (input: StepInput) => installAll(context, input),
    /** Runs `commands.setup`, with the whole tree, after the derived steps. */
    runSetupCommand: (input: StepInput, setup: string[], before: Installed) =>
      runSetupCommand(context, input, { setup, before }),
  };
}

async function installAll(context: InstallerContext, input: StepInput): Promise<Installed> {
  const found: Installed = { kept: [], runs: [], path: [], notes: [...input.target.notes], steps: [] };
  for (const [index, step] of input.target.steps.entries()) {
    const outcome = await installOne(context, input, { step, index });
    if (typeof outcome === 'string') {
      found.notes.push(`${step.manager} is left out: ${outcome}`);
      continue;
    }
    found.kept.push(...outcome.tools.map(({ kept }) => kept), outcome.kept);
    found.path.push(...outcome.tools.flatMap(({ path }) => path));
    found.notes.push(...outcome.kept.record.notes);
    found.runs.push(step.plan.runs);
    found.steps.push({ step, key: outcome.key });
  }
  return found;
}

interface InstalledTool {
  kept: CachedResult;
  path: string[];
}

/** Installs by one derived step. Returns a text, the reason, if an optional step failed. */
async function installOne(
  context: InstallerContext,
  input: StepInput,
  { step, index }: { step: DerivedStep; index: number },
): Promise<{ tools: InstalledTool[]; kept: CachedResult; key: string } | string> {
  const { target, base } = input;
  const { plan, folder, manager } = step;
  // A commit with the same setup files as the base is installed from the base's tree, so that all such commits share one result.
  const isAsBase = target.inputs[index] === base.inputs[base.steps.findIndex((other) => other.manager === manager)];
  const from = isAsBase ? base : target;
  const whole = plan.wholeTree === true ? from.at.commit : null;
  const version = await context.versionOf(step.language);
  const key = await context.keyOf([manager, folder, plan.attempts, plan.tools, version, target.inputs[index], whole]);
  const earlierFailure = context.failed.get(key);
  if (earlierFailure !== undefined && Date.now() - earlierFailure.atMs < OPTIONAL_RETRY_MS) return earlierFailure.why;
  try {
    const { tools, work } = await prepareStep(context, input, { step, from });
    return { tools, kept: await context.findOrMake(key, (resultFolder) => runStep(context, work, resultFolder)), key };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (plan.optional !== true && !input.isOptional)
      throw isAsBase ? error : await attributeSetupFailure(error, { tryBase: tryBaseStep(context, input, manager) });
    const why = error.message.split('\n')[0] ?? '';
    context.failed.set(key, { why, atMs: Date.now() });
    return why;
  }
}

/** Installs the tools of a derived step and describes its work. */
async function prepareStep(
  context: InstallerContext,
  input: StepInput,
  { step, from }: { step: DerivedStep; from: ReadProject },
): Promise<{ tools: InstalledTool[]; work: Step }> {
  const { plan } = step;
  const tools: InstalledTool[] = [];
  for (const tool of plan.tools) tools.push(...(await installTool(context, tool, input)));
  const history = plan.wholeTree === true ? [await input.gitOf(from)] : [];
  return { tools, work: stepOf(input, step, { from, tools, history }) };
}

/** Returns a function that installs the base's packages anew and discards them; undefined if the base has no such step. */
function tryBaseStep(context: InstallerContext, input: StepInput, manager: string): (() => Promise<void>) | undefined {
  const { base } = input;
  const step = base.steps.find((other) => other.manager === manager);
  if (step === undefined) return undefined;
  return async () => {
    const { work } = await prepareStep(context, { ...input, target: base }, { step, from: base });
    const key = await context.keyOf(['again', manager]);
    await context.options.cache.tryOut(key, (resultFolder) => runStep(context, work, resultFolder));
  };
}

function stepOf(
  { target, signal }: StepInput,
  { plan, folder }: DerivedStep,
  { from, tools, history }: { from: ReadProject; tools: InstalledTool[]; history: Array<{ from: string; to: string }> },
): Step {
  const visiblePaths = new Set(filesReadBy({ plan, folder }, target.entries).map(({ path }) => path));
  const prefix = folder === '' ? '' : `${folder}/`;
  const below = (test: (path: string) => boolean) => (path: string) =>
    path.startsWith(prefix) && test(path.slice(prefix.length));
  return {
    ...{ attempts: plan.attempts, folder, at: from.at, signal },
    ...{ sharedFolders: plan.sharedFolders, copiedFolders: plan.copiedFolders ?? [] },
    ...{ env: plan.env, tracked: new Set(from.entries.map(({ path }) => path)) },
    isProducedFile: below(plan.isProducedFile),
    isVisible: plan.wholeTree === true ? undefined : (path) => visiblePaths.has(path),
    ...(plan.needsNameOnly === undefined ? {} : { isNameVisible: below(plan.needsNameOnly) }),
    path: [...plan.runs.path, ...tools.flatMap((tool) => tool.path)],
    readOnly: [...tools.flatMap(({ kept }) => mountsOf(kept)), ...history],
    reservesMemory: plan.runs.reservesMemory === true,
  };
}

/** Installs a tool. Returns an empty list if the worker has the program. */
async function installTool(
  context: InstallerContext,
  tool: Tool,
  { target, signal }: StepInput,
): Promise<InstalledTool[]> {
  if (tool.onPath && tool.version === undefined && (await context.hasTool(tool.name))) return [];
  const { attempts, place, path } = toolStep(tool);
  const step: Step = {
    ...{ attempts, folder: '', at: target.at, isVisible: () => false, isProducedFile: () => false },
    ...{ sharedFolders: [place], copiedFolders: [] },
    ...{ env: {}, path: [], readOnly: [], tracked: new Set<string>(), signal },
  };
  const version = await context.versionOf(tool.by === 'pip' ? 'python' : 'javascript');
  const kept = await context.findOrMake(await context.keyOf(['tool', tool, version]), (resultFolder) =>
    runStep(context, step, resultFolder),
  );
  return [{ kept, path }];
}

async function runSetupCommand(
  context: InstallerContext,
  input: StepInput,
  { setup, before }: { setup: string[]; before: Installed },
): Promise<CachedResult> {
  const { target, base, signal } = input;
  const isAsBase = target.inputs.join() === base.inputs.join() && sameSetup(target, base, setup);
  const from = isAsBase ? base : target;
  const derivedKeys = before.steps.map((derived) => derived.key);
  const versions = await Promise.all(LANGUAGES.map(context.versionOf));
  const key = await context.keyOf(['commands.setup', setup, target.workdir, from.at.commit, derivedKeys, versions]);
  const tools = before.kept.flatMap(mountsOf).filter(({ to }) => isTool(to));
  const stepFrom = async (project: ReadProject): Promise<Step> => ({
    ...{ attempts: [{ commands: [setup] }], folder: target.workdir, at: project.at, signal },
    ...{ sharedFolders: [], copiedFolders: [] },
    ...{ isProducedFile: () => true, env: envOf(before.runs, 'online'), path: pathOf(before) },
    readOnly: [...tools, await input.gitOf(project)],
    copies: copiesOf(before.kept),
    tracked: new Set(project.entries.map(({ path }) => path)),
    reservesMemory: before.runs.some((run) => run.reservesMemory),
  });
  const step = await stepFrom(from);
  try {
    return await context.findOrMake(key, (resultFolder) => runStep(context, step, resultFolder));
  } catch (error) {
    if (!(error instanceof Failure) || isAsBase) throw error;
    const tryBase = async () => {
      const baseStep = await stepFrom(base);
      await context.options.cache.tryOut(key, (resultFolder) => runStep(context, baseStep, resultFolder));
    };
    throw await attributeSetupFailure(error, { tryBase });
  }
}

export function mountsOf({ folder, record }: CachedResult): Array<{ from: string; to: string }> {
  return record.mounts.map(({ name, to }) => ({ from: `${folder}/${name}`, to }));
}

/** Returns the variables for runs. `offline` adds those that keep package managers from using the network. */
export function envOf(runs: RunPart[], network: 'offline' | 'online' = 'offline'): Record<string, string> {
  const parts = runs.map(({ env, offline = {} }) => (network === 'online' ? env : { ...env, ...offline }));
  return Object.assign({}, ...parts) as Record<string, string>;
}

export function pathOf({ runs, path }: Pick<Installed, 'runs' | 'path'>): string[] {
  return [...runs.flatMap((run) => run.path), ...path];
}
