/**
 * The one way to make a commit ready for runs of the project's own code: its tree, what was installed for it, its history.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { allFetched } from '../../domain/fetched';
import type { CheckoutInput, Checkouts } from '../../ports/checkouts';
import type { TreeAt } from '../../ports/workspace';
import { createInstaller } from './installer';
import type { StepInput } from './installer';
import { checkedOut, hasPlace } from './laid-checkout';
import type { Ready } from './laid-checkout';
import type { CheckoutsOptions } from './options';
import type { Kept } from './package-cache';
import { createProjectReader } from './read-project';
import type { ReadProject } from './read-project';
import { withoutReplaced } from './setup-copies';
import { setupOf } from './setup-files';
import { fillBuildCache } from './warm';

interface Works {
  options: CheckoutsOptions;
  installer: ReturnType<typeof createInstaller>;
  histories(at: TreeAt, base: TreeAt): Promise<Ready['git']>;
}

export function createCheckouts(options: CheckoutsOptions): Checkouts {
  const read = createProjectReader(options.workspace, options.setup.allowsScripts);
  const installer = createInstaller(options);
  const works: Works = { options, installer, histories: createHistories(options, installer) };
  return {
    look: async (at, wish) => {
      const own = await read(at, wish);
      return { ...setupOf(own, wish), notes: own.notes };
    },
    async with(input, use) {
      const { at, wish, isForRelease = false } = input;
      const [own, base] = await Promise.all([read(at, wish), read({ ...at, commit: input.base }, wish)]);
      const ready = await makeReady(works, input, { own, base });
      const setup = { ...setupOf(own, wish), notes: [...ready.made.notes, ...ready.git.notes] };
      const shown = isForRelease ? { ...ready, warm: [] } : ready;
      return checkedOut(options, own, {
        ready: shown,
        use: ({ beside: _, ...laid }) => {
          const has = (place: string) => hasPlace({ folder: laid.folder, workdir: own.workdir, ready }, place);
          const fetched = allFetched(ready.made.kept.map(({ record }) => record.fetched));
          return use({ ...laid, setup, has, fetched });
        },
      });
    },
  };
}

async function makeReady(
  works: Works,
  { wish, signal, isForRelease }: CheckoutInput,
  { own, base }: { own: ReadProject; base: ReadProject },
): Promise<Ready> {
  const { installer, histories } = works;
  const gitOf = async (project: ReadProject) => (await histories(project.at, base.at)).shown;
  const input: StepInput = { own, base, signal, gitOf, mayFail: wish.setup !== undefined };
  const derived = await installer.installAll(input);
  const byHand = wish.setup === undefined ? undefined : await installer.runOwn(input, wish.setup, derived);
  const kept = byHand === undefined ? derived.kept : [...withoutReplaced(derived.kept, byHand), byHand];
  const made = { ...derived, kept };
  const ready: Ready = { made, git: await histories(own.at, base.at), warm: [] };
  return isForRelease === true ? ready : { ...ready, warm: await warmed(works, input, ready) };
}

/** Compiled from the base, where that has the same packages. */
async function warmed({ options, installer }: Works, { own, base, signal }: StepInput, ready: Ready): Promise<Kept[]> {
  const from = own.inputs.join() === base.inputs.join() ? base : own;
  const found: Kept[] = [];
  for (const { step, key } of ready.made.steps) {
    const { warm } = step.plan.runs;
    if (warm === undefined) continue;
    const warmKey = await installer.keyOf(['warm', key, warm, from.at.commit]);
    const kept = await installer.once(warmKey, (aside) =>
      checkedOut(options, from, {
        ready,
        use: (checkout) =>
          fillBuildCache({ warm, folder: step.folder, checkout, timeoutMs: options.setup.timeoutMs, signal }, aside),
      }),
    );
    found.push(kept);
  }
  return found;
}

/** The git folders of commits, made once each; that of a later commit shares the packs of its base. */
function createHistories({ workspace }: CheckoutsOptions, installer: Works['installer']): Works['histories'] {
  const of: Works['histories'] = async (at, base) => {
    const onTop = at.commit === base.commit ? undefined : await of(base, base);
    const key = await installer.keyOf(['git', at.projectId, at.commit]);
    const kept = await installer.once(key, async (aside) => {
      const into = join(aside, 'git');
      await mkdir(into);
      const below = onTop === undefined ? {} : { onTop: { folder: onTop.shown.from, commit: base.commit } };
      const { isShallow } = await workspace.history(at, { into, ...below });
      const notes = isShallow ? ['the history is large: tests that ask git see the latest commits only'] : [];
      return { mounts: [{ name: 'git', to: '.git', scratch: [] }], lends: [], carried: null, notes };
    });
    return { shown: { from: join(kept.folder, 'git'), to: '.git' }, notes: kept.record.notes };
  };
  return of;
}
