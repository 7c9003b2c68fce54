/**
 * Prepares checkouts, in which the project's own code runs: the tree of a commit, its installed packages and its git history.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { combineFetched } from '../../domain/fetched';
import type { CheckoutInput, Checkouts } from '../../ports/checkouts';
import type { TreeAt } from '../../ports/workspace';
import { createInstaller } from './installer';
import type { StepInput } from './installer';
import { withScratchCheckout, existsInCheckout } from './scratch-checkout';
import type { CheckoutParts } from './scratch-checkout';
import type { CheckoutsOptions } from './options';
import type { CachedResult } from './package-cache';
import { createProjectReader } from './read-project';
import type { CommitProject } from './read-project';
import { removeReplacedFolders } from './setup-copies';
import { setupOf } from './setup-files';
import { fillBuildCache } from './build-cache';

interface CheckoutsContext {
  options: CheckoutsOptions;
  installer: ReturnType<typeof createInstaller>;
  historyOf(at: TreeAt, base: TreeAt): Promise<CheckoutParts['git']>;
}

export function createCheckouts(options: CheckoutsOptions): Checkouts {
  const readCommit = createProjectReader(options.workspace, options.setup.allowsScripts);
  const installer = createInstaller(options);
  const context: CheckoutsContext = { options, installer, historyOf: createHistories(options, installer) };
  return {
    look: async (at, overrides) => {
      const target = await readCommit(at, overrides);
      return { ...setupOf(target, overrides), notes: target.notes };
    },
    async with(input, use) {
      const { at, overrides, isForRelease = false } = input;
      const [target, base] = await Promise.all([
        readCommit(at, overrides),
        readCommit({ ...at, commit: input.base }, overrides),
      ]);
      const parts = await prepareParts(context, input, { target, base });
      const setup = { ...setupOf(target, overrides), notes: [...parts.installed.notes, ...parts.git.notes] };
      const usedParts = isForRelease ? { ...parts, buildCaches: [] } : parts;
      return withScratchCheckout(options, target, {
        parts: usedParts,
        use: ({ scratchFolder: _, ...checkout }) => {
          const has = (place: string) =>
            existsInCheckout({ folder: checkout.folder, workdir: target.workdir, parts }, place);
          const fetched = combineFetched(parts.installed.results.map(({ record }) => record.fetched));
          return use({ ...checkout, setup, has, fetched });
        },
      });
    },
  };
}

async function prepareParts(
  context: CheckoutsContext,
  { overrides, signal, isForRelease }: CheckoutInput,
  { target, base }: { target: CommitProject; base: CommitProject },
): Promise<CheckoutParts> {
  const { installer, historyOf } = context;
  const gitOf = async (project: CommitProject) => (await historyOf(project.at, base.at)).mount;
  const input: StepInput = { target, base, signal, gitOf, isOptional: overrides.setup !== undefined };
  const derived = await installer.installAll(input);
  const commandResult =
    overrides.setup === undefined ? undefined : await installer.runSetupCommand(input, overrides.setup, derived);
  const results =
    commandResult === undefined
      ? derived.results
      : [...removeReplacedFolders(derived.results, commandResult), commandResult];
  const installed = { ...derived, results };
  const parts: CheckoutParts = { installed, git: await historyOf(target.at, base.at), buildCaches: [] };
  return isForRelease === true ? parts : { ...parts, buildCaches: await fillBuildCaches(context, input, parts) };
}

/** Fills the build caches. They are compiled from the base if it has the same packages, so that commits of a build share them. */
async function fillBuildCaches(
  { options, installer }: CheckoutsContext,
  { target, base, signal }: StepInput,
  parts: CheckoutParts,
): Promise<CachedResult[]> {
  const from = target.inputs.join() === base.inputs.join() ? base : target;
  const found: CachedResult[] = [];
  for (const { step, key } of parts.installed.steps) {
    const { warm } = step.plan.runs;
    if (warm === undefined) continue;
    const warmKey = await installer.keyOf(['warm', key, warm, from.at.commit]);
    const result = await installer.findOrMake(warmKey, (resultFolder) =>
      withScratchCheckout(options, from, {
        parts,
        use: (checkout) =>
          fillBuildCache(
            { warm, folder: step.folder, checkout, timeoutMs: options.setup.timeoutMs, signal },
            resultFolder,
          ),
      }),
    );
    found.push(result);
  }
  return found;
}

/** Makes the git folder of each commit once. The folder of a later commit shares the packs of its base. */
function createHistories(
  { workspace }: CheckoutsOptions,
  installer: CheckoutsContext['installer'],
): CheckoutsContext['historyOf'] {
  const historyOf: CheckoutsContext['historyOf'] = async (at, base) => {
    const baseHistory = at.commit === base.commit ? undefined : await historyOf(base, base);
    const key = await installer.keyOf(['git', at.projectId, at.commit]);
    const result = await installer.findOrMake(key, async (resultFolder) => {
      const into = join(resultFolder, 'git');
      await mkdir(into);
      const baseOption =
        baseHistory === undefined ? {} : { onTop: { folder: baseHistory.mount.from, commit: base.commit } };
      const { isShallow } = await workspace.history(at, { into, ...baseOption });
      const notes = isShallow ? ['the history is large: tests that ask git see the latest commits only'] : [];
      return { mounts: [{ name: 'git', to: '.git', scratch: [] }], lends: [], carried: null, notes };
    });
    return { mount: { from: join(result.folder, 'git'), to: '.git' }, notes: result.record.notes };
  };
  return historyOf;
}
