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
import type { CommitProject } from './read-project';
import { envOf, mountsOf, pathOf } from './result-parts';
import { copiesOf, isToolFolder } from './setup-copies';
import { hasSameSetup } from './setup-files';
import { createStepSandboxes } from './step-sandbox';
import type { StepSandboxes } from './step-sandbox';
import { createSharedWork } from './shared-work';
import { createToolVersions, LANGUAGES } from './tool-versions';
import { describeToolStep } from './tool-step';

/** The results of a project's setup steps. */
export interface Installed {
  results: CachedResult[];
  runs: RunPart[];
  /** Folders of installed tools that come first on PATH. */
  path: string[];
  notes: string[];
  /** The derived steps, with their keys. */
  steps: Array<{ step: DerivedStep; key: string }>;
}
export interface StepInput extends Pick<CheckoutInput, 'signal'> {
  /** The commit that is prepared. */
  target: CommitProject;
  base: CommitProject;
  /** True: a failed derived step becomes a note, because `commands.setup` may do its work. */
  isOptional: boolean;
  /** Returns the git folder of a commit, for a read-only mount. */
  gitOf(project: CommitProject): Promise<{ from: string; to: string }>;
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
  failures: Map<string, { why: string; atMs: number }>;
}

/** Version of the layout of cached results; raise it when the layout changes. */
const FORMAT = 4;

/** A failed optional step is not repeated within this time, because each run of a build would wait for it. */
const OPTIONAL_RETRY_MS = 3 * 60_000;

