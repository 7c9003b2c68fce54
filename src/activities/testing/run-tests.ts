/**
 * Runs the project's tests on a commit. The test command is read from the base commit, so that a change cannot choose how it is
 * judged.
 */
import { Context } from '@temporalio/activity';
import { sha256 } from '../../inspect/digest';
import { Failure } from '../../domain/failures';
import type { ProjectOverrides } from '../../ports/checkouts';
import type { LaidFile, TestChoice, TestRun } from '../../ports/test-runner';
import type { RepoId, TreeAt } from '../../ports/workspace';
import type { StartRequest } from '../../requests/start-request';
import type { Deps } from '../deps';
import type { LockedFile } from './locked-tests';

/** How tests are run: the command, the set-up and the commit from which both were read. */
export interface TestMethod {
  repo: RepoId;
  base: string;
  choice: TestChoice;
  overrides: ProjectOverrides;
  /** True where the base commit has a test command; false where only the change or a role gave one. */
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

/** The commit whose tests are run, and the settings of the start request for them. */
export interface Subject {
  repo: RepoId;
  base: string;
  commit: string;
  commands: StartRequest['commands'];
  overrides: ProjectOverrides;
  /** The Test Auditor's proposal for a project without a test command; empty where there is none. */
  proposed?: string[];
}

/** Finds the test method: the base's, the commit's, the start request's or the Test Auditor's; undefined where none of them has one. */
export async function findTestMethod(deps: Deps, { repo, base, commit, commands, overrides, proposed = [] }: Subject) {
  const { key: setupKey, workdir } = await deps.checkouts.look({ ...repo, commit: base }, overrides);
  const proposal = proposed.length > 0 ? proposed : undefined;
  const ofBase = await chooseAt(deps, { ...repo, commit: base }, { overrides: commands?.test, workdir });
  const choice =
    ofBase ?? (await chooseAt(deps, { ...repo, commit }, { overrides: commands?.test ?? proposal, workdir }));
  if (choice === undefined) return undefined;
  return { repo, base, choice, overrides, setupKey, isOfBase: ofBase !== undefined } satisfies TestMethod;
}

export function noTestCommand(): Failure {
  const message =
    'no test command was found in the repository; start the build with commands.test, e.g. ["npm","test"]';
  return new Failure('Workspace.NoTestCommand', message);
}

export function testMethodKey({ base, choice, setupKey }: TestMethod): string {
  const words = JSON.stringify([choice.command, setupKey]);
  return `${base}.${choice.runner}.${sha256(words).slice(0, 16)}`;
}

export async function runTests(
  deps: Deps,
  method: TestMethod,
  { commit, coverage = false, ...run }: Run,
): Promise<TestRun> {
  const { repo, base, choice, overrides } = method;
  const signal = Context.current().cancellationSignal;
  return deps.checkouts.with({ at: { ...repo, commit }, base, overrides, signal }, async (checkout) => {
    const { testTimeoutMs: timeoutMs } = deps;
    const { fetched } = checkout;
    const ran = await deps.runners.run({ checkout, choice, ...run, coverage, timeoutMs, signal });
    return fetched === undefined ? ran : { ...ran, fetched };
  });
}

async function chooseAt(
  deps: Deps,
  at: TreeAt,
  { overrides, workdir }: { overrides: string[] | undefined; workdir: string },
): Promise<TestChoice | undefined> {
  const files = (await deps.workspace.list(at)).map((file) => file.path);
  const read = async (path: string) => (files.includes(path) ? deps.workspace.read(at, path) : undefined);
  return deps.runners.choose({ files, read }, overrides, workdir);
}
