/**
 * The one way to make a commit ready for runs of the project's own code: its tree, what was installed for it, its history.
 */
import { lstat, mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CheckoutInput, Checkouts, CheckoutRun, PreparedCheckout } from '../../ports/checkouts';
import type { SandboxRun } from '../../ports/sandbox';
import type { TreeAt } from '../../ports/workspace';
import { createInstaller, envOf, pathOf, shownOf } from './installer';
import type { Installed, StepInput } from './installer';
import type { CheckoutsOptions } from './options';
import type { Kept } from './package-cache';
import { createProjectReader } from './read-project';
import type { ReadProject } from './read-project';
import { setupOf } from './setup-files';
import { carry, fillBuildCache, lend } from './warm';

export type { CheckoutsOptions } from './options';

export function createCheckouts(options: CheckoutsOptions): Checkouts {
  const { workspace, sandbox, setup } = options;
  const read = createProjectReader(workspace, setup.allowsScripts);
  const installer = createInstaller(options);
  const histories = createHistories(options, installer);

  async function installed(input: CheckoutInput, projects: { own: ReadProject; base: ReadProject }): Promise<Ready> {
    const { own, base } = projects;
    const gitOf = async (project: ReadProject) => (await histories(project.at, base.at)).shown;
    const ask: StepInput = { ...projects, signal: input.signal, gitOf, mayFail: input.wish.setup !== undefined };
    const made = await installer.installAll(ask);
    const byHand = input.wish.setup === undefined ? [] : [await installer.runOwn(ask, input.wish.setup, made)];
    const git = await histories(own.at, base.at);
    const all = { ...made, kept: [...made.kept, ...byHand] };
    const ready = { made: all, git, warm: [] as Kept[] };
    return { ...ready, warm: await warmed(input, projects, ready) };
  }

  /** Compiled by the base only, with its own packages. */
  async function warmed(input: CheckoutInput, { own, base }: { own: ReadProject; base: ReadProject }, ready: Ready) {
    const found: Kept[] = [];
    for (const { step, key } of ready.made.steps) {
      const { warm } = step.plan.runs;
      const isAsBase = own.inputs.join() === base.inputs.join();
      if (warm === undefined || warm.commands.length === 0) continue;
      const from = isAsBase ? base : own;
      const warmKey = await installer.keyOf(['warm', key, warm, from.at.commit]);
      found.push(
        await installer.once(warmKey, (aside) =>
          checkedOut(from, ready, (checkout) =>
            fillBuildCache(
              { warm, workdir: own.workdir, checkout, timeoutMs: setup.timeoutMs, signal: input.signal },
              aside,
            ),
          ),
        ),
      );
    }
    return found;
  }

  function checkedOut<T>(own: ReadProject, ready: Ready, use: (checkout: Laid) => Promise<T>): Promise<T> {
    return sandbox.withScratch(async (scratch) => {
      const folder = join(scratch, 'tree');
      await mkdir(folder);
      await workspace.checkout(own.at, folder);
      const view = await layPackages(ready, { scratch, folder });
      const path = [...pathOf(ready.made), await sandbox.path()].join(':');
      const env = { ...envOf(ready.made.runs), PATH: path };
      const files = ready.made.runs.flatMap((run) => run.files ?? []);
      const run = (more: CheckoutRun) =>
        sandbox.run({
          ...more,
          ...{ folder, cwd: own.workdir, scratch: view.scratch },
          env: { ...env, ...more.env },
          files: [...files, ...(more.files ?? [])],
          readOnly: [...view.readOnly, ...(more.readOnly ?? [])],
          writable: [...view.writable, ...(more.writable ?? [])],
        });
      const shown = { env, files, readOnly: view.readOnly, scratch: view.scratch };
      const removeMountPoints = () => removeEmpty(folder, [...view.readOnly, ...view.writable]);
      return use({ folder, beside: scratch, path, shown, removeMountPoints, run });
    });
  }

  return {
    look: async (at, wish) => {
      const own = await read(at, wish);
      return { ...setupOf(own, wish), notes: own.notes };
    },
    async with(input, use) {
      const { at, wish } = input;
      const [own, base] = await Promise.all([read(at, wish), read({ ...at, commit: input.base }, wish)]);
      const ready = await installed(input, { own, base });
      const setupFound = { ...setupOf(own, wish), notes: [...ready.made.notes, ...ready.git.notes] };
      const lent = input.isForRelease === true ? { ...ready, warm: [] } : ready;
      return checkedOut(own, lent, ({ beside: _, folder, ...laid }) =>
        use({
          ...{ ...laid, folder, setup: setupFound },
          has: (place) => hasPlace({ folder, workdir: own.workdir, ready }, place),
        }),
      );
    },
  };
}

/** A tree that is laid out, with a folder beside it. */
type Laid = Omit<PreparedCheckout, 'setup' | 'has'> & { beside: string };

/** A place that holds something is the tree's own. */
async function removeEmpty(folder: string, places: Array<{ to: string }>): Promise<void> {
  for (const { to } of places) {
    if (!to.startsWith('/')) await rmdir(join(folder, to)).catch(() => undefined);
  }
}

/** What a checkout is laid out from. */
interface Ready {
  made: Installed;
  warm: Kept[];
  git: { shown: { from: string; to: string }; notes: string[] };
}

/** The folders that a run sees beside the tree, and what is copied into it. */
async function layPackages(
  { made, warm, git }: Ready,
  { scratch, folder }: { scratch: string; folder: string },
): Promise<{
  readOnly: NonNullable<SandboxRun['readOnly']>;
  writable: NonNullable<SandboxRun['writable']>;
  scratch: string[];
}> {
  const writable: NonNullable<SandboxRun['writable']> = [];
  for (const [index, kept] of [...made.kept, ...warm].entries()) {
    const { carried, lends } = kept.record;
    if (carried !== null) await carry(join(kept.folder, carried), folder);
    for (const { name, to } of lends) {
      const isOutside = to.startsWith('/');
      const place = isOutside ? join(scratch, `lent-${index}-${name}`) : join(folder, to);
      await lend(join(kept.folder, name), place, { shares: isOutside });
      if (isOutside) writable.push({ from: place, to, isGiven: true });
    }
  }
  const places = made.kept.flatMap(({ record }) => record.mounts);
  return {
    writable,
    readOnly: [git.shown, ...made.kept.flatMap(shownOf)],
    scratch: places.flatMap(({ to, scratch: below }) => below.map((name) => `${to}/${name}`)),
  };
}

/** In the tree, or in what was installed for it. */
async function hasPlace(
  { folder, workdir, ready }: { folder: string; workdir: string; ready: Ready },
  place: string,
): Promise<boolean> {
  const path = join(workdir, place);
  const inPackages = ready.made.kept.flatMap(({ folder: kept, record }) =>
    record.mounts
      .filter(({ to }) => path === to || path.startsWith(`${to}/`))
      .map(({ name, to }) => join(kept, name, path.slice(to.length))),
  );
  for (const candidate of [join(folder, path), ...inPackages]) {
    if ((await lstat(candidate).catch(() => undefined)) !== undefined) return true;
  }
  return false;
}

/** The git folders of commits, made once each; that of a later commit shares the packs of its base. */
function createHistories({ workspace }: CheckoutsOptions, installer: ReturnType<typeof createInstaller>) {
  const of = async (at: TreeAt, base: TreeAt): Promise<Ready['git']> => {
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