export function createInstaller(options: CheckoutsOptions) {
  const sandboxes = createStepSandboxes(options);
  const share = createSharedWork<CachedResult>();
  const context: InstallerContext = {
    ...{ options, sandboxes, failures: new Map<string, { why: string; atMs: number }>() },
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
  const found: Installed = { results: [], runs: [], path: [], notes: [...input.target.notes], steps: [] };
  for (const [index, step] of input.target.steps.entries()) {
    const outcome = await installOne(context, input, { step, index });
    if (typeof outcome === 'string') {
      found.notes.push(`${step.manager} is left out: ${outcome}`);
      continue;
    }
    found.results.push(...outcome.tools.map(({ result }) => result), outcome.result);
    found.path.push(...outcome.tools.flatMap(({ path }) => path));
    found.notes.push(...outcome.result.record.notes);
    found.runs.push(step.plan.runs);
    found.steps.push({ step, key: outcome.key });
  }
  return found;
}

interface InstalledTool {
  result: CachedResult;
  path: string[];
}

/** Installs by one derived step. Returns a text, the reason, if an optional step failed. */
async function installOne(
  context: InstallerContext,
  input: StepInput,
  { step, index }: { step: DerivedStep; index: number },
): Promise<{ tools: InstalledTool[]; result: CachedResult; key: string } | string> {
  const { target, base } = input;
  const { plan, folder, manager } = step;
  // A commit with the same setup files as the base is installed from the base's tree, so that all such commits share one result.
  const inputs = target.inputs[index];
  const hasBaseSetup = inputs === base.inputs[base.steps.findIndex((other) => other.manager === manager)];
  const from = hasBaseSetup ? base : target;
  const wholeTreeCommit = plan.wholeTree === true ? from.at.commit : null;
  const version = await context.versionOf(step.language);
  const key = await context.keyOf([manager, folder, plan.attempts, plan.tools, version, inputs, wholeTreeCommit]);
  const earlierFailure = context.failures.get(key);
  if (earlierFailure !== undefined && Date.now() - earlierFailure.atMs < OPTIONAL_RETRY_MS) return earlierFailure.why;
  try {
    const { tools, work } = await prepareStep(context, input, { step, from });
    return {
      tools,
      result: await context.findOrMake(key, (resultFolder) => runStep(context, work, resultFolder)),
      key,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (plan.optional !== true && !input.isOptional)
      throw hasBaseSetup
        ? error
        : await attributeSetupFailure(error, { tryBase: tryBaseStep(context, input, manager) });
    const why = error.message.split('\n')[0] ?? '';
    context.failures.set(key, { why, atMs: Date.now() });
    return why;
  }
}

/** Installs the tools of a derived step and describes its work. */
async function prepareStep(
  context: InstallerContext,
  input: StepInput,
  { step, from }: { step: DerivedStep; from: CommitProject },
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
  {
    from,
    tools,
    history,
  }: { from: CommitProject; tools: InstalledTool[]; history: Array<{ from: string; to: string }> },
): Step {
  const visiblePaths = new Set(filesReadBy({ plan, folder }, target.entries).map(({ path }) => path));
  const prefix = folder === '' ? '' : `${folder}/`;
  const insideFolder = (test: (path: string) => boolean) => (path: string) =>
    path.startsWith(prefix) && test(path.slice(prefix.length));
  return {
    ...{ attempts: plan.attempts, folder, at: from.at, signal },
    ...{ sharedFolders: plan.sharedFolders, copiedFolders: plan.copiedFolders ?? [] },
    ...{ env: plan.env, trackedPaths: new Set(from.entries.map(({ path }) => path)) },
    isProducedFile: insideFolder(plan.isProducedFile),
    isVisible: plan.wholeTree === true ? undefined : (path) => visiblePaths.has(path),
    ...(plan.needsNameOnly === undefined ? {} : { isNameVisible: insideFolder(plan.needsNameOnly) }),
    path: [...plan.runs.path, ...tools.flatMap((tool) => tool.path)],
    readOnly: [...tools.flatMap(({ result }) => mountsOf(result)), ...history],
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
  const { attempts, place, path } = describeToolStep(tool);
  const step: Step = {
    ...{ attempts, folder: '', at: target.at, isVisible: () => false, isProducedFile: () => false },
    ...{ sharedFolders: [place], copiedFolders: [] },
    ...{ env: {}, path: [], readOnly: [], trackedPaths: new Set<string>(), signal },
  };
  const version = await context.versionOf(tool.by === 'pip' ? 'python' : 'javascript');
  const result = await context.findOrMake(await context.keyOf(['tool', tool, version]), (resultFolder) =>
    runStep(context, step, resultFolder),
  );
  return [{ result, path }];
}

async function runSetupCommand(
  context: InstallerContext,
  input: StepInput,
  { setup, before }: { setup: string[]; before: Installed },
): Promise<CachedResult> {
  const { target, base, signal } = input;
  const hasBaseSetup = target.inputs.join() === base.inputs.join() && hasSameSetup(target, base, setup);
  const from = hasBaseSetup ? base : target;
  const derivedKeys = before.steps.map((derived) => derived.key);
  const versions = await Promise.all(LANGUAGES.map(context.versionOf));
  const key = await context.keyOf(['commands.setup', setup, target.workdir, from.at.commit, derivedKeys, versions]);
  const tools = before.results.flatMap(mountsOf).filter(({ to }) => isToolFolder(to));
  const stepFrom = async (project: CommitProject): Promise<Step> => ({
    ...{ attempts: [{ commands: [setup] }], folder: target.workdir, at: project.at, signal },
    ...{ sharedFolders: [], copiedFolders: [] },
    ...{ isProducedFile: () => true, env: envOf(before.runs, 'online'), path: pathOf(before) },
    readOnly: [...tools, await input.gitOf(project)],
    copies: copiesOf(before.results),
    trackedPaths: new Set(project.entries.map(({ path }) => path)),
    reservesMemory: before.runs.some((run) => run.reservesMemory),
  });
  const step = await stepFrom(from);
  try {
    return await context.findOrMake(key, (resultFolder) => runStep(context, step, resultFolder));
  } catch (error) {
    if (!(error instanceof Failure) || hasBaseSetup) throw error;
    const tryBase = async () => {
      const baseStep = await stepFrom(base);
      await context.options.cache.tryOut(key, (resultFolder) => runStep(context, baseStep, resultFolder));
    };
    throw await attributeSetupFailure(error, { tryBase });
  }
}
