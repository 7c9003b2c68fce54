/**
 * Runs the project's tests on a commit: how they are run is read from the base commit, so that a change cannot choose how it
 * is judged.
 */
import { Context } from '@temporalio/activity';
import { sha256 } from '../../inspect/digest';
import { Failure } from '../../domain/failures';
import type { ProjectWish } from '../../ports/checkouts';
import type { LaidFile, TestChoice, TestRun } from '../../ports/test-runner';
import type { RepoId, TreeAt } from '../../ports/workspace';
import type { StartRequest } from '../../requests/start-request';
import type { Deps } from '../deps';
import type { LockedFile } from './locked-tests';

/** A way to run tests: another command, or another set-up, on the same commit finds other tests. */
export interface Way {
  repo: RepoId;
  base: string;
  choice: TestChoice;
  wish: ProjectWish;
  /** True where the base commit says how its tests are run, and not only the change. */
  isOfBase: boolean;
  /** Differs where the set-up of the base commit differs. */
  setupKey: string;
}
interface Run {
  commit: string;
  locked?: LockedFile[];
  /** Settings of the base commit. */
  laid?: LaidFile[];
  coverage?: boolean;
  coverageCommand?: string[] | undefined;
}

/** Where the tests are and what a person has said of them. */
export interface Subject {
  repo: RepoId;
  base: string;
  commit: string;
  commands: StartRequest['commands'];
  wish: ProjectWish;
  /** The Test Auditor's own proposal, for a project that says nothing; empty where there is none. */
  proposed?: string[];
}

/** Undefined where neither the base nor the commit nor a person nor the Test Auditor says how tests are run. */
export async function findWay(deps: Deps, { repo, base, commit, commands, wish, proposed = [] }: Subject) {
  const { key: setupKey, workdir } = await deps.checkouts.look({ ...repo, commit: base }, wish);
  const given = proposed.length > 0 ? proposed : undefined;
  const ofBase = await chooseAt(deps, { ...repo, commit: base }, { wish: commands?.test, workdir });
  const choice = ofBase ?? (await chooseAt(deps, { ...repo, commit }, { wish: commands?.test ?? given, workdir }));
  if (choice === undefined) return undefined;
  return { repo, base, choice, wish, setupKey, isOfBase: ofBase !== undefined } satisfies Way;
}

export function noTestCommand(): Failure {
  const message =
    'no test command was found in the repository; start the build with commands.test, e.g. ["npm","test"]';
  return new Failure('Workspace.NoTestCommand', message);
}

export function keyOfWay({ base, choice, setupKey }: Way): string {
  const words = JSON.stringify([choice.command, setupKey]);
  return `${base}.${choice.runner}.${sha256(words).slice(0, 16)}`;
}

export async function runTests(deps: Deps, way: Way, { commit, coverage = false, ...run }: Run): Promise<TestRun> {
  const { repo, base, choice, wish } = way;
  const signal = Context.current().cancellationSignal;
  return deps.checkouts.with({ at: { ...repo, commit }, base, wish, signal }, async (checkout) => {
    const { testTimeoutMs: timeoutMs } = deps;
    const { fetched } = checkout;
    const ran = await deps.runners.run({ checkout, choice, ...run, coverage, timeoutMs, signal });
    return fetched === undefined ? ran : { ...ran, fetched };
  });
}

async function chooseAt(
  deps: Deps,
  at: TreeAt,
  { wish, workdir }: { wish: string[] | undefined; workdir: string },
): Promise<TestChoice | undefined> {
  const files = (await deps.workspace.list(at)).map((file) => file.path);
  const read = async (path: string) => (files.includes(path) ? deps.workspace.read(at, path) : undefined);
  return deps.runners.choose({ files, read }, wish, workdir);
}
